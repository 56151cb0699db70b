import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/database'
import { explain } from '../sms/outcome'
import type { ListingPage, ListingState } from '../web/listing'
import { countIndexed, isIndexed, matchesSearch } from '../web/search'
import { type Nature, natureOf } from './words'

export const blockSorts = ['name', 'phone', 'reason', 'category', 'source', 'created_at'] as const
export type BlockSort = (typeof blockSorts)[number]
export const blockKinds = ['opt_out', 'suppression'] as const
export type BlockKind = (typeof blockKinds)[number]

export type BlockRow = {
  kind: BlockKind
  id: number
  nature: Nature
  /** Its own, or the member's, or the guest's; may be empty. */
  name: string
  phone: string
  reason: string
  /** What the provider said, where that is why. */
  errorCode: number | null
  source: string
  /** The blast it came from, while that is there. */
  logId: number | null
  importId: number | null
  /** Username; empty where no staff did it. */
  by: string
  createdAt: number
}

/**
 * What a list is ordered by: the same columns of both tables, each in an index, so that SQLite merges the two and stops at the page.
 * Not by `kind`, too: a constant among them has it sort everything.
 */
const merged: Record<Exclude<BlockSort, 'category'>, { columns: SQL; by: Record<'asc' | 'desc', SQL> }> = {
  name: {
    columns: sql.raw(`known_as = '' AS a, known_as AS b, phone AS c`),
    by: { asc: sql.raw('a, b COLLATE NOCASE, c'), desc: sql.raw('a DESC, b COLLATE NOCASE DESC, c DESC') },
  },
  phone: { columns: sql.raw('phone AS a'), by: { asc: sql.raw('a'), desc: sql.raw('a DESC') } },
  reason: {
    columns: sql.raw('reason AS a, phone AS b'),
    by: { asc: sql.raw('a COLLATE NOCASE, b'), desc: sql.raw('a COLLATE NOCASE DESC, b DESC') },
  },
  source: {
    columns: sql.raw('source AS a, phone AS b'),
    by: { asc: sql.raw('a, b'), desc: sql.raw('a DESC, b DESC') },
  },
  created_at: {
    columns: sql.raw('created_at AS a, id AS b'),
    by: { asc: sql.raw('a, b'), desc: sql.raw('a DESC, b DESC') },
  },
}

const tables: Record<BlockKind, SQL> = { opt_out: sql.raw('unsubscribed_contacts'), suppression: sql.raw('suppressed_contacts') }
const searched = { id: sql.raw('id'), name: sql.raw('known_as'), phone: sql.raw('phone') }

const indexes: Record<BlockKind, string> = { opt_out: 'unsubscribed_contacts_fts', suppression: 'suppressed_contacts_fts' }

/** Without a condition SQLite counts a table at once. */
function matching(kind: BlockKind, search: string): SQL {
  const from = sql`FROM ${tables[kind]}`
  return search === '' ? from : sql`${from} WHERE ${matchesSearch(search, indexes[kind], searched)}`
}

const counting = (kind: BlockKind, search: string): SQL =>
  search !== '' && isIndexed(search) ? countIndexed(search, indexes[kind]) : sql`SELECT count(*) AS n ${matching(kind, search)}`

type Stored = Omit<BlockRow, 'nature'>
type State = ListingState<BlockSort>

/** Opt-outs and suppressions as one list. The page is cut from the indexes before anything is joined to it. */
export async function listBlocks(db: Db, state: State): Promise<ListingPage<BlockRow>> {
  const kinds = blockKinds.filter((kind) => state.filters.kind === undefined || state.filters.kind === kind)
  const counts = await Promise.all(kinds.map((kind) => db.get<{ n: number }>(counting(kind, state.search))))
  const sizes = kinds.map((kind, index) => ({ kind, n: counts[index]?.n ?? 0 }))
  const picked = state.sort === 'category' ? byCategory(sizes, state) : byMerging(kinds, state, state.sort)
  const rows = await db.all<Stored>(sql`
    SELECT p.kind, p.id, coalesce(o.known_as, s.known_as) AS name, coalesce(o.phone, s.phone) AS phone,
      coalesce(o.reason, s.reason) AS reason, s.error_code AS "errorCode", coalesce(o.source, s.source) AS source, l.id AS "logId",
      o.import_id AS "importId", coalesce(o.created_by, '') AS "by", coalesce(o.created_at, s.created_at) AS "createdAt"
    FROM (${picked.page}) p
    LEFT JOIN unsubscribed_contacts o ON p.kind = 'opt_out' AND o.id = p.id
    LEFT JOIN suppressed_contacts s ON p.kind = 'suppression' AND s.id = p.id
    LEFT JOIN message_logs l ON l.id = coalesce(o.log_id, s.log_id)
    ORDER BY ${picked.by}, kind`)
  return { rows: rows.map(withWords), total: sizes.reduce((sum, { n }) => sum + n, 0) }
}

