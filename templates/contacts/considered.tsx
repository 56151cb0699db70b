import type { ConsideredRow } from '../../src/contacts/blasts'
import type { ListingPage, ListingState } from '../../src/web/listing'
import { audienceWords } from '../blasts/words'
import { clockTime, date, dateTime, day, excerpt, plural } from '../ui/format'
import { ListingRows } from '../ui/listing-rows'
import { Pages } from '../ui/pages'
import { DeliveryStatus, Status } from '../ui/status'

type Clock = { now: number; timeZone: string }
type Props = { state: ListingState; blasts: ListingPage<ConsideredRow>; clock: Clock }

/** Every blast that had them in its audience, with its outcome for them. */
export const Considered = ({ state, blasts, clock }: Props) => (
  <section class="mt-l" id="considered" aria-labelledby="considered-title">
    <div class="card-head">
      <h2 id="considered-title">What they were sent</h2>
      {blasts.total > 0 ? (
        <p class="fine">
          {blasts.total === 1 ? '1 blast had them in its audience' : `${plural(blasts.total, 'blast')} had them in their audience`}
        </p>
      ) : null}
    </div>
    {blasts.rows.length > 0 ? (
      <ListingRows
        id="blast"
        state={state}
        rows={blasts.rows}
        caption="Blasts, newest first"
        rowId={(row) => row.logId}
        columns={[
          { key: 'blast', label: 'Blast', th: true, className: 'c-main', cell: (row) => <Blast row={row} /> },
          { key: 'when', label: 'Started', className: 'nowrap quiet', cell: (row) => dateTime(row.createdAt, clock) },
          { key: 'outcome', label: 'Outcome', className: 'c-side', cell: (row) => <Outcome status={row.status} /> },
          { key: 'why', label: 'Why, or when', cell: (row) => whyWords(row, clock) },
        ]}
      />
    ) : (
      <p class="card quiet">No blast was meant for them yet.</p>
    )}
    <Pages state={state} total={blasts.total} shown={blasts.rows.length} />
  </section>
)

const Blast = ({ row }: { row: ConsideredRow }) => (
  <>
    <a class="excerpt" href={`/logs/${row.logId}`}>
      {excerpt(row.title, 60)}
    </a>
    <small class="quiet">{audienceWords(row)}</small>
  </>
)

const Outcome = ({ status }: { status: ConsideredRow['status'] }) =>
  status === 'left_out' ? (
    <Status tone="mute" icon="barred">
      Not planned
    </Status>
  ) : (
    <DeliveryStatus status={status} />
  )

/** `Had replied STOP on Nov 18`; on the day of the blast with the time, which is what decides. */
function whyWords({ why, whySince, createdAt, status, updatedAt }: ConsideredRow, { timeZone, now }: Clock): string {
  if (why === '') return status === 'delivered' && updatedAt !== null ? dateTime(updatedAt, { timeZone, now }) : ''
  if (whySince === null) return why
  const sameDay = date(whySince, timeZone) === date(createdAt, timeZone)
  return sameDay ? `${why} at ${clockTime(whySince, timeZone)}` : `${why}, ${day(whySince, { timeZone, now })}`
}
