import { inArray, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/database'
import { type BlastStatus, events, messageLogs, type Target } from '../db/schema'
import { NotFound } from '../faults'
import type { ListingPage, ListingState } from '../web/listing'
import { matchesTitle } from '../web/search'
import type { Blast } from './blasts'
import { cachedCounts, countsOf, type DeliveryCounts } from './counts'
import { type Sum, sumUp } from './results'

export const blastSorts = ['created_at', 'total_recipients', 'status'] as const
export type BlastSort = (typeof blastSorts)[number]

/** Filter chips over the list; together they are every blast. */
export const blastGroups = {
  going: ['held', 'processing'],
  paused: ['paused'],
  sent: ['sent'],
  failed: ['failed'],
  cancelled: ['cancelled'],
} as const satisfies Record<string, readonly BlastStatus[]>
export type BlastGroup = keyof typeof blastGroups
export const blastGroupNames = Object.keys(blastGroups) as BlastGroup[]

export type BlastRow = {
  id: number
  status: BlastStatus
  messageBody: string
  target: Target
  /** Null for a community blast, and where the event is gone. */
  eventTitle: string | null
  testMode: boolean
  createdBy: string
  createdAt: number
  holdUntil: number
  counts: DeliveryCounts
  sum: Sum
}

const order: Record<BlastSort, Record<'asc' | 'desc', SQL>> = {
  created_at: { asc: sql.raw('created_at, id'), desc: sql.raw('created_at DESC, id DESC') },
  total_recipients: { asc: sql.raw('total_recipients, id DESC'), desc: sql.raw('total_recipients DESC, id DESC') },
  status: { asc: sql.raw('status, id DESC'), desc: sql.raw('status DESC, id DESC') },
}

const searched = { id: sql.raw('id'), title: sql.raw('message_body') }

/** One status is a stretch of an index that has the times in order; those under way, which are more than one, are few. */
function isIn([first, ...others]: readonly BlastStatus[]): SQL {
  if (others.length === 0) return sql`status = ${first}`
  return sql`status IN (SELECT value FROM json_each(${JSON.stringify([first, ...others])}))`
}

export async function listBlasts(db: Db, state: ListingState<BlastSort>): Promise<ListingPage<BlastRow>> {
  const all = [sql`1`]
  if (state.search !== '') all.push(matchesTitle(state.search, 'message_logs_fts', searched))
  const group = blastGroupNames.find((name) => name === state.filters.status)
  if (group) all.push(isIn(blastGroups[group]))
  const where = sql.join(all, sql` AND `)
  const [picked, total] = await Promise.all([
    db.all<{ id: number }>(sql`
      SELECT id FROM message_logs WHERE ${where} ORDER BY ${order[state.sort][state.dir]}
      LIMIT ${state.pageSize} OFFSET ${(state.page - 1) * state.pageSize}`),
    db.get<{ n: number }>(sql`SELECT count(*) AS n FROM message_logs WHERE ${where}`),
  ])
  return { rows: await findBlastRows(db, ids(picked)), total: total?.n ?? 0 }
}

const ids = (rows: readonly { id: number }[]): number[] => rows.map(({ id }) => id)

/** In the order of `ids`, without those that do not exist. At most 100. */
export async function findBlastRows(db: Db, wanted: readonly number[]): Promise<BlastRow[]> {
  if (wanted.length === 0) return []
  const rows = await db
    .select({ blast: messageLogs, eventTitle: events.title })
    .from(messageLogs)
    .leftJoin(events, sql`${events.id} = ${messageLogs.eventId}`)
    .where(inArray(messageLogs.id, [...wanted]))
  const found = new Map(rows.map((row) => [row.blast.id, row]))
  return Promise.all(
    wanted.flatMap((id) => {
      const row = found.get(id)
      return row ? [withCounts(db, row)] : []
    }),
  )
}

async function withCounts(db: Db, { blast, eventTitle }: { blast: Blast; eventTitle: string | null }): Promise<BlastRow> {
  const counts = await countsOfBlast(db, blast)
  return { ...blast, eventTitle, counts, sum: sumUp(counts) }
}

/** The cached counts, or a recount where they are stale. */
export const countsOfBlast = async (db: Db, blast: Blast): Promise<DeliveryCounts> =>
  blast.countsStale ? countsOf(db, blast.id) : cachedCounts(blast)

export async function countBlasts(db: Db): Promise<Record<BlastGroup | 'all', number>> {
  const rows = await db.all<{ status: BlastStatus; n: number }>(sql`SELECT status, count(*) AS n FROM message_logs GROUP BY status`)
  const counts = { all: 0, going: 0, paused: 0, sent: 0, failed: 0, cancelled: 0 }
  for (const { status, n } of rows) {
    counts.all += n
    for (const name of blastGroupNames) if ((blastGroups[name] as readonly BlastStatus[]).includes(status)) counts[name] += n
  }
  return counts
}

/** Whether a blast is under way. */
export async function isSending(db: Db): Promise<boolean> {
  const rows = await db.all(sql`SELECT 1 AS sending FROM message_logs WHERE finished_at IS NULL AND status = 'processing' LIMIT 1`)
  return rows.length > 0
}

/** Throws NotFound. */
export async function findBlast(db: Db, id: number): Promise<Blast & { eventTitle: string | null }> {
  const [row] = await db
    .select({ blast: messageLogs, eventTitle: events.title })
    .from(messageLogs)
    .leftJoin(events, sql`${events.id} = ${messageLogs.eventId}`)
    .where(sql`${messageLogs.id} = ${id}`)
  if (!row) throw new NotFound()
  return { ...row.blast, eventTitle: row.eventTitle }
}
