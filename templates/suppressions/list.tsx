import type { BlockCounts, BlockRow } from '../../src/suppressions/queries'
import type { ListingPage, ListingState } from '../../src/web/listing'
import { Blank } from '../ui/blank'
import { day, formatPhone, plural } from '../ui/format'
import { PageHead } from '../ui/head'
import { Icon } from '../ui/icon'
import { Listing } from '../ui/listing'
import { BlockStatus, giveBackPath, Source } from './words'

type Props = { state: ListingState; list: ListingPage<BlockRow>; counts: BlockCounts; now: number; timeZone: string }

export const BlocksPage = ({ state, list, counts, now, timeZone }: Props) => {
  const all = counts.optOuts + counts.suppressed
  return (
    <>
      <PageHead
        title="Opt-outs"
        lede={
          all > 0
            ? `${plural(counts.optOuts, 'person', 'people')} opted out. ${plural(counts.suppressed, 'number does', 'numbers do')} not work. No blast reaches them.`
            : undefined
        }
        acts={<Acts some={all > 0} />}
      />
      <Listing
        state={state}
        page={list}
        caption="Opt-outs and numbers that do not work"
        searchLabel="Find a person"
        rowId={(row) => `${row.kind}-${row.id}`}
        chips={[
          { label: 'All', n: all, name: 'kind' },
          { label: 'Opted out', n: counts.optOuts, name: 'kind', value: 'opt_out' },
          { label: 'Number does not work', n: counts.suppressed, name: 'kind', value: 'suppression' },
        ]}
        columns={[
          { key: 'name', label: 'Name', sort: 'name', th: true, cell: (row) => <Name row={row} /> },
          { key: 'phone', label: 'Phone', sort: 'phone', className: 'nowrap', cell: (row) => formatPhone(row.phone) },
          { key: 'kind', label: 'Texts', sort: 'category', cell: (row) => <BlockStatus kind={row.kind} /> },
          { key: 'reason', label: 'Why', sort: 'reason', cell: (row) => <Why row={row} /> },
          { key: 'source', label: 'Came from', sort: 'source', cell: (row) => <Source row={row} /> },
          {
            key: 'since',
            label: 'Since',
            sort: 'created_at',
            firstDir: 'desc',
            className: 'nowrap quiet',
            cell: (row) => day(row.createdAt, { timeZone, now }),
          },
          { key: 'undo', label: 'Undo', className: 'nowrap c-act', cell: (row) => <Undo row={row} /> },
        ]}
        pick={{
          name: (row) => (row.kind === 'opt_out' ? 'unsubscribed_ids' : 'suppressed_ids'),
          value: (row) => (row.nature === 'own_word' ? undefined : row.id),
          label: (row) => row.name || formatPhone(row.phone),
        }}
        bulk={{ action: '/unsubscribed/bulk-delete', children: <BulkGiveBack /> }}
        empty={<NobodyYet />}
      />
      {all > 0 ? <LookBack /> : null}
    </>
  )
}

const BulkGiveBack = () => (
  <button class="btn" type="submit">
    Let them be texted again
  </button>
)

const Name = ({ row }: { row: BlockRow }) => <a href={`/contacts?phone=${encodeURIComponent(row.phone)}`}>{row.name || 'No name stored'}</a>

const Why = ({ row }: { row: BlockRow }) => (
  <>
    {row.reason}
    {row.errorCode === null ? null : <small class="quiet nowrap"> Twilio {row.errorCode}</small>}
  </>
)

/** A STOP is the person's to take back, and nobody else's. */
const Undo = ({ row }: { row: BlockRow }) => {
  if (row.nature === 'own_word') return <span class="quiet">Only by their START</span>
  return <a href={giveBackPath(row)}>{row.kind === 'opt_out' ? 'Text again' : 'Lift the block'}</a>
}

const Acts = ({ some }: { some: boolean }) => (
  <>
    {some ? (
      <a class="btn" href="/unsubscribed/export">
        <Icon name="download" />
        Export
      </a>
    ) : null}
    <a class="btn" href="/unsubscribed/import">
      <Icon name="upload" />
      Import
    </a>
    <a class="btn btn-go" href="/unsubscribed/add">
      <Icon name="plus" />
      Add an opt-out
    </a>
  </>
)

const LookBack = () => (
  <form class="row mt-l" method="get" action="/unsubscribed/backfill">
    <p class="fine">Is somebody missing here? Past texts tell which numbers do not work and who had replied STOP.</p>
    <button class="btn btn-plain" type="submit">
      Look through past texts
    </button>
  </form>
)

const NobodyYet = () => (
  <>
    <Blank
      title="Nobody opted out"
      act={
        <>
          <a class="btn btn-go" href="/unsubscribed/import">
            <Icon name="upload" />
            Import a list
          </a>
          <a class="btn" href="/unsubscribed/add">
            Add one by hand
          </a>
        </>
      }
    >
      Whoever replies STOP comes here at once, and so do numbers that cannot get texts. Bring a list from the program you used before, so
      that nobody is texted who said no.
    </Blank>
    <LookBack />
  </>
)
