import { type SQL, sql } from 'drizzle-orm'
import { titleOf } from '../blasts/results'
import type { Db } from '../db/database'
import type { Target } from '../db/schema'
import type { ListingPage, ListingState } from '../web/listing'
import { matchesTitle } from '../web/search'
import type { ScheduledStatus } from './scheduled'

export const scheduledSorts = ['due_at', 'created_at'] as const
export type ScheduledSort = (typeof scheduledSorts)[number]
export const scheduledFilters = ['waiting', 'sent', 'unsent', 'cancelled'] as const

export type ScheduledRow = {
  id: number
  status: ScheduledStatus
  reason: string
  title: string
  target: Target
  eventTitle: string | null
  testMode: boolean
  /** As it was chosen. */
  timeZone: string
  /** UTC ms */
  dueAt: number
  /** The blast that it became, while it is there. */
  logId: number | null
  scheduleId: number | null
  createdBy: string
}

/** As the index of the list has it; SQLite finds it compared with a number only. */
const isOpen = `(status = 'pending' OR status = 'processing')`
const open = sql.raw(`${isOpen} = 1`)
const over = sql.raw(`${isOpen} = 0`)

const shown: Record<(typeof scheduledFilters)[number], SQL> = {
  waiting: open,
  sent: sql.raw(`status = 'sent'`),
  unsent: sql.raw(`status IN ('failed', 'expired')`),
  cancelled: sql.raw(`status = 'cancelled'`),
}

type Raw = Omit<ScheduledRow, 'title' | 'testMode'> & { body: string; testMode: number }

const columns = sql.raw(`m.id, m.reason, m.message_body AS body, m.target, e.title AS "eventTitle", m.test_mode AS "testMode",
  m.time_zone AS "timeZone", m.due_at AS "dueAt", l.id AS "logId", m.schedule_id AS "scheduleId", m.created_by AS "createdBy",
  CASE WHEN m.status <> 'processing' OR l.finished_at IS NULL THEN m.status
    WHEN l.status IN ('failed', 'cancelled') THEN l.status ELSE 'sent' END AS status`)

const joins = sql.raw(`LEFT JOIN message_logs l ON l.id = m.log_id LEFT JOIN events e ON e.id = m.event_id`)

const rowOf = ({ body, testMode, ...row }: Raw): ScheduledRow => ({ ...row, title: titleOf(body), testMode: testMode === 1 })

/** By time: first what waits, the next one on top, then what was, the last one on top. Only the rows of the page are joined. */
export async function listScheduled(
  db: Db,
  state: ListingState<ScheduledSort>,
  counts: ScheduledCounts,
): Promise<ListingPage<ScheduledRow>> {
  const filter = scheduledFilters.find((name) => name === state.filters.show)
  const some = [...(state.search === '' ? [] : [matches(state.search)]), ...(filter ? [shown[filter]] : [])]
  const where = some.length === 0 ? sql`1` : sql.join(some, sql` AND `)
  const known = { waiting: filter && filter !== 'waiting' ? 0 : counts.waiting, total: counts[filter ?? 'all'] }
  const { waiting, total } = state.search === '' ? known : await countFound(db, where)
  const ids = await pickIds(db, state, { where, waiting, offset: (state.page - 1) * state.pageSize })
  const rows = await db.all<Raw>(sql`
    SELECT ${columns} FROM json_each(${JSON.stringify(ids)}) j JOIN scheduled_messages m ON m.id = j.value ${joins} ORDER BY j.key`)
  return { rows: rows.map(rowOf), total }
}

async function countFound(db: Db, where: SQL): Promise<{ waiting: number; total: number }> {
  const row = await db.get<{ waiting: number; total: number }>(sql`
    SELECT count(*) AS total, coalesce(sum(${open}), 0) AS waiting FROM scheduled_messages WHERE ${where}`)
  return row ?? { waiting: 0, total: 0 }
}

