import type { BlastView } from '../../src/blasts/view'
import { count, money, plural } from '../ui/format'
import { Note } from '../ui/note'
import { Bubble, templateParts } from '../ui/phone'
import { Sum, type SumTerm } from '../ui/sum'
import { Tally } from '../ui/tally'
import type { BlastProps } from './page'
import { movingWords, stalledWords, tallyOf } from './words'

/** Everyone in one bar and one sum. */
export const Progress = (props: BlastProps) => {
  const { view } = props
  const { sum, blast } = view
  const moving = movingWords(view)
  return (
    <section class="card stack mt" aria-labelledby="handled">
      <div class="card-head">
        <h2 id="handled">
          {count(sum.planned - sum.toGo)} of {count(sum.planned)} handled
        </h2>
        {moving ? (
          <p class="fine" role="status">
            {moving}
          </p>
        ) : null}
      </div>
      <Standing {...props} />
      <Tally id="tally" counts={tallyOf(view)} />
      <Sum total={{ label: 'Planned', n: sum.planned }} terms={terms(view)} />
      <Going {...props} />
      {view.live ? (
        <noscript>
          <p>
            <a href={`/logs/${blast.id}`}>Refresh</a> to see how far it is.
          </p>
        </noscript>
      ) : null}
      <Settings {...props} />
    </section>
  )
}

function terms(view: BlastView): SumTerm[] {
  const { sum, skips, undecided } = view
  return [
    { key: 'delivered', label: 'With Twilio', n: sum.withTwilio, sub: withTwilioWords(view) },
    {
      key: 'skipped',
      label: 'Skipped',
      n: sum.skipped,
      sub: skips.length === 1 ? skips[0]?.reason : skips.map(({ n, reason }) => `${count(n)} ${lower(reason)}`).join(', '),
    },
    { key: 'failed', label: 'Failed', n: sum.failed, sub: sum.failed > 0 ? 'Reasons below' : undefined },
    { key: 'unknown', label: 'Checking', n: sum.checking, sub: checkingWords(sum.checking, undecided.total) },
    { key: 'waiting', label: 'To go', n: sum.toGo, sub: toGoWords(view) },
  ]
}

const lower = (words: string): string => words.charAt(0).toLowerCase() + words.slice(1)

function withTwilioWords({ counts, sum }: BlastView): string | undefined {
  if (sum.withTwilio === 0) return undefined
  if (counts.delivered === sum.withTwilio) return 'All delivered'
  return `${count(counts.delivered)} delivered, ${count(counts.sent)} on their way, ${count(counts.accepted)} handed over`
}

function checkingWords(checking: number, undecided: number): string | undefined {
  if (checking === 0) return undefined
  return undecided > 0 ? `${plural(undecided, 'waits', 'wait')} for you` : 'No answer from Twilio yet'
}

function toGoWords({ blast, counts }: BlastView): string | undefined {
  return blast.status === 'paused' && counts.queued > 0 ? 'Until it is resumed' : undefined
}

const Standing = ({ view, timeZone }: BlastProps) => {
  if (!view.stalled) return null
  const { fact, next } = stalledWords(view.stalled, timeZone)
  return (
    <Note kind={view.stalled.why === 'nobody' ? 'warn' : 'info'} fact={fact}>
      {next}
    </Note>
  )
}

const whoWaits = (people: number): string => (people === 1 ? 'the one who still waits' : `the ${count(people)} who still wait`)

/** What is going on, and what leaving or cancelling would mean. */
const Going = ({ view }: BlastProps) => {
  const { blast, counts, live, stalled } = view
  if (blast.status === 'processing') {
    return (
      <p class="fine">
        {stalled?.why === 'nobody' ? '' : 'You can leave this page. Sending goes on, and nobody gets it twice.'}
        {counts.queued > 0 ? ` Cancelling spares ${whoWaits(counts.queued)}; what has left cannot be taken back.` : ''}
      </p>
    )
  }
  if (live && blast.finishedAt !== null && counts.sent + counts.accepted > 0) {
    return <p class="fine">All have left. Twilio still tells us who got it.</p>
  }
  return null
}

const Settings = ({ view, pricePerPart }: BlastProps) => {
  const { blast, parts, sum } = view
  const facts = [
    parts === null ? '' : `${plural(parts, 'part')} each · about ${money(parts * sum.planned * pricePerPart)}`,
    blast.includeUnsubscribe ? 'STOP line added' : 'no STOP line',
    leftOut(blast),
  ]
  return (
    // A reader who opened it must not see it shut by the next look.
    <details class="more" hx-morph-skip="true">
      <summary>The whole text and its settings</summary>
      <div class="stack stack-s">
        <Bubble text={templateParts(blast.messageBody)} />
        <p class="fine">{facts.filter((fact) => fact !== '').join(' · ')}</p>
      </div>
    </details>
  )
}

function leftOut({ excludedOptedOut, excludedSuppressed, excludedDuplicate }: BlastView['blast']): string {
  const reasons = [
    excludedOptedOut > 0 ? `${count(excludedOptedOut)} opted out` : '',
    excludedSuppressed > 0 ? plural(excludedSuppressed, 'number does not work', 'numbers do not work') : '',
    excludedDuplicate > 0 ? `${count(excludedDuplicate)} twice in the list` : '',
  ].filter((reason) => reason !== '')
  return reasons.length === 0 ? '' : `left out from the start: ${reasons.join(', ')}`
}
