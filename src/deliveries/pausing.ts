import { type SQL, sql } from 'drizzle-orm'
import { classify, codesOf } from '../sms/outcome'

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

/** Rows looked at for the first recipients: some were skipped. */
const firstRows = 3 * firstRecipients

/** Whether failures with this code are no recipient's own, so that many alike stop a blast. */
export function isWatched(code: number | null): code is number {
  return code !== null && ['geo', 'content', 'retryable', 'unlisted'].includes(classify(code))
}

/**
 * Stops, once, when more than half of the first 20 failed like `code`: Resume goes on for good. A country or a text is the same under any
 * code of its class, and in a smaller blast, too; what may pass by itself is the same under one code, and needs 20 to tell.
 */
export function pauseIfAlike(logId: number | SQL, code: number): SQL {
  const kind = classify(code)
  const lasting = kind === 'geo' || kind === 'content'
  const alike = JSON.stringify(lasting ? codesOf(kind) : [code])
  const first = sql`(SELECT first_delivery_id FROM message_logs WHERE id = ${logId})`
  return sql`
    UPDATE message_logs SET status = 'paused', pause_code = ${code}, paused_by = '', counts_stale = 1, warned = 1
    WHERE id = ${logId} AND status = 'processing' AND warned = 0 AND ${somebodyWaits} AND (
      SELECT 2 * sum(error_code IN (SELECT value FROM json_each(${alike}))) > count(*) AND count(*) >= ${lasting ? 1 : firstRecipients} FROM (
        SELECT error_code FROM message_deliveries
        WHERE id >= ${first} AND id < ${first} + ${firstRows} AND +log_id = ${logId} AND status <> 'skipped' ORDER BY id LIMIT ${firstRecipients}))`
}
