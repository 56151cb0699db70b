import type { Review } from '../../src/compose/review'
import { instantWords, quietWords, repeatWords, ruleWords } from '../schedule/words'
import { count, formatPhone, money, plural, weekdayTime, zoneName } from '../ui/format'
import { Icon } from '../ui/icon'
import { type Line, Lines, Receipt } from '../ui/receipt'
import { Kept } from './kept'
import { partsWords, pathsOf, senderWords } from './words'

/** The sum of it, and the button. */
export const ReviewReceipt = ({ review, seen }: { review: Review; seen: string }) => (
  <aside class="sticky" aria-labelledby="receipt">
    <h2 class="vh" id="receipt">
      What you are about to {review.editing ? 'save' : review.draft.later ? 'schedule' : 'send'}
    </h2>
    <Receipt>
      <Lines lines={peopleLines(review)} />
      <Lines lines={priceLines(review)} />
      <Lines lines={senderLines(review)} />
      <form class="stack" id="send" method="post" action={pathsOf(review).press}>
        <Kept review={review} />
        <input type="hidden" name="review_token" value={review.token} />
        <input type="hidden" name="seen" value={seen} />
        {review.quiet?.forbids ? (
          <p class="fine">
            <strong>{quietWords(review.quiet, review.draft.later !== null)}</strong> No text may start in quiet hours here: choose another
            time.
          </p>
        ) : (
          <button class="btn btn-go btn-big btn-wide" type="submit">
            <Icon name={review.draft.later ? 'clock' : 'send'} />
            {sendWords(review)}
          </button>
        )}
        <div class="row">
          <button class="btn btn-plain" type="submit" formaction={pathsOf(review).write}>
            Change the text
          </button>
          {review.editing ? null : (
            <button class="btn btn-plain" type="submit" formaction="/templates/keep">
              Save as a template
            </button>
          )}
        </div>
      </form>
    </Receipt>
  </aside>
)

const isTest = ({ draft }: Review): boolean => draft.audience.testPhone !== null

function sendWords(review: Review): string {
  const { later } = review.draft
  if (later?.rule) return `Schedule it, ${repeatWords(later.rule)}`
  if (later)
    return `${review.editing ? 'Save it' : 'Schedule'} for ${weekdayTime(later.at, { timeZone: later.timeZone, now: review.now }).replace(/^\w+ /, '')}`
  return isTest(review) ? 'Text the office phone now' : `Text ${plural(review.counts.people, 'person', 'people')} now`
}

function peopleLines(review: Review): Line[] {
  const { draft, counts } = review
  if (isTest(review))
    return [
      { label: 'The office phone', value: formatPhone(draft.audience.testPhone ?? '') },
      { label: 'People', value: '1', total: true },
    ]
  return [
    { label: draft.event ? `Guests of ${draft.event.title}` : 'All members', value: count(counts.total) },
    { label: 'Opted out', value: `− ${count(counts.optedOut)}` },
    { label: 'Number does not work', value: `− ${count(counts.suppressed)}` },
    { label: 'Same phone twice', value: `− ${count(counts.duplicates)}` },
    { label: 'People', value: count(counts.people), total: true },
  ]
}

function priceLines({ measured, pricePerPart, cost }: Review): Line[] {
  return [
    ...measured.byParts.map(({ people, parts }) => ({
      label: `${plural(people, 'person', 'people')} × ${plural(parts, 'part')}`,
      value: count(people * parts),
    })),
    { label: 'Price a part', value: `× ${money(pricePerPart, 4)}` },
    { label: 'About', value: money(cost, cost < 0.1 ? 4 : 2), total: true },
  ]
}

function whenWords({ draft: { later }, holdMs, now }: Review): string {
  const seconds = Math.round(holdMs / 1000)
  if (later?.rule) return `${ruleWords(later.rule, { timeZone: later.timeZone, now })}, ${zoneName(later.timeZone)}`
  if (later) return instantWords(later.at, { timeZone: later.timeZone, now })
  return seconds > 0 ? `Now, with ${seconds} s to undo` : 'Now, at once'
}

function senderLines(review: Review): Line[] {
  const { measured, sender } = review
  const wide =
    measured.wide === 0 ? 'Plain (GSM-7)' : measured.wide === measured.people ? 'UCS-2' : `UCS-2 for ${count(measured.wide)}, else GSM-7`
  return [
    { label: 'Alphabet', value: wide, words: true },
    { label: 'Each text', value: partsWords(measured) },
    { label: 'All parts', value: count(measured.total) },
    { label: 'From', value: senderWords(sender) },
    { label: 'When', value: whenWords(review), words: true },
  ]
}
