import { type SQL, sql } from 'drizzle-orm'
import { lastGivenBack } from '../consents/consents'
import { codesOf, explain } from '../sms/outcome'
import { onOptedOutAlready } from '../suppressions/opt-outs'
import type { Effect, Result } from './outcomes'

/**
 * States that a result may still change; all others are ahead of it. That the provider has it is news even of a delivery that was put back
 * or spared in the meantime, while no other claim has taken it; that nobody knows is no news of one that may be with a person already.
 */
const open = sql.raw(`(message_deliveries.status = 'sending' OR (message_deliveries.status = 'unknown' AND r.status <> 'unknown')
  OR (r.sid IS NOT NULL AND message_deliveries.status IN ('queued', 'skipped')))`)

/**
 * Results of one blast's attempts, each only by the holder of its claim. A callback may have overtaken the response: then the state stays
 * and the SID is filled in. What would wait for another try is spared where the blast was cancelled meanwhile. One write for all. The `+`
 * keeps SQLite from reading the whole blast by its index instead of these rows by id.
 */
export function recordResults(logId: number, results: readonly Result[], now: number): SQL {
  const rows = results.map(({ id, token, status, sid, code, parts, attempts, notBefore }) => [
    id,
    token,
    status,
    sid,
    code,
    parts,
    attempts,
    notBefore,
  ])
  const at = (index: number) => sql.raw(`json_extract(value, '$[${index}]')`)
  const spared = sql`(r.status = 'queued' AND (SELECT l.status FROM message_logs l WHERE l.id = ${logId}) = 'cancelled')`
  return sql`
    UPDATE message_deliveries SET
      status = CASE WHEN ${open} AND ${spared} THEN 'skipped' WHEN ${open} THEN r.status ELSE message_deliveries.status END,
      error_code = CASE WHEN ${open} THEN r.code ELSE error_code END,
      skip_reason = CASE WHEN ${open} AND ${spared} THEN 'cancelled' WHEN ${open} THEN NULL ELSE skip_reason END,
      needs_person = CASE WHEN ${open} THEN 0 ELSE needs_person END,
      not_before_at = CASE WHEN ${open} THEN r.not_before ELSE not_before_at END,
      provider_sid = coalesce(provider_sid, r.sid), parts = coalesce(r.parts, message_deliveries.parts),
      attempts = r.attempts, lease_until_at = NULL, updated_at = ${now}
    FROM (SELECT ${at(0)} AS id, ${at(1)} AS token, ${at(2)} AS status, ${at(3)} AS sid, ${at(4)} AS code, ${at(5)} AS parts,
      ${at(6)} AS attempts, ${at(7)} AS not_before FROM json_each(${JSON.stringify(rows)})) r
    WHERE message_deliveries.id = r.id AND +message_deliveries.log_id = ${logId} AND claim_token = r.token
      AND (${open} OR (r.sid IS NOT NULL AND (provider_sid IS NULL OR message_deliveries.parts IS NULL)))`
}

/** Assignments that begin a delivery anew after a definite failure: word of the attempt that failed no longer concerns it. */
export const beginAnew = sql.raw(`status = 'queued', claim_token = NULL, provider_sid = NULL, error_code = NULL,
  former_sids = CASE WHEN provider_sid IS NULL THEN former_sids ELSE json_insert(former_sids, '$[#]', provider_sid) END`)

/** Asks for a recount; writes nothing when one is asked for already. */
export const markStale = (logId: number | SQL): SQL =>
  sql`UPDATE message_logs SET counts_stale = 1 WHERE id = ${logId} AND counts_stale = 0`

/** Someone whose delivery failed: who it was is read from the row. */
export type Failure = { deliveryId: number | SQL; logId: number | SQL; code: number | null }

const missCodes = JSON.stringify(codesOf('suppress_after_n'))

/** What a failure does to its contact. Nothing here deletes anything, and only recipient-side classes reach it. */
export function contactEffect(failure: Failure, effect: Effect, now: number): SQL[] {
  if (effect.kind === 'opt_out') return [optOutOf(failure, now)]
  if (effect.kind === 'suppress') return [suppress(failure, effect.after, now)]
  return []
}

const optOutOf = ({ deliveryId, logId }: Failure, now: number): SQL => sql`
  INSERT INTO unsubscribed_contacts (phone, name, reason, source, log_id, created_at)
  SELECT phone, name, 'Had replied STOP to our number', 'message_failure', ${logId}, ${now} FROM message_deliveries WHERE id = ${deliveryId}
  ${onOptedOutAlready}`

/** After `after` such failures on as many different days (UTC), this one included; those before staff lifted a block count no more. */
const suppress = ({ deliveryId, logId, code }: Failure, after: number, now: number): SQL => sql`
  INSERT INTO suppressed_contacts (phone, name, category, reason, error_code, source, log_id, created_at)
  SELECT d.phone, d.name, 'hard_fail', ${explain(code).title}, ${code}, 'message_failure', ${logId}, ${now} FROM message_deliveries d
  WHERE d.id = ${deliveryId} AND ${after} <= (
    SELECT count(DISTINCT f.updated_at / 86400000) FROM message_deliveries f
    WHERE f.phone = d.phone AND f.status IN ('failed', 'undelivered')
      AND f.updated_at >= ${lastGivenBack('lifted', sql`d.phone`)} AND (${after} = 1 OR f.error_code IN (SELECT value FROM json_each(${missCodes}))))
  ON CONFLICT (phone) DO NOTHING`
