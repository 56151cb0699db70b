import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/database'
import type { ListingPage, ListingState } from '../web/listing'
import { countIndexed, isIndexed, matchesAmong, matchesSearch } from '../web/search'

export const memberSorts = ['name', 'phone', 'created_at'] as const
export type MemberSort = (typeof memberSorts)[number]
export const textsFilters = ['opted_out', 'suppressed'] as const

export type MemberRow = {
  id: number
  name: string
  phone: string
  createdAt: number
  /** Whether a blast would reach them. */
  texts: 'yes' | 'opted_out' | 'suppressed'
}

const m = { id: sql.raw('m.id'), name: sql.raw('m.name'), phone: sql.raw('m.phone') }

/** Each from an index; who has no name stored stands at the end of the alphabet. */
const order: Record<MemberSort, Record<'asc' | 'desc', SQL>> = {
  name: {
    asc: sql.raw("m.name = '', m.name COLLATE NOCASE, m.phone"),
    desc: sql.raw("m.name = '' DESC, m.name COLLATE NOCASE DESC, m.phone DESC"),
  },
  phone: { asc: sql.raw('m.phone'), desc: sql.raw('m.phone DESC') },
  created_at: { asc: sql.raw('m.created_at, m.id'), desc: sql.raw('m.created_at DESC, m.id DESC') },
}

const fts = 'community_members_fts'

function reachOf(texts: string | undefined): SQL {
  if (texts === 'opted_out') return sql`m.phone IN (SELECT phone FROM unsubscribed_contacts)`
  if (texts === 'suppressed')
    return sql`m.phone IN (SELECT phone FROM suppressed_contacts WHERE phone NOT IN (SELECT phone FROM unsubscribed_contacts))`
  return sql`1`
}

/**
 * The page is cut from an index before anything is joined to it, so that page 2,000 costs no 2,000 joins; CROSS JOIN keeps SQLite to that.
 * `counts` are those of `countMembers`: they hold the totals of all lists that are not searched.
 */
export async function listMembers(db: Db, state: ListingState<MemberSort>, counts: Promise<MemberCounts>): Promise<ListingPage<MemberRow>> {
  if (state.search === '') {
    const [rows, known] = await Promise.all([pageOfMembers(db, reachOf(state.filters.texts), state), counts])
    return { rows, total: totalOf(known, state.filters.texts) }
  }
  const total = await countFound(db, state)
  const where = sql`${matchesAmong(state.search, total, fts, m)} AND ${reachOf(state.filters.texts)}`
  return { rows: await pageOfMembers(db, where, state), total }
}

function pageOfMembers(db: Db, where: SQL, { sort, dir, page, pageSize }: ListingState<MemberSort>): Promise<MemberRow[]> {
  const by = order[sort][dir]
  return db.all<MemberRow>(sql`
    SELECT m.id, m.name, m.phone, m.created_at AS "createdAt",
      CASE WHEN o.id IS NOT NULL THEN 'opted_out' WHEN s.id IS NOT NULL THEN 'suppressed' ELSE 'yes' END AS texts
    FROM (SELECT m.id AS picked FROM community_members m WHERE ${where} ORDER BY ${by} LIMIT ${pageSize} OFFSET ${(page - 1) * pageSize})
    CROSS JOIN community_members m ON m.id = picked
    LEFT JOIN unsubscribed_contacts o ON o.phone = m.phone
    LEFT JOIN suppressed_contacts s ON s.phone = m.phone
    ORDER BY ${by}`)
}

function totalOf({ all, optedOut, suppressed }: MemberCounts, texts: string | undefined): number {
  if (texts === 'opted_out') return optedOut
  return texts === 'suppressed' ? suppressed : all
}

async function countFound(db: Db, { search, filters }: ListingState<MemberSort>): Promise<number> {
  const byIndexAlone = isIndexed(search) && filters.texts === undefined
  const where = () => sql`${matchesSearch(search, fts, m)} AND ${reachOf(filters.texts)}`
  const counted = byIndexAlone ? countIndexed(search, fts) : sql`SELECT count(*) AS n FROM community_members m WHERE ${where()}`
  const row = await db.get<{ n: number }>(counted)
  return row?.n ?? 0
}

export type MemberCounts = { all: number; optedOut: number; suppressed: number }

/** Counted from the lists of blocks, which are short, not from the members: CROSS JOIN keeps SQLite to that order. */
export async function countMembers(db: Db): Promise<MemberCounts> {
  const row = await db.get<MemberCounts>(sql`
    SELECT (SELECT count(*) FROM community_members) AS "all",
      (SELECT count(*) FROM unsubscribed_contacts o CROSS JOIN community_members m ON m.phone = o.phone) AS "optedOut",
      (SELECT count(*) FROM suppressed_contacts s CROSS JOIN community_members m ON m.phone = s.phone
        WHERE s.phone NOT IN (SELECT phone FROM unsubscribed_contacts)) AS suppressed`)
  return row ?? { all: 0, optedOut: 0, suppressed: 0 }
}

/** All members in the order in which they came, a page at a time. */
export async function* pagesOfMembers(db: Db, pageSize = 2000): AsyncGenerator<MemberExport[]> {
  for (let after = 0; ; ) {
    const rows = await db.all<MemberExport>(sql`
      SELECT id, name, phone, created_at AS "createdAt" FROM community_members WHERE id > ${after} ORDER BY id LIMIT ${pageSize}`)
    yield rows
    const last = rows.at(-1)
    if (!last || rows.length < pageSize) return
    after = last.id
  }
}

export type MemberExport = { id: number; name: string; phone: string; createdAt: number }
