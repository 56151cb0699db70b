import type { BlastGroup, BlastRow } from '../../src/blasts/queries'
import type { ListingPage, ListingState } from '../../src/web/listing'
import type { Role } from '../places'
import { Blank } from '../ui/blank'
import { count, dateTime, plural } from '../ui/format'
import { PageHead } from '../ui/head'
import { Icon } from '../ui/icon'
import { Listing } from '../ui/listing'
import { BlastResult } from './result'
import { audienceWords } from './words'

type Props = {
  state: ListingState
  list: ListingPage<BlastRow>
  counts: Record<BlastGroup | 'all', number>
  role: Role
  now: number
  timeZone: string
}

export const BlastsPage = ({ state, list, counts, role, now, timeZone }: Props) => (
  <>
    <PageHead
      title="Blasts"
      lede={counts.all > 0 ? `${plural(counts.all, 'blast')} so far. Each keeps what became of every person.` : undefined}
      acts={counts.all > 0 ? <Acts clear={role === 'admin' && counts.sent + counts.failed + counts.cancelled > 0} /> : undefined}
    />
    <Listing
      state={state}
      page={list}
      caption="Blasts"
      searchLabel="Find a blast by its text"
      placeholder="Words of the text"
      rowId={(row) => row.id}
      chips={[
        { label: 'All', n: counts.all, name: 'status' },
        { label: 'Going on', n: counts.going, name: 'status', value: 'going' },
        { label: 'Paused', n: counts.paused, name: 'status', value: 'paused' },
        { label: 'Sent', n: counts.sent, name: 'status', value: 'sent' },
        { label: 'Failed', n: counts.failed, name: 'status', value: 'failed' },
        { label: 'Cancelled', n: counts.cancelled, name: 'status', value: 'cancelled' },
      ]}
      columns={[
        {
          key: 'text',
          label: 'Text',
          sort: 'created_at',
          firstDir: 'desc',
          th: true,
          className: 'c-main',
          cell: (row) => <Text row={row} now={now} timeZone={timeZone} />,
        },
        {
          key: 'people',
          label: 'People',
          sort: 'total_recipients',
          firstDir: 'desc',
          className: 'num c-hide',
          cell: (row) => count(row.sum.planned),
        },
        { key: 'result', label: 'Result', sort: 'status', className: 'res', cell: (row) => <BlastResult row={row} /> },
      ]}
      empty={<NothingSentYet />}
    />
  </>
)

const Acts = ({ clear }: { clear: boolean }) => (
  <>
    {clear ? (
      <a class="btn" href="/logs/clear">
        <Icon name="trash" />
        Clear the finished ones
      </a>
    ) : null}
    <a class="btn btn-go" href="/dashboard">
      <Icon name="write" />
      Write a text
    </a>
  </>
)

const Text = ({ row, now, timeZone }: { row: BlastRow; now: number; timeZone: string }) => (
  <>
    <a class="excerpt" href={`/logs/${row.id}`}>
      {row.messageBody.slice(0, 300)}
    </a>
    <small class="quiet">
      {audienceWords(row)} · {dateTime(row.createdAt, { timeZone, now })}
      {row.createdBy ? ` · ${row.createdBy}` : ''}
    </small>
  </>
)

const NothingSentYet = () => (
  <Blank
    title="Nothing sent yet"
    act={
      <a class="btn btn-go" href="/dashboard">
        Write the first text
      </a>
    }
  >
    Every text to many people is listed here, with what became of each of them.
  </Blank>
)
