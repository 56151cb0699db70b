import { sql } from 'drizzle-orm'
import type { Trail } from '../audit/audit'
import { atomically } from '../db/database'
import type { Deps } from '../deps'
import { reachedAfterAll, reopenBlast } from './due'
import { markStale } from './record'

/** What a person says of a text that may or may not have arrived. */
export type Decision = 'arrived' | 'again' | 'gave_up'

/**
 * Settles an unknown that was left to a person. `again` puts it back in the queue of its blast, which goes on, but never in a cancelled one.
 * False when it is settled already, or not a person's to decide.
 */
export async function decideUnknown(
  deps: Deps,
  logId: number,
  deliveryId: number,
  decision: Decision,
  trail: Trail = [],
): Promise<boolean> {
  const now = deps.now()
  const status = { arrived: 'accepted', again: 'queued', gave_up: 'skipped' }[decision]
  const [settled] = await atomically(deps.db, [
    sql`
      UPDATE message_deliveries SET status = ${status}, needs_person = 0, not_before_at = 0, updated_at = ${now},
        skip_reason = CASE WHEN ${decision} = 'gave_up' THEN 'gave_up' END,
        doubted_attempt_at = CASE WHEN ${decision} = 'again' THEN attempted_at ELSE doubted_attempt_at END
      WHERE id = ${deliveryId} AND log_id = ${logId} AND status = 'unknown' AND needs_person = 1
        AND (${decision} <> 'again' OR (SELECT status FROM message_logs WHERE id = ${logId}) <> 'cancelled') RETURNING id`,
    ...trail,
    markStale(logId),
    reopenBlast(logId, now),
    reachedAfterAll(logId),
  ])
  if (settled?.rows.length !== 1) return false
  if (decision === 'again') await deps.queue.send({ type: 'send' })
  return true
}
