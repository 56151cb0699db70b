import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/database'
import type { DeliveryStatus } from '../db/schema'
import { NotFound } from '../faults'
import { explain } from '../sms/outcome'
import { searchDigits } from '../sms/phone'
import type { ListingPage, ListingState } from '../web/listing'
import { contains } from '../web/search'
import type { DeliveryCounts } from './counts'
import { countOf, explainSkip, type OutcomeGroup, type PeopleFilter, peopleFilters, readFailureKey, sumUp } from './results'

export const peopleSorts = ['name', 'result', 'updated'] as const
export type PeopleSort = (typeof peopleSorts)[number]
export const peopleFilterNames = Object.keys(peopleFilters) as PeopleFilter[]

export type PersonRow = {
  id: number
  name: string
  phone: string
  status: DeliveryStatus
  /** Why it was skipped or failed, in a few words; empty for all else. */
  why: string
  /** When they replied STOP, where that is why. */
  stoppedAt: number | null
  needsPerson: boolean
  /** To be tried again, not before then; null when it was not tried yet. */
  againAt: number | null
  updatedAt: number
}

const resultOrder: readonly DeliveryStatus[] = [
  'delivered',
  'sent',
  'accepted',
  'skipped',
  'failed',
  'undelivered',
  'unknown',
  'sending',
  'queued',
]
const rank = sql.raw(`CASE d.status ${resultOrder.map((status, index) => `WHEN '${status}' THEN ${index}`).join(' ')} END`)

// The snapshot is stored in the order of names, so that ids are in it too and no index is needed for it.
const order: Record<PeopleSort, Record<'asc' | 'desc', SQL>> = {
  name: { asc: sql.raw('d.id'), desc: sql.raw('d.id DESC') },
  result: { asc: sql`${rank}, d.id`, desc: sql`${rank} DESC, d.id` },
  updated: { asc: sql.raw('d.updated_at, d.id'), desc: sql.raw('d.updated_at DESC, d.id') },
}

type State = ListingState<PeopleSort>

function conditions(logId: number, state: State): SQL {
  const all = [sql`d.log_id = ${logId}`]
  const codes = readFailureKey(state.filters.status)
  const filter = codes ? 'failed' : peopleFilterNames.find((name) => name === state.filters.status)
  if (filter) all.push(sql`d.status IN (${sql.raw(peopleFilters[filter].map((status) => `'${status}'`).join(', '))})`)
  if (codes) all.push(sql`EXISTS (SELECT 1 FROM json_each(${JSON.stringify(codes)}) WHERE value IS d.error_code)`)
  if (state.search !== '') {
    const digits = searchDigits(state.search)
    const inName = contains(sql.raw('d.name'), digits ?? state.search)
    all.push(digits === null ? inName : sql`(${contains(sql.raw('d.phone'), digits)} OR ${inName})`)
  }
  return sql.join(all, sql` AND `)
}

type Found = Omit<PersonRow, 'why' | 'needsPerson' | 'againAt'> & {
  skipReason: string | null
  errorCode: number | null
  needsPerson: 0 | 1
  notBefore: number
}

/**
 * One page of a blast's people. The page is cut by the index (log_id, status) before anything is read or joined, and CROSS JOIN keeps SQLite
 * to that; a search reads the blast.
 */
export async function listPeople(db: Db, logId: number, counts: DeliveryCounts, state: State): Promise<ListingPage<PersonRow>> {
  const where = conditions(logId, state)
  const by = order[state.sort][state.dir]
  const [rows, total] = await Promise.all([
    db.all<Found>(sql`
      SELECT d.id, d.name, d.phone, d.status, d.skip_reason AS "skipReason", d.error_code AS "errorCode", d.needs_person AS "needsPerson",
        CASE WHEN d.status = 'queued' AND d.attempts > 0 THEN d.not_before_at ELSE 0 END AS "notBefore", d.updated_at AS "updatedAt",
        CASE WHEN d.skip_reason = 'opted_out' AND o.source = 'inbound' THEN o.created_at END AS "stoppedAt"
      FROM (SELECT d.id AS picked FROM message_deliveries d WHERE ${where}
        ORDER BY ${by} LIMIT ${state.pageSize} OFFSET ${(state.page - 1) * state.pageSize})
      CROSS JOIN message_deliveries d ON d.id = picked LEFT JOIN unsubscribed_contacts o ON o.phone = d.phone
      ORDER BY ${by}`),
    countPeople(db, where, counts, state),
  ])
  return { rows: rows.map(explained), total }
}

