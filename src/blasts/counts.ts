import { sql } from 'drizzle-orm'
import type { Db } from '../db/database'
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

/** Counts the blasts whose deliveries changed since they were counted: count and mark in one statement, so that nothing can come between. */
export async function recountStale({ db }: Pick<Deps, 'db'>): Promise<void> {
  await db.run(sql`
    UPDATE message_logs SET counts_stale = 0, counts = (
      SELECT json_group_object(status, n) FROM (
        SELECT status, count(*) AS n FROM message_deliveries WHERE log_id = message_logs.id GROUP BY status))
    WHERE id IN (SELECT id FROM message_logs WHERE counts_stale = 1 ORDER BY id LIMIT 20)`)
}
