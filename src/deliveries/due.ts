import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/database'

export type DueBlast = { id: number; messageBody: string }

/** Blasts whose undo window is over begin. */
export const startHeld = (now: number): SQL => sql`
  UPDATE message_logs SET status = 'processing', started_at = ${now}, counts_stale = 1 WHERE status = 'held' AND hold_until_at <= ${now}
    AND finished_at IS NULL`

/** Blasts with someone to text right now, oldest first. */
export const dueBlasts = (db: Db, now: number): Promise<DueBlast[]> =>
  db.all<DueBlast>(sql`
    SELECT l.id, l.message_body AS "messageBody" FROM message_logs l
    WHERE l.finished_at IS NULL AND l.status = 'processing' AND l.throttled_until_at <= ${now}
      AND EXISTS (SELECT 1 FROM message_deliveries d WHERE d.log_id = l.id AND d.status = 'queued' AND d.not_before_at <= ${now})
    ORDER BY l.id LIMIT 20`)

/** When there will be something to send: the end of a hold, a throttle or a backoff (UTC ms); null when nothing waits. */
export async function nextDue(db: Db): Promise<number | null> {
  const row = await db.get<{ at: number | null }>(sql`
    SELECT min(at) AS at FROM (
      SELECT hold_until_at AS at FROM message_logs WHERE finished_at IS NULL AND status = 'held'
      UNION ALL
      SELECT max(l.throttled_until_at, (SELECT min(d.not_before_at) FROM message_deliveries d WHERE d.log_id = l.id AND d.status = 'queued'))
      FROM message_logs l WHERE l.finished_at IS NULL AND l.status = 'processing')`)
  return row?.at ?? null
}

/** Of a row of message_logs: the provider had one of its texts, or a person says that it arrived. */
const anyAccepted =
  sql.raw(`(EXISTS (SELECT 1 FROM message_deliveries d WHERE d.log_id = message_logs.id AND (d.provider_sid IS NOT NULL OR d.former_sids <> '[]'))
    OR EXISTS (SELECT 1 FROM message_deliveries d WHERE d.log_id = message_logs.id AND d.status IN ('accepted', 'sent', 'delivered')))`)

/**
 * `sent` or `failed` once nothing is waiting, in flight or being reconciled; a cancelled blast keeps its name and is only done. One that was
 * paused while its last texts were in flight has nothing to resume. What is left to a person does not hold it up. `whose`: condition on a row
 * of message_logs.
 */
export const finishBlasts = (now: number, whose: SQL = sql`1`): SQL => sql`
  UPDATE message_logs SET finished_at = ${now}, counts_stale = 1,
    status = CASE WHEN status = 'cancelled' THEN status
      WHEN ${anyAccepted} THEN 'sent' ELSE 'failed' END
  WHERE finished_at IS NULL AND status IN ('processing', 'paused', 'cancelled')
    AND NOT EXISTS (SELECT 1 FROM message_deliveries d WHERE d.log_id = message_logs.id AND d.status IN ('queued', 'sending'))
    AND NOT EXISTS (SELECT 1 FROM message_deliveries d WHERE d.log_id = message_logs.id AND d.status = 'unknown' AND d.needs_person = 0)
    AND ${whose}`

/**
 * A finished blast goes on where someone is to be texted again; one that staff had paused waits for their Resume. How many are handled by
 * then is not counted: it may go on once for each of many late failures.
 */
export const reopenBlast = (logId: number | SQL, now: number): SQL => sql`
  UPDATE message_logs SET status = CASE WHEN paused_by = '' THEN 'processing' ELSE 'paused' END, finished_at = NULL, counts_stale = 1,
    resumed_at = ${now}, resumed_handled = NULL
  WHERE id = ${logId} AND status IN ('sent', 'failed')
    AND EXISTS (SELECT 1 FROM message_deliveries d WHERE d.log_id = message_logs.id AND d.status = 'queued')`

/** A blast that failed has been sent where it is known by now to have reached someone. */
export const reachedAfterAll = (logId: number | SQL): SQL => sql`
  UPDATE message_logs SET status = 'sent', counts_stale = 1 WHERE id = ${logId} AND status = 'failed' AND ${anyAccepted}`
