import { sql } from 'drizzle-orm'
import type { Db } from '../db/database'
import type { Blast } from './blasts'
import type { DeliveryCounts } from './counts'

/** Why a blast that is being sent does not move; times are UTC ms. */
export type Stalled =
  | { why: 'throttled'; until: number }
  /** All `n` that are left wait for another try, the first of them until then. */
  | { why: 'waiting'; n: number; until: number }
  /** Nobody is left to text; `n` texts without an answer, or of a blast from a backup, are looked up at the provider. */
  | { why: 'checking'; n: number; since: number; restored: boolean }
  /** Somebody is due, and no sender is alive. */
  | { why: 'nobody'; since: number }

/**
 * `again`: have failed, and wait for another try. `later`: not due yet. `nextAt`: when the first of all is due; null when nobody waits.
 * `untried`: the id of the first whom nobody tried yet; null when there is none.
 */
export type Queue = { again: number; later: number; nextAt: number | null; untried: number | null }

/** A blast is claimed in order of id, so that whoever was tried comes first: a large one need not be read to its end at every look. */
const mostLooked = 1000
/** Of those claimed last. */
const lastClaimed = 100
/** A lost nudge costs no more than the minute until the cron looks. */
const patienceMs = 90_000

export async function queueOf(db: Db, id: number, now: number): Promise<Queue> {
  const row = await db.get<{ again: number | null; later: number | null; nextAt: number | null; untried: number | null }>(sql`
    SELECT min(CASE WHEN attempts = 0 THEN id END) AS untried, sum(attempts > 0) AS again, sum(not_before_at > ${now}) AS later, min(not_before_at) AS "nextAt" FROM (
      SELECT id, attempts, not_before_at FROM message_deliveries WHERE log_id = ${id} AND status = 'queued' ORDER BY id LIMIT ${mostLooked})`)
  return { again: row?.again ?? 0, later: row?.later ?? 0, nextAt: row?.nextAt ?? null, untried: row?.untried ?? null }
}

/** Null while it moves, and where staff or the breaker stopped it. `lookedUp`: unknown ones that are not left to a person. */
export async function stalledOf(
  db: Db,
  blast: Blast,
  counts: DeliveryCounts,
  queue: Queue,
  lookedUp: number,
  now: number,
): Promise<Stalled | null> {
  if (blast.status !== 'processing') return null
  const { queued, sending } = counts
  if (queued > 0 && blast.throttledUntil > now) return { why: 'throttled', until: blast.throttledUntil }
  if (queued + sending > 0) {
    if (sending === 0 && queue.later === queued && queue.nextAt !== null) return { why: 'waiting', n: queued, until: queue.nextAt }
    return nobodySends(db, blast, queue, now)
  }
  if (lookedUp === 0) return null
  const row = await db.get<{ since: number | null }>(
    sql`SELECT min(updated_at) AS since FROM message_deliveries WHERE log_id = ${blast.id} AND status = 'unknown' AND needs_person = 0`,
  )
  return { why: 'checking', n: lookedUp, since: row?.since ?? now, restored: blast.restoredAt !== null }
}

async function nobodySends(db: Db, blast: Blast, queue: Queue, now: number): Promise<Stalled | null> {
  const lease = await db.get<{ until: number }>(sql`SELECT expires_at AS until FROM sender_lease WHERE id = 1`)
  if (lease && lease.until > now) return null
  // Claims go in order of id: those before the first untried one moved last.
  const end = queue.untried ?? (blast.firstDelivery ?? 0) + blast.totalRecipients
  const row = await db.get<{ movedAt: number | null }>(sql`
    SELECT max(updated_at) AS "movedAt" FROM message_deliveries
    WHERE id >= ${end - lastClaimed} AND id < ${end} AND +log_id = ${blast.id} AND status <> 'queued'`)
  const since = Math.max(lease?.until ?? 0, row?.movedAt ?? 0, blast.startedAt ?? 0, blast.throttledUntil, Math.min(queue.nextAt ?? 0, now))
  return now - since < patienceMs ? null : { why: 'nobody', since }
}
