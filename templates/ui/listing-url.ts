import type { ListingState } from '../../src/web/listing'

export type ListingChange = {
  search?: string
  /** Merged into those there are; undefined takes one away. */
  filters?: Record<string, string | undefined>
  sort?: string
  dir?: 'asc' | 'desc'
  page?: number
}

/** The address of the same list with something changed. Any change but that of the page goes back to its first page. */
export function listingUrl(state: ListingState, change: ListingChange = {}): string {
  const query = new URLSearchParams()
  const search = change.search ?? state.search
  if (search) query.set('search', search)
  for (const [name, value] of Object.entries({ ...state.filters, ...change.filters })) {
    if (value !== undefined && value !== '') query.set(name, value)
  }
  query.set('sort', change.sort ?? state.sort)
  query.set('dir', change.dir ?? state.dir)
  const page = change.page ?? (Object.keys(change).length === 0 ? state.page : 1)
  if (page > 1) query.set('page', String(page))
  return `${state.path}?${query}`
}

/** The whole list again: no search, no filters, its order kept. */
export function clearedUrl(state: ListingState): string {
  const filters = Object.fromEntries(Object.keys(state.filters).map((name) => [name, undefined]))
  return listingUrl(state, { search: '', filters })
}
