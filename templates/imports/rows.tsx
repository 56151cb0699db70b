import type { Import } from '../../src/imports/imports'
import type { ImportRow, Show } from '../../src/imports/queries'
import type { ListingState } from '../../src/web/listing'
import { count, formatPhone, plural } from '../ui/format'
import { type ListingColumn, ListingRows } from '../ui/listing-rows'
import { listingUrl } from '../ui/listing-url'
import { Pages } from '../ui/pages'

type List = { state: ListingState; rows: readonly ImportRow[] }
export type ImportLists = { problems: List; shown: List & { show: Show; total: number } }

const RowNumber = ({ row }: { row: ImportRow }) => (
  <>
    <span class="only-phone">Row </span>
    {row.row}
  </>
)

const Written = ({ row }: { row: ImportRow }) => <span class="raw">{row.written === '' ? '(empty)' : row.written}</span>

const problemColumns: ListingColumn<ImportRow>[] = [
  { key: 'row', label: 'Row', th: true, className: 'nowrap c-main tight', cell: (row) => <RowNumber row={row} /> },
  { key: 'written', label: 'In the file', className: 'c-side', cell: (row) => <Written row={row} /> },
  { key: 'reason', label: 'What is wrong', cell: (row) => row.reason },
  { key: 'fix', label: 'What to do', className: 'quiet', cell: (row) => row.fix },
]

export const Problems = ({ of: it, list, allowed }: { of: Import; list: List; allowed: boolean }) => {
  const { invalid } = it.counts
  return (
    <section class="mt-l" id="problems" aria-labelledby="problems-title" {...inPlace('problems')}>
      <div class="card-head">
        <h2 id="problems-title">{plural(invalid, 'row')} with a problem</h2>
        {allowed ? (
          <a href={`/imports/${it.id}/problems.csv`} hx-boost="false">
            Download {invalid === 1 ? 'it' : `these ${count(invalid)}`}
          </a>
        ) : null}
      </div>
      <ListingRows
        id="problem"
        state={list.state}
        rows={list.rows}
        columns={problemColumns}
        rowId={(row) => row.row}
        caption="Rows with a problem"
      />
      <Pages state={list.state} total={invalid} shown={list.rows.length} />
    </section>
  )
}

const chipLabels = { new: 'New', changed: 'Changed', same: 'Already there', opted_out: 'Opted out' } as const

const chipsOf = (kind: Import['kind']) =>
  kind === 'opt_outs' ? (['new', 'same'] as const) : (['new', 'changed', 'same', 'opted_out'] as const)

const rowColumns: ListingColumn<ImportRow>[] = [
  { key: 'row', label: 'Row', className: 'c-side quiet tight', cell: (row) => <RowNumber row={row} /> },
  { key: 'name', label: 'Name', th: true, className: 'c-main', cell: (row) => <Name row={row} /> },
  { key: 'phone', label: 'Phone, as stored', className: 'nowrap', cell: (row) => formatPhone(row.phone ?? '') },
  { key: 'written', label: 'In the file', cell: (row) => <Written row={row} /> },
]

const Name = ({ row }: { row: ImportRow }) => (
  <>
    {row.name || 'No name in the file'}
    {row.kind === 'changed' ? <small class="quiet"> was {row.priorName || 'without a name'}</small> : null}
    {row.kind === 'duplicate' ? <small class="quiet"> {row.reason}</small> : null}
  </>
)

const titles: Partial<Record<Import['status'], string>> = {
  previewed: 'What will be stored',
  committed: 'What was stored',
  undone: 'What was in the file',
}

export const Rows = ({ of: it, list }: { of: Import; list: ImportLists['shown'] }) => {
  const counts = { ...it.counts, same: it.counts.same + it.counts.duplicate }
  return (
    <section class="mt-l" id="rows" aria-labelledby="rows-title" {...inPlace('rows')}>
      <div class="card-head">
        <h2 id="rows-title">{titles[it.status]}</h2>
      </div>
      <nav class="chips scroll-chips mb" aria-label="Show">
        {chipsOf(it.kind).map((show) => (
          <a class="chip" href={listingUrl(list.state, { filters: { show } })} aria-current={show === list.show ? 'true' : undefined}>
            {chipLabels[show]} <b>{count(counts[show])}</b>
          </a>
        ))}
      </nav>
      {list.rows.length > 0 ? (
        <ListingRows id="row" state={list.state} rows={list.rows} columns={rowColumns} rowId={(row) => row.row} caption="Rows" />
      ) : (
        <p class="card quiet">{list.total > 0 ? 'These rows are no longer kept.' : 'No row of the file is like that.'}</p>
      )}
      <Pages state={list.state} total={list.total} shown={list.rows.length} />
    </section>
  )
}

/** With a script a link of the section changes the section alone, and the page stays where it is. */
const inPlace = (id: string) => ({ 'hx-boost:inherited': JSON.stringify({ target: `#${id}`, select: `#${id}`, swap: 'outerHTML' }) })