type Cut = { page: SQL; by: SQL }

function byMerging(kinds: readonly BlockKind[], state: State, sort: keyof typeof merged): Cut {
  const { columns, by } = merged[sort]
  const selects = kinds.map((kind) => sql`SELECT ${sql.raw(`'${kind}'`)} AS kind, id, ${columns} ${matching(kind, state.search)}`)
  const offset = (state.page - 1) * state.pageSize
  const order = by[state.dir]
  return { page: sql`${sql.join(selects, sql` UNION ALL `)} ORDER BY ${order} LIMIT ${state.pageSize} OFFSET ${offset}`, by: order }
}

/** All opt-outs are one category, and in the alphabet it comes after those of suppressions: one list stands behind the other. */
function byCategory(sizes: readonly { kind: BlockKind; n: number }[], { search, dir, page, pageSize }: State): Cut {
  const inOrder = sizes.toSorted((x, y) => (x.kind === y.kind ? 0 : (x.kind === 'suppression') === (dir === 'asc') ? -1 : 1))
  const way = sql.raw(dir === 'asc' ? '' : 'DESC')
  let offset = (page - 1) * pageSize
  const selects = inOrder.map(({ kind, n }, place) => {
    const category = kind === 'opt_out' ? sql`phone ${way}` : sql`category ${way}, phone ${way}`
    const from = sql`SELECT ${sql.raw(`'${kind}'`)} AS kind, id, ${sql.raw(String(place))} AS place, phone AS b ${matching(kind, search)}`
    const select = sql`SELECT * FROM (${from} ORDER BY ${category} LIMIT ${pageSize} OFFSET ${Math.max(0, offset)})`
    offset -= n
    return select
  })
  const by = sql`place, b ${way}`
  return { page: sql`${sql.join(selects, sql` UNION ALL `)} ORDER BY ${by} LIMIT ${pageSize}`, by }
}

/** Staff read what a code means, not the code. */
const withWords = (row: Stored): BlockRow => ({
  ...row,
  nature: natureOf(row),
  reason: row.errorCode === null ? row.reason : explain(row.errorCode).title,
})

export type BlockCounts = { optOuts: number; suppressed: number }

export async function countBlocks(db: Db): Promise<BlockCounts> {
  const row = await db.get<BlockCounts>(sql`
    SELECT (SELECT count(*) FROM unsubscribed_contacts) AS "optOuts", (SELECT count(*) FROM suppressed_contacts) AS suppressed`)
  return row ?? { optOuts: 0, suppressed: 0 }
}

export type Picked = Record<BlockKind, readonly number[]>

/** Those of the picked that are still there, by name. */
export async function findBlocks(db: Db, { opt_out, suppression }: Picked): Promise<BlockRow[]> {
  const rows = await db.all<Stored>(sql`
    SELECT 'opt_out' AS kind, id, known_as AS name, phone, reason, NULL AS "errorCode", source, log_id AS "logId", import_id AS "importId",
      created_by AS "by", created_at AS "createdAt"
    FROM unsubscribed_contacts WHERE id IN (SELECT value FROM json_each(${JSON.stringify(opt_out)}))
    UNION ALL
    SELECT 'suppression', id, known_as, phone, reason, error_code, source, log_id, NULL, '', created_at
    FROM suppressed_contacts WHERE id IN (SELECT value FROM json_each(${JSON.stringify(suppression)}))
    ORDER BY name COLLATE NOCASE, phone`)
  return rows.map(withWords)
}

export type BlockExport = Pick<BlockRow, 'id' | 'kind' | 'name' | 'phone' | 'reason' | 'source' | 'createdAt'> & { category: string }

/** All opt-outs, then all suppressions, each in the order in which they came, a page at a time. */
export async function* pagesOfBlocks(db: Db, pageSize = 2000): AsyncGenerator<BlockExport[]> {
  for (const kind of blockKinds) {
    const category = sql.raw(kind === 'opt_out' ? `'opt_out'` : 'category')
    for (let after = 0; ; ) {
      const rows = await db.all<BlockExport>(sql`
        SELECT id, ${kind} AS kind, known_as AS name, phone, reason, ${category} AS category, source, created_at AS "createdAt"
        FROM ${tables[kind]} WHERE id > ${after} ORDER BY id LIMIT ${pageSize}`)
      yield rows
      const last = rows.at(-1)
      if (!last || rows.length < pageSize) break
      after = last.id
    }
  }
}
