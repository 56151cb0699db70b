import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/database'
import type { AuditOutcome } from '../db/schema'
import type { ListingPage, ListingState } from '../web/listing'

export const auditSorts = ['created_at', 'username', 'event_type'] as const
export type AuditSort = (typeof auditSorts)[number]

/** `from` and `before` in UTC ms: the days of the filters. */
export type AuditState = ListingState<AuditSort> & { from: number | null; before: number | null }

export type AuditRow = {
  id: number
  type: string
  outcome: AuditOutcome
  /** Null where nobody was signed in: `username` was typed then, or is whose schedule it was. */
  userId: number | null
  username: string
  address: string
  subject: string
  createdAt: number
}

/** How far a narrowed list goes: counting and skipping more takes time, and nobody turns 200 pages. Dates lead further. */
export const mostListed = 10_000

const columns = sql.raw(
  'e.id, e.event_type AS "type", e.outcome, e.user_id AS "userId", e.username, e.address, e.subject, e.created_at AS "createdAt"',
)

const indexes = {
  created_at: 'audit_events_created',
  username: 'audit_events_username',
  event_type: 'audit_events_type',
  refused: 'audit_events_refused',
} as const

const byTime = { asc: 'e.created_at, e.id', desc: 'e.created_at DESC, e.id DESC' }

const order: Record<AuditSort, Record<'asc' | 'desc', SQL>> = {
  created_at: { asc: sql.raw(byTime.asc), desc: sql.raw(byTime.desc) },
  username: {
    asc: sql.raw(`e.username COLLATE NOCASE, ${byTime.asc}`),
    desc: sql.raw(`e.username COLLATE NOCASE DESC, ${byTime.desc}`),
  },
  event_type: { asc: sql.raw(`e.event_type, ${byTime.asc}`), desc: sql.raw(`e.event_type DESC, ${byTime.desc}`) },
}

function conditions({ filters, from, before }: AuditState): SQL {
  const all = [sql`1`]
  if (filters.username) all.push(sql`e.username = ${filters.username} COLLATE NOCASE`)
  if (filters.event_type) all.push(sql`e.event_type = ${filters.event_type}`)
  if (filters.outcome) all.push(sql`e.outcome = ${filters.outcome}`)
  // Said once more in the words of the index that holds no others.
  if (isRefused(filters.outcome)) all.push(sql`e.outcome <> 'success'`)
  if (from !== null) all.push(sql`e.created_at >= ${from}`)
  if (before !== null) all.push(sql`e.created_at < ${before}`)
  return sql.join(all, sql` AND `)
}

const isRefused = (outcome: string | undefined): boolean => outcome !== undefined && outcome !== 'success'

/** The index that leads to the fewest rows. SQLite, which knows no numbers here, would now and then sort 100,000 instead. */
function narrowest({ filters }: AuditState): keyof typeof indexes {
  if (filters.username) return 'username'
  if (isRefused(filters.outcome) && !filters.event_type) return 'refused'
  return filters.event_type ? 'event_type' : 'created_at'
}

/** `more`: than `total`, which ends at `mostListed`. */
export type AuditList = ListingPage<AuditRow> & { more: boolean }

/** Few are found and then put in order; of many, the order is followed until the page is full. */
export async function listAudit(db: Db, state: AuditState): Promise<AuditList> {
  const narrowed = Object.keys(state.filters).length > 0
  const where = conditions(state)
  const through = (name: keyof typeof indexes) => sql.raw(`audit_events e INDEXED BY ${indexes[name]}`)
  const counted = await db.get<{ n: number }>(
    narrowed
      ? sql`SELECT count(*) AS n FROM (SELECT 1 FROM ${through(narrowest(state))} WHERE ${where} LIMIT ${mostListed + 1})`
      : sql`SELECT count(*) AS n FROM audit_events`,
  )
  const n = counted?.n ?? 0
  const more = narrowed && n > mostListed
  const total = more ? mostListed : n
  const offset = (state.page - 1) * state.pageSize
  if (offset >= total) return { rows: [], total, more }
  const by = order[state.sort][state.dir]
  const path = narrowed && (!more || state.sort === 'created_at') ? narrowest(state) : state.sort
  const rows = await db.all<AuditRow>(sql`
    SELECT ${columns}
    FROM (SELECT e.id AS picked FROM ${through(path)} WHERE ${where} ORDER BY ${by} LIMIT ${state.pageSize} OFFSET ${offset})
    CROSS JOIN audit_events e ON e.id = picked
    ORDER BY ${by}`)
  return { rows, total, more }
}

/** All that match, the newest first, a page at a time, in one walk over the table: an index would be sorted anew for each page. */
export async function* pagesOfAudit(db: Db, state: AuditState, pageSize = 2000): AsyncGenerator<AuditRow[]> {
  const where = conditions(state)
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const rows = await db.all<AuditRow>(sql`
      SELECT ${columns} FROM audit_events e NOT INDEXED WHERE e.id < ${before} AND ${where} ORDER BY e.id DESC LIMIT ${pageSize}`)
    yield rows
    const last = rows.at(-1)
    if (!last || rows.length < pageSize) return
    before = last.id
  }
}

/** For the field of the name. */
export async function listUsernames(db: Db): Promise<string[]> {
  const rows = await db.all<{ username: string }>(sql`SELECT username FROM users ORDER BY lower(username) LIMIT 50`)
  return rows.map(({ username }) => username)
}
