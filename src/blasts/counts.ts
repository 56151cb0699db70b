import { sql } from 'drizzle-orm'
import { atomically, type Db } from '../db/database'
import { type DeliveryStatus, deliveryStatuses } from '../db/schema'
import type { Deps } from '../deps'

/** Deliveries of a blast by state; their sum is its planned recipients. */
export type DeliveryCounts = Record<DeliveryStatus, number>

const none = (): DeliveryCounts => Object.fromEntries(deliveryStatuses.map((status) => [status, 0])) as DeliveryCounts

/** Counted now, from the index (log_id, status) alone: 100,000 deliveries take a few milliseconds. */
export async function countsOf(db: Db, logId: number): Promise<DeliveryCounts> {
  const rows = await db.all<{ status: DeliveryStatus; n: number }>(
    sql`SELECT status, count(*) AS n FROM message_deliveries WHERE log_id = ${logId} GROUP BY status`,
  )
  const counts = none()
  for (const { status, n } of rows) counts[status] = n
  return counts
}

/** As last counted; for lists. Right when `countsStale` is not set. */
export const cachedCounts = ({ counts }: { counts: string }): DeliveryCounts => ({ ...none(), ...JSON.parse(counts) })

/** Counts the blasts whose deliveries changed since they were counted; the mark is taken before the count, so no change is missed. */
export async function recountStale({ db }: Pick<Deps, 'db'>): Promise<void> {
  const stale = await db.all<{ id: number }>(sql`
    UPDATE message_logs SET counts_stale = 0 WHERE id IN (SELECT id FROM message_logs WHERE counts_stale = 1 ORDER BY id LIMIT 20) RETURNING id`)
  for (const { id } of stale) {
    const counts = await countsOf(db, id)
    await atomically(db, [sql`UPDATE message_logs SET counts = ${JSON.stringify(counts)} WHERE id = ${id}`])
  }
}