type Cut = { where: SQL; waiting: number; offset: number }

async function pickIds(db: Db, { sort, dir, pageSize }: ListingState<ScheduledSort>, { where, waiting, offset }: Cut): Promise<number[]> {
  const pick = async (which: SQL, order: string, limit: number, from: number) => {
    if (limit <= 0) return []
    const by = sql.raw(order)
    const rows = await db.all<{ id: number }>(
      sql`SELECT id FROM scheduled_messages WHERE ${which} ORDER BY ${by} LIMIT ${limit} OFFSET ${from}`,
    )
    return rows.map(({ id }) => id)
  }
  if (sort === 'created_at') return pick(where, dir === 'asc' ? 'id' : 'id DESC', pageSize, offset)
  const [ahead, past] = dir === 'asc' ? ['due_at, id', 'due_at DESC, id DESC'] : ['due_at DESC, id DESC', 'due_at, id']
  const first = await pick(sql`${where} AND ${open}`, ahead, Math.min(pageSize, waiting - offset), offset)
  const rest = await pick(sql`${where} AND ${over}`, past, pageSize - first.length, Math.max(0, offset - waiting))
  return [...first, ...rest]
}

const matches = (search: string): SQL =>
  matchesTitle(search, 'scheduled_messages_fts', { id: sql.raw('id'), title: sql.raw('message_body') })

export type ScheduledCounts = { all: number; waiting: number; sent: number; unsent: number; cancelled: number }

/** Most were sent, so these are what is left of all, which SQLite counts without looking at a row. */
export async function countScheduled(db: Db): Promise<ScheduledCounts> {
  const row = await db.get<Omit<ScheduledCounts, 'sent'>>(sql`
    SELECT (SELECT count(*) FROM scheduled_messages) AS "all",
      (SELECT count(*) FROM scheduled_messages WHERE ${shown.waiting}) AS waiting,
      (SELECT count(*) FROM scheduled_messages WHERE ${shown.unsent}) AS unsent,
      (SELECT count(*) FROM scheduled_messages WHERE ${shown.cancelled}) AS cancelled`)
  const counts = row ?? { all: 0, waiting: 0, unsent: 0, cancelled: 0 }
  return { ...counts, sent: counts.all - counts.waiting - counts.unsent - counts.cancelled }
}

export async function pendingIds(db: Db): Promise<number[]> {
  const rows = await db.all<{ id: number }>(sql`SELECT id FROM scheduled_messages WHERE status = 'pending' ORDER BY due_at, id`)
  return rows.map(({ id }) => id)
}

export type Upcoming = { rows: ScheduledRow[]; total: number }

/** What goes out next. */
export async function readUpcoming(db: Db, most: number): Promise<Upcoming> {
  const [rows, total] = await Promise.all([
    db.all<Raw>(sql`
      SELECT ${columns} FROM (SELECT * FROM scheduled_messages WHERE status = 'pending' ORDER BY due_at, id LIMIT ${most}) m ${joins}
      ORDER BY m.due_at, m.id`),
    db.get<{ n: number }>(sql`SELECT count(*) AS n FROM scheduled_messages WHERE status = 'pending'`),
  ])
  return { rows: rows.map(rowOf), total: total?.n ?? 0 }
}

/** After a longer stop nobody asks any more. */
const longestStopMs = 60 * 86_400_000

/** What was given up since `since` (UTC ms), the last one first. */
export async function readUnsent(db: Db, since: number, most: number): Promise<ScheduledRow[]> {
  const rows = await db.all<Raw>(sql`
    SELECT ${columns} FROM (
      SELECT * FROM scheduled_messages
      WHERE status IN ('expired', 'failed') AND due_at > ${since - longestStopMs} AND updated_at > ${since} AND reason NOT IN ('', 'superseded', 'moved')
      ORDER BY due_at DESC LIMIT ${most}) m ${joins} ORDER BY m.due_at DESC`)
  return rows.map(rowOf)
}
