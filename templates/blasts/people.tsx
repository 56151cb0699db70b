import type { PersonRow } from '../../src/blasts/people'
import type { BlastView } from '../../src/blasts/view'
import type { ListingPage, ListingState } from '../../src/web/listing'
import { clockTime, date, formatPhone } from '../ui/format'
import { Listing, type ListingChip } from '../ui/listing'
import { DeliveryStatus } from '../ui/status'

type Props = {
  view: BlastView
  state: ListingState
  people: ListingPage<PersonRow>
  /** Whether a person has a page to go to. */
  linked: boolean
  timeZone: string
}

/** Everyone of a blast, once. While it is live the list and its chips follow on their own, unhurried; then no open tab asks any more. */
export const People = ({ view, state, people, linked, timeZone }: Props) => {
  const reason = view.reasons.find(({ key }) => key === state.filters.status)
  const again = {
    'hx-get': '',
    'hx-trigger': 'every 10s',
    'hx-select': '#people',
    'hx-select-oob': '#people-chips',
    'hx-swap': 'outerMorph',
  }
  return (
    <section class="mt-l" aria-labelledby="every-person">
      <div class="card-head">
        <h2 id="every-person">Every person</h2>
        <a href={`/logs/${view.blast.id}/export`}>Download as CSV</a>
      </div>
      {reason ? (
        <p class="mb">
          Only those with this reason: <strong>{reason.explanation.title}</strong>
        </p>
      ) : null}
      <Listing
        id="people"
        follow={view.live ? again : undefined}
        state={state}
        page={people}
        caption="Every person"
        searchLabel="Find a person in this blast"
        rowId={(row) => row.id}
        chips={chips(view)}
        columns={[
          { key: 'name', label: 'Name', sort: 'name', th: true, cell: (row) => <Name row={row} linked={linked} /> },
          { key: 'phone', label: 'Phone', className: 'nowrap', cell: (row) => formatPhone(row.phone) },
          { key: 'result', label: 'Result', sort: 'result', className: 'c-side', cell: (row) => <DeliveryStatus status={row.status} /> },
          { key: 'why', label: 'Why', cell: (row) => whyWords(row, timeZone) },
          {
            key: 'updated',
            label: 'Updated',
            sort: 'updated',
            firstDir: 'desc',
            className: 'num nowrap quiet c-hide',
            cell: (row) => (row.status === 'queued' && row.againAt === null ? '' : when(row.updatedAt, view.now, timeZone)),
          },
        ]}
        empty={<p class="quiet">This blast went to nobody.</p>}
      />
    </section>
  )
}

const chips = ({ counts, sum }: BlastView): ListingChip[] => [
  { label: 'All', n: sum.planned, name: 'status' },
  { label: 'Delivered', n: counts.delivered, name: 'status', value: 'delivered' },
  { label: 'On its way', n: counts.sent + counts.accepted, name: 'status', value: 'on_its_way' },
  { label: 'Skipped', n: sum.skipped, name: 'status', value: 'skipped' },
  { label: 'Failed', n: sum.failed, name: 'status', value: 'failed' },
  { label: 'Checking', n: sum.checking, name: 'status', value: 'checking' },
  { label: 'To go', n: sum.toGo, name: 'status', value: 'to_go' },
]

const Name = ({ row, linked }: { row: PersonRow; linked: boolean }) => {
  const name = row.name || 'No name stored'
  return linked ? <a href={`/contacts?search=${encodeURIComponent(row.phone)}`}>{name}</a> : <span>{name}</span>
}

function whyWords(row: PersonRow, timeZone: string): string {
  if (row.stoppedAt !== null) return `Replied STOP at ${clockTime(row.stoppedAt, timeZone)}`
  if (row.status === 'unknown') return row.needsPerson ? 'Needs you to decide' : 'Twilio did not answer; asking again'
  if (row.againAt !== null) return 'Twilio was busy; trying again'
  return row.why
}

/** The time alone on the day itself. */
function when(at: number, now: number, timeZone: string): string {
  return date(at, timeZone) === date(now, timeZone) ? clockTime(at, timeZone) : `${date(at, timeZone)}, ${clockTime(at, timeZone)}`
}