async function countPeople(db: Db, where: SQL, counts: DeliveryCounts, state: State): Promise<number> {
  const { status } = state.filters
  const filter = peopleFilterNames.find((name) => name === status)
  if (state.search === '' && filter) return countOf(counts, filter)
  if (state.search === '' && status === undefined) return sumUp(counts).planned
  const row = await db.get<{ n: number }>(sql`SELECT count(*) AS n FROM message_deliveries d WHERE ${where}`)
  return row?.n ?? 0
}

function explained({ skipReason, errorCode, needsPerson, notBefore, ...row }: Found): PersonRow {
  return {
    ...row,
    why: whyOf(row.status, skipReason, errorCode),
    needsPerson: needsPerson === 1,
    againAt: notBefore > 0 ? notBefore : null,
  }
}

function whyOf(status: DeliveryStatus, skipReason: string | null, errorCode: number | null): string {
  if (status === 'skipped') return explainSkip(skipReason)
  return status === 'failed' || status === 'undelivered' ? explain(errorCode).title : ''
}

/** Failed and skipped deliveries by code or reason. Reads no more rows than there are of them. */
export async function groupOutcomes(db: Db, logId: number, counts: DeliveryCounts): Promise<OutcomeGroup[]> {
  const { failed, skipped } = sumUp(counts)
  if (failed + skipped === 0) return []
  return db.all<OutcomeGroup>(sql`
    SELECT status, error_code AS "errorCode", skip_reason AS "skipReason", count(*) AS n FROM message_deliveries
    WHERE log_id = ${logId} AND status IN ('failed', 'undelivered', 'skipped') GROUP BY status, error_code, skip_reason`)
}

export type UndecidedRow = { id: number; name: string; phone: string; attemptedAt: number | null }

/** Unknown deliveries that only a person can decide, in the order of names. */
export async function listUndecided(db: Db, logId: number, page: number, pageSize: number): Promise<ListingPage<UndecidedRow>> {
  const where = sql`log_id = ${logId} AND status = 'unknown' AND needs_person = 1`
  const [rows, total] = await Promise.all([
    db.all<UndecidedRow>(sql`
      SELECT id, name, phone, attempted_at AS "attemptedAt" FROM message_deliveries WHERE ${where}
      ORDER BY id LIMIT ${pageSize} OFFSET ${(page - 1) * pageSize}`),
    db.get<{ n: number }>(sql`SELECT count(*) AS n FROM message_deliveries WHERE ${where}`),
  ])
  return { rows, total: total?.n ?? 0 }
}

/** Throws NotFound where the blast has no such delivery. */
export async function findDelivery(db: Db, logId: number, deliveryId: number): Promise<{ name: string; phone: string }> {
  const row = await db.get<{ name: string; phone: string }>(
    sql`SELECT name, phone FROM message_deliveries WHERE id = ${deliveryId} AND log_id = ${logId}`,
  )
  if (!row) throw new NotFound()
  return row
}

export type PersonExport = {
  id: number
  phone: string
  name: string
  status: DeliveryStatus
  errorCode: number | null
  error: string
  providerSid: string | null
  parts: number | null
  updatedAt: number
}

type Exported = Omit<PersonExport, 'error'> & { skipReason: string | null }

/** Everyone of a blast, in the order of names, a page at a time. */
export async function* pagesOfPeople(db: Db, logId: number, pageSize = 2000): AsyncGenerator<PersonExport[]> {
  for (let after = 0; ; ) {
    const rows = await db.all<Exported>(sql`
      SELECT d.id, d.phone, d.name, d.status, d.error_code AS "errorCode", d.skip_reason AS "skipReason",
        d.provider_sid AS "providerSid", d.parts, d.updated_at AS "updatedAt"
      FROM (SELECT id AS picked FROM message_deliveries WHERE log_id = ${logId} AND id > ${after} ORDER BY id LIMIT ${pageSize})
      CROSS JOIN message_deliveries d ON d.id = picked ORDER BY d.id`)
    yield rows.map(({ skipReason, ...row }) => ({ ...row, error: whyOf(row.status, skipReason, row.errorCode) }))
    const last = rows.at(-1)
    if (!last || rows.length < pageSize) return
    after = last.id
  }
}
