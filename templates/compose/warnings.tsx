import type { Child } from 'hono/jsx'
import type { Review } from '../../src/compose/review'
import type { Culprit } from '../../src/sms/segments'
import { count, money, plural, weekdayTime, zoneName } from '../ui/format'
import { Glyph } from '../ui/message'
import { Note } from '../ui/note'
import { Kept } from './kept'
import { Glyphs } from './live'
import { QuietHours } from './quiet'
import { agoWords, looksTheSame, partsWords, pathsOf } from './words'

/** What staff should look at before they send. Nothing here forbids anything but quiet hours, where the setting says so. */
export const Warnings = ({ review }: { review: Review }) => {
  const all = [wide(review), wideNames(review), tooLong(review), quiet(review), repeated(review), planned(review)].filter(
    (one) => one !== null,
  )
  if (all.length === 0) return null
  return (
    <section aria-labelledby="look" class="stack">
      <h2 id="look">{all.length === 1 ? '1 thing' : `${all.length} things`} to look at</h2>
      {all}
    </section>
  )
}

function wide(review: Review): Child {
  const { culprits, plain } = review
  if (culprits.length === 0) return null
  const stubborn = culprits.filter(({ replacement }) => replacement === null)
  const [first] = culprits
  if (plain && first && stubborn.length === 0) return <Mendable review={review} plain={plain} culprits={culprits} first={first} />
  const one = culprits.length === 1
  return (
    <Note kind="warn" tall fact={`${one ? 'One character makes' : `${culprits.length} characters make`} each part shorter.`}>
      <Glyphs culprits={culprits} intro /> {one ? 'is' : 'are'} not in the plain phone alphabet: this is a UCS-2 text, whose parts hold 70
      characters instead of 160.
      {stubborn.length < culprits.length ? (
        <>
          {' '}
          Without <Glyphs culprits={stubborn} /> the rest can be written plain.
        </>
      ) : null}
    </Note>
  )
}

type MendableProps = { review: Review; plain: NonNullable<Review['plain']>; culprits: readonly Culprit[]; first: Culprit }

const Mendable = ({ review, plain, culprits, first }: MendableProps) => {
  const { draft, cost, measured } = review
  const one = culprits.length === 1
  const saved = cost - plain.cost
  const many = `${culprits.length} characters`
  const dear = `${one ? 'One character costs' : `${many} cost`} you ${money(saved)}.`
  const odd = `${one ? 'One character is' : `${many} are`} not in the plain phone alphabet.`
  return (
    <Note kind={saved > 0 ? 'warn' : 'info'} tall fact={saved > 0 ? dear : odd} act={<Mend review={review} text={plain.text} one={one} />}>
      <Glyphs culprits={culprits} intro /> in “{wordAt(draft.written, first.index)}” {one ? 'makes' : 'make'} this a UCS-2 text, so each
      takes {partsWords(measured)}
      {saved > 0 ? ` instead of ${partsWords(plain.measured).replace(/ parts?$/, '')}` : ' and costs no more this time'}.{' '}
      {one && first.replacement ? (
        <>
          With a plain <Glyph>{first.replacement}</Glyph>
        </>
      ) : (
        'Written plain,'
      )}{' '}
      the whole blast costs {money(plain.cost)}
      {culprits.every(({ char }) => looksTheSame(char)) ? ', and nobody sees a difference' : ''}.
    </Note>
  )
}

const Mend = ({ review, text, one }: { review: Review; text: string; one: boolean }) => (
  <form method="post" action={pathsOf(review).review}>
    <Kept review={review} body={text} anew />
    <button class="btn" type="submit">
      {one ? 'Use the plain one and check again' : 'Use the plain ones and check again'}
    </button>
  </form>
)

/** The word that a character stands in. */
function wordAt(text: string, index: number): string {
  const before = text.slice(0, index).match(/\S{0,20}$/)?.[0] ?? ''
  const after = text.slice(index).match(/^\s?\S{0,20}/)?.[0] ?? ''
  return `${before}${after}`
}

/** The text is plain, but some names are not. */
function wideNames({ culprits, measured }: Review): Child {
  if (culprits.length > 0 || measured.wide === 0) return null
  return (
    <Note kind="info" tall fact={`${plural(measured.wide, 'name')} ${measured.wide === 1 ? 'makes its text' : 'make their texts'} longer.`}>
      {measured.wide === 1 ? 'It has' : 'They have'} a letter outside the plain phone alphabet (UCS-2), where a part holds 70 characters
      instead of 160. It is counted in the price.
    </Note>
  )
}

/** Said of a plain text, or of one that stays too long when it is made plain: else the character is the one thing to mend. */
function tooLong({ measured, plain, overOnePart }: Review): Child {
  if (measured.max < 2 || overOnePart < 1 || plain?.measured.max === 1) return null
  const { min, max, people, byParts } = measured
  const longer = byParts.filter(({ parts }) => parts > 1).reduce((n, row) => n + row.people, 0)
  return (
    <Note kind="warn" tall fact={`${min === max ? '' : 'Up to '}${plural(overOnePart, 'character')} too many for one part.`}>
      {min > 1
        ? `Each text counts as ${partsWords(measured).replace(/ parts$/, '')}.`
        : `For ${count(longer)} of ${plural(people, 'person', 'people')} the text counts as more than one.`}
    </Note>
  )
}

function quiet(review: Review): Child {
  return review.quiet ? <QuietHours review={review} quiet={review.quiet} /> : null
}

function repeated({ repeat, now, measured }: Review): Child {
  if (!repeat) return null
  const who = repeat.people === measured.people ? `All ${count(repeat.people)}` : count(repeat.people)
  const what = repeat.same ? 'almost the same text' : 'another text of ours'
  const [they, are] = measured.people === 1 ? ['This person', 'is'] : [`${who} of these people`, repeat.people === 1 ? 'is' : 'are']
  const fact = repeat.open ? `${they} ${are} getting ${what} right now.` : `${they} got ${what} ${agoWords(repeat.at, now)}.`
  return (
    <Note
      kind={repeat.same ? 'warn' : 'info'}
      tall
      fact={fact}
      act={
        <a class="btn" href={`/logs/${repeat.logId}`}>
          See that blast
        </a>
      }
    >
      {repeat.same ? 'Sent again, they have it twice.' : severalADay}
    </Note>
  )
}

function planned({ planned, draft: { timeZone }, now }: Review): Child {
  if (!planned) return null
  const when = `${weekdayTime(planned.at, { timeZone, now })} ${zoneName(timeZone)}`
  return (
    <Note
      kind={planned.same ? 'warn' : 'info'}
      tall
      fact={`${planned.same ? 'Almost the same text' : 'Another text to this list'} is scheduled for ${when}.`}
      act={
        <a class="btn" href={`/scheduled/${planned.id}/edit`}>
          See that text
        </a>
      }
    >
      {planned.same ? 'Whoever gets both has it twice.' : severalADay}
    </Note>
  )
}

const severalADay = 'People who get several texts a day opt out sooner.'
