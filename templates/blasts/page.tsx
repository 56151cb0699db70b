import type { PersonRow } from '../../src/blasts/people'
import type { BlastView } from '../../src/blasts/view'
import type { ListingPage, ListingState } from '../../src/web/listing'
import { FaultSummary } from '../ui/fault-summary'
import { count, excerpt, formatPhone } from '../ui/format'
import { PageHead } from '../ui/head'
import { Icon } from '../ui/icon'
import { Reasons } from '../ui/reasons'
import { BlastStatus } from '../ui/status'
import { ActForm, Cancel, Resume } from './acts'
import { Decide } from './decide'
import { People } from './people'
import { Progress } from './progress'
import { reasonRows } from './reasons'
import { Held, PausedByStaff, Restored, Stopped } from './stopped'
import { audienceWords, startedWords } from './words'

export type BlastProps = {
  view: BlastView
  timeZone: string
  /** The undo window. */
  holdMs: number
  /** US dollars. */
  pricePerPart: number
}

type Props = BlastProps & {
  state: ListingState
  people: ListingPage<PersonRow>
  /** Whether a person has a page to go to. */
  linked: boolean
  /** Of a decision that was none. */
  fault?: string
}

export const BlastPage = ({ state, people, linked, fault, ...props }: Props) => (
  <>
    {fault ? <FaultSummary form={{ values: {}, faults: { decide: fault } }} /> : null}
    <Live {...props} />
    <People view={props.view} state={state} people={people} linked={linked} timeZone={props.timeZone} />
  </>
)

/** Everything above the list of people. While something can still change it asks for itself again, every two seconds. */
export const Live = (props: BlastProps) => {
  const { view } = props
  const { id } = view.blast
  const { at, handled } = view.sample
  const again = {
    'hx-get': `/logs/${id}/progress?at=${at}&handled=${handled}&decide=${view.undecided.page}`,
    'hx-trigger': 'every 2s, hold:over',
    'hx-swap': 'outerMorph',
  }
  return (
    <div id="live" {...(view.live ? again : {})}>
      <Head {...props} />
      {view.blast.status === 'held' ? <Held {...props} /> : null}
      {view.stop ? <Stopped view={view} stop={view.stop} /> : null}
      <Restored view={view} timeZone={props.timeZone} />
      {view.blast.status === 'paused' && !view.stop && !view.restored?.paused ? <PausedByStaff view={view} /> : null}
      <Progress {...props} />
      <Decide {...props} />
      {view.reasons.length > 0 ? (
        <section class="mt-l" aria-labelledby="why-failed">
          <div class="card-head">
            <h2 id="why-failed">{count(view.sum.failed)} failed, and whose fault it is</h2>
            {view.may.retry ? <Retry view={view} /> : null}
          </div>
          <Reasons reasons={reasonRows(view)} />
        </section>
      ) : null}
    </div>
  )
}

const Head = ({ view, timeZone }: BlastProps) => {
  const { blast, may, stop } = view
  return (
    <PageHead
      title={excerpt(view.title)}
      crumb={{ href: '/logs', label: 'Blasts' }}
      status={
        <>
          <BlastStatus status={blast.status} pill />
          <span class="quiet">
            {audienceWords(blast)} · {startedWords({ ...blast, timeZone, now: view.now })}
            {blast.sender ? ` · from ${formatPhone(blast.sender)}` : ''}
          </span>
        </>
      }
      acts={
        stop ? undefined : (
          <>
            {may.pause ? (
              <ActForm id={blast.id} act="pause">
                <button class="btn" type="submit">
                  <Icon name="pause" />
                  Pause
                </button>
              </ActForm>
            ) : null}
            {may.resume ? <Resume view={view} /> : null}
            {may.cancel ? <Cancel id={blast.id} /> : null}
          </>
        )
      }
    />
  )
}

const Retry = ({ view }: { view: BlastView }) => (
  <ActForm id={view.blast.id} act="retry">
    <button class="btn" type="submit">
      Try {count(view.retryable)} of them again
    </button>
  </ActForm>
)
