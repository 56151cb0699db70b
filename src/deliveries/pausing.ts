import { type SQL, sql } from 'drizzle-orm'
import { classify, codesOf, type FailureClass } from '../sms/outcome'

/** Failures alike among so many first recipients stop a blast. */
const firstRecipients = 20

/** Somebody is left whom Resume would text; without, there is nothing to pause. */
const somebodyWaits = sql.raw(`EXISTS (SELECT 1 FROM message_deliveries w WHERE w.log_id = message_logs.id AND w.status = 'queued')`)

/**
 * Ours to mend: stops at once, whatever else is in flight. Nothing about any contact changes. A blast that was finished when the provider
 * told it is paused, too: those it concerns wait again.
 */
export const pauseForCode = (logId: number | SQL, code: number | null): SQL => sql`
  UPDATE message_logs SET status = 'paused', pause_code = ${code}, paused_by = '', finished_at = NULL, counts_stale = 1
  WHERE id = ${logId} AND status IN ('processing', 'sent', 'failed') AND ${somebodyWaits}`

/** Stops when more than half of the first 20 (or of a smaller blast) failed with codes of the class of `code`. */
export function pauseIfAlike(logId: number | SQL, code: number): SQL {
  const alike = JSON.stringify(codesOf(classify(code) as FailureClass))
  return sql`
    UPDATE message_logs SET status = 'paused', pause_code = ${code}, paused_by = '', counts_stale = 1
    WHERE id = ${logId} AND status = 'processing' AND ${somebodyWaits} AND (
      SELECT 2 * sum(error_code IN (SELECT value FROM json_each(${alike}))) > count(*) AND count(*) >= min(${firstRecipients}, l.total_recipients)
      FROM message_logs l, (
        SELECT error_code FROM message_deliveries WHERE log_id = ${logId} AND status NOT IN ('queued', 'sending', 'unknown', 'skipped')
        ORDER BY id LIMIT ${firstRecipients})
      WHERE l.id = ${logId})`
}
