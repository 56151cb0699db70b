import { sql } from 'drizzle-orm'
import type { Db } from '../db/database'
import { messageLogs } from '../db/schema'
import type { Blast } from './blasts'
import type { DeliveryCounts } from './counts'
import { countsOfBlast } from './queries'
import { goingSince } from './results'

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

export type Unsent = { id: number; body: string; since: number }

/** Blasts that are due and that nobody sends: no sender is alive, so that they all stand. At most `most`, the oldest first. */
export async function listUnsent(db: Db, now: number, most: number): Promise<Unsent[]> {
  // While somebody sends nothing stands, and nothing need be counted.
  if ((await leaseEnd(db)) > now) return []
  const open = await db
    .select()
    .from(messageLogs)
    .where(sql`finished_at IS NULL AND status IN ('held', 'processing')`)
    .orderBy(messageLogs.id)
    .limit(most)
  const found = await Promise.all(
    open.map(async (blast) => {
      const [counts, queue] = await Promise.all([countsOfBlast(db, blast), queueOf(db, blast.id, now)])
      const stalled = await stalledOf(db, blast, counts, queue, 0, now)
      return stalled?.why === 'nobody' ? [{ id: blast.id, body: blast.messageBody, since: stalled.since }] : []
    }),
  )
  return found.flat()
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
  if (blast.status === 'held') return leftWaiting(db, blast.holdUntil, now)
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
  // Claims go in order of id: those before the first untried one moved last.
  const end = queue.untried ?? (blast.firstDelivery ?? 0) + blast.totalRecipients
  const row = await db.get<{ movedAt: number | null }>(sql`
    SELECT max(updated_at) AS "movedAt" FROM message_deliveries
    WHERE id >= ${end - lastClaimed} AND id < ${end} AND +log_id = ${blast.id} AND status <> 'queued'`)
  const begun = goingSince(blast)?.at ?? 0
  return leftWaiting(db, Math.max(row?.movedAt ?? 0, begun, blast.throttledUntil, Math.min(queue.nextAt ?? 0, now)), now)
}

/** Due since then (UTC ms), and no sender is alive. */
async function leftWaiting(db: Db, dueAt: number, now: number): Promise<Stalled | null> {
  if (now - dueAt < patienceMs) return null
  const since = Math.max(dueAt, await leaseEnd(db))
  return now - since < patienceMs ? null : { why: 'nobody', since }
}

/** Until when a sender is alive, UTC ms; 0 where none was. */
async function leaseEnd(db: Db): Promise<number> {
  const lease = await db.get<{ until: number }>(sql`SELECT expires_at AS until FROM sender_lease WHERE id = 1`)
  return lease?.until ?? 0
}
