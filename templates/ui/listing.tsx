import type { Child } from 'hono/jsx'
import type { ListingPage, ListingState } from '../../src/web/listing'
import { IconSheet } from './icon'
import { type ListingColumn, type ListingPick, ListingRows, type ListingRowsProps } from './listing-rows'
import { type ListingChip, ListingTools } from './listing-tools'
import { clearedUrl, listingUrl } from './listing-url'
import { Pages } from './pages'

export { type ListingChip, type ListingColumn, type ListingPick, listingUrl }

export type ListingProps<Row> = Omit<ListingRowsProps<Row>, 'id' | 'rows'> & {
  page: ListingPage<Row>
  searchLabel?: string
  placeholder?: string
  chips?: readonly ListingChip[]
  /** Further fields of the search form and the filters they stand for. */
  fields?: { names: readonly string[]; children: Child }
  /** In the place of the search form, where a list is narrowed in another way. */
  tools?: Child
  /** Stands in for everything while there is nothing to list at all. */
  empty: Child
  /** Where two lists share a page. */
  id?: string
  /** htmx attributes by which it asks for itself again; the answer takes its place, and ends it by having none. */
  follow?: Record<string, string>
}

export function Listing<Row>(props: ListingProps<Row>) {
  const { state, page, id = 'list' } = props
  const narrowed = state.search !== '' || Object.keys(state.filters).length > 0
  if (page.total === 0 && !narrowed) return <>{props.empty}</>
  return (
    <>
      {props.tools ?? (
        <ListingTools
          id={id}
          state={state}
          total={page.total}
          searchLabel={props.searchLabel ?? 'Find'}
          placeholder={props.placeholder}
          chips={props.chips}
          fields={props.fields}
        />
      )}
      <div class="list" id={id} {...props.follow}>
        {page.rows.length === 0 ? (
          <Nothing state={state} total={page.total} />
        ) : (
          <IconSheet id={`i-${id}`}>
            <ListingRows {...props} id={id} rows={page.rows} />
          </IconSheet>
        )}
        <Pages state={state} total={page.total} shown={page.rows.length} />
      </div>
    </>
  )
}

const Nothing = ({ state, total }: { state: ListingState; total: number }) => (
  <div class="card blank">
    {total > 0 ? (
      <>
        <h2>This page is empty now</h2>
        <p>
          <a class="btn" href={listingUrl(state, { page: Math.ceil(total / state.pageSize) })}>
            Go to the last page
          </a>
        </p>
      </>
    ) : (
      <>
        <h2>{state.search ? `Nothing matches “${state.search}”` : 'Nothing here'}</h2>
        <p class="quiet">
          {state.search ? 'Try fewer letters, or look through the whole list.' : 'Nothing in this list is like that at the moment.'}
        </p>
        <p>
          <a class="btn" href={clearedUrl(state)}>
            Show all
          </a>
        </p>
      </>
    )}
  </div>
)
