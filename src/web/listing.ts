import type { Context } from 'hono'

/** The whole state of a list, as its URL holds it. */
export type ListingState<Sort extends string = string> = {
  /** Path without query, e.g. `/community`. */
  path: string
  search: string
  /** From 1. */
  page: number
  pageSize: number
  sort: Sort
  dir: 'asc' | 'desc'
  /** Further filters kept in every link, e.g. `{status: 'failed'}`. */
  filters: Record<string, string>
}

/** One page of rows; `total` counts all that match. */
export type ListingPage<Row> = { rows: Row[]; total: number }

type Options<Sort extends string> = {
  sorts: readonly [Sort, ...Sort[]]
  defaultDir?: 'asc' | 'desc'
  pageSize?: number
  filters?: Record<string, readonly string[]>
}

const maxSearchLength = 100
/** Bounds OFFSET: deeper pages are reached by searching. */
const maxPage = 100_000

/** Reads `search`, `page`, `sort`, `dir` and the named filters from the query. Anything else than the whitelist falls back to the default, so that an old link never fails. */
export function readListing<Sort extends string>(c: Context, options: Options<Sort>): ListingState<Sort> {
  const query = c.req.query()
  const page = Number.parseInt(query.page ?? '1', 10)
  const sort = options.sorts.find((name) => name === query.sort) ?? options.sorts[0]
  const filters: Record<string, string> = {}
  for (const [name, allowed] of Object.entries(options.filters ?? {})) {
    const value = query[name]
    if (value !== undefined && allowed.includes(value)) filters[name] = value
  }
  return {
    path: c.req.path,
    search: cleanSearch(query.search ?? ''),
    page: Number.isInteger(page) && page >= 1 ? Math.min(page, maxPage) : 1,
    pageSize: options.pageSize ?? 50,
    sort,
    dir: query.dir === 'asc' || query.dir === 'desc' ? query.dir : (options.defaultDir ?? 'asc'),
    filters,
  }
}

function cleanSearch(text: string): string {
  return text
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, maxSearchLength)
}
