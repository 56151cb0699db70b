import type { Child } from 'hono/jsx'
import type { ListingState } from '../../src/web/listing'
import { Icon } from './icon'
import { listingUrl } from './listing-url'

export type ListingColumn<Row> = {
  key: string
  label: string
  /** The sort key that its heading asks for; none: the list cannot be ordered by it. */
  sort?: string
  /** Which way a first press orders; `desc` for times, newest first. */
  firstDir?: 'asc' | 'desc'
  cell(row: Row): Child
  /** `c-main` the card's title, `c-side` its top right, `c-hide` not on a phone; `c-act` holds a link of its own beside the card's; `num`, `nowrap`, `quiet`, `tight`, `act` as in the style sheet. */
  className?: string
  /** The row's heading; `c-main act` unless it says otherwise. */
  th?: boolean
  /** On a phone the label stands before the value. */
  labelled?: boolean
}

export type ListingPick<Row> = {
  /** Ends in `_ids`. */
  name: string | ((row: Row) => string)
  /** Undefined: this row cannot be picked. */
  value(row: Row): string | number | undefined
  /** Who or what it is, for a screen reader. */
  label(row: Row): string
}

export type ListingRowsProps<Row> = {
  id: string
  state: ListingState
  rows: readonly Row[]
  columns: readonly ListingColumn<Row>[]
  rowId(row: Row): string | number
  caption: string
  pick?: ListingPick<Row>
  /** Where the picked go, by GET: a page which says what will happen. The children are its buttons. */
  bulk?: { action: string; children: Child }
  /** A `<Menu>`. */
  menu?(row: Row): Child
}

export function ListingRows<Row>({ id, state, rows, columns, rowId, caption, pick, bulk, menu }: ListingRowsProps<Row>) {
  const picks = pick && bulk ? { ...pick, form: `${id}-bulk` } : undefined
  return (
    <>
      <div class="table-wrap">
        <table class="table cards" role="table">
          <caption class="vh">{caption}</caption>
          <thead>
            <tr role="row">
              {picks ? <Unseen words="Pick" /> : null}
              {columns.map((column) => (
                <Heading state={state} column={column} />
              ))}
              {menu ? <Unseen words="Actions" /> : null}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {rows.map((row) => (
              <tr role="row" id={`${id}-${rowId(row)}`}>
                {picks ? <Pick row={row} pick={picks} /> : null}
                {columns.map((column) => (
                  <Cell row={row} column={column} />
                ))}
                {menu ? (
                  <td role="cell" class="c-menu act">
                    {menu(row)}
                  </td>
                ) : null}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {bulk && picks ? (
        <form class="bulk" id={picks.form} method="get" action={bulk.action}>
          <p>picked</p>
          {bulk.children}
          <button class="btn btn-plain" type="reset">
            Clear
          </button>
        </form>
      ) : null}
    </>
  )
}

const Unseen = ({ words }: { words: string }) => (
  <th scope="col" role="columnheader" class="tight">
    <span class="vh">{words}</span>
  </th>
)

const headingClasses = new Set(['num', 'tight', 'res', 'nowrap'])

function Heading<Row>({ state, column }: { state: ListingState; column: ListingColumn<Row> }) {
  const { label, sort, firstDir = 'asc', className = '' } = column
  const classes = className
    .split(' ')
    .filter((name) => headingClasses.has(name))
    .join(' ')
  const current = sort !== undefined && sort === state.sort
  const dir = current ? (state.dir === 'asc' ? 'desc' : 'asc') : firstDir
  const ordered = current ? (state.dir === 'asc' ? 'ascending' : 'descending') : undefined
  return (
    <th scope="col" role="columnheader" class={classes || undefined} aria-sort={ordered}>
      {sort === undefined ? (
        label
      ) : (
        <a href={listingUrl(state, { sort, dir })}>
          {label} {current ? <Icon name={state.dir === 'asc' ? 'up' : 'down'} /> : null}
        </a>
      )}
    </th>
  )
}

function Cell<Row>({ row, column }: { row: Row; column: ListingColumn<Row> }) {
  const label = column.labelled ? column.label : undefined
  if (!column.th) {
    return (
      <td role="cell" class={column.className} data-label={label}>
        {column.cell(row)}
      </td>
    )
  }
  return (
    <th scope="row" role="rowheader" class={column.className ?? 'c-main act'} data-label={label}>
      {column.cell(row)}
    </th>
  )
}

function Pick<Row>({ row, pick }: { row: Row; pick: ListingPick<Row> & { form: string } }) {
  const value = pick.value(row)
  const name = typeof pick.name === 'string' ? pick.name : pick.name(row)
  return (
    <td role="cell" class="c-pick act">
      {value === undefined ? null : (
        <label class="pick">
          <span class="vh">Pick {pick.label(row)}</span>
          <input type="checkbox" name={name} value={String(value)} form={pick.form} />
        </label>
      )}
    </td>
  )
}
