import { type SQL, sql } from 'drizzle-orm'
import type { DeliveryStatus } from '../db/schema'

export type Claimed = { id: number; phone: string; name: string; attempts: number; status: DeliveryStatus }

export type Claim = {
  logId: number
  /** Proof of this attempt: it rides in the callback URL, and only its holder may record the result. */
  token: string
  limit: number
  now: number
  leaseMs: number
}

/**
 * Takes up to `limit` waiting deliveries of a blast that is processing, durably, before any request leaves. In the same statement whoever
 * opted out or was suppressed since the snapshot becomes `skipped`: an opt-out that is stored is never overtaken by a claim. A test to the
 * office phone goes out though the phone is suppressed, but not after STOP. Rows returned as `sending` are to be sent; those returned as `skipped` are done.
 */
export function claim({ logId, token, limit, now, leaseMs }: Claim): SQL {
  const optedOut = sql`EXISTS (SELECT 1 FROM unsubscribed_contacts o WHERE o.phone = message_deliveries.phone)`
  const suppressed = sql`EXISTS (SELECT 1 FROM suppressed_contacts s WHERE s.phone = message_deliveries.phone)`
  const checked = sql`(SELECT NOT test_mode FROM message_logs WHERE id = ${logId})`
  const blocked = sql`(${optedOut} OR (${checked} AND ${suppressed}))`
  return sql`
    UPDATE message_deliveries SET
      status = CASE WHEN ${blocked} THEN 'skipped' ELSE 'sending' END,
      skip_reason = CASE WHEN ${optedOut} THEN 'opted_out' WHEN ${checked} AND ${suppressed} THEN 'suppressed' END,
      claim_token = ${token}, lease_until_at = ${now + leaseMs}, attempted_at = ${now}, updated_at = ${now}
    WHERE id IN (
      SELECT d.id FROM message_deliveries d
      WHERE d.log_id = ${logId} AND d.status = 'queued' AND d.not_before_at <= ${now} ORDER BY d.id LIMIT ${limit})
    AND status = 'queued'
    AND EXISTS (SELECT 1 FROM message_logs l WHERE l.id = ${logId} AND l.status = 'processing' AND l.throttled_until_at <= ${now})
    RETURNING id, phone, name, attempts, status`
}

/** A claim whose lease ended without a result: the provider may have it. */
export function sweepLapsed(now: number): SQL {
  return sql`
    UPDATE message_deliveries SET status = 'unknown', lease_until_at = NULL, not_before_at = ${now}, updated_at = ${now}
    WHERE status = 'sending' AND lease_until_at <= ${now} AND log_id IN (SELECT id FROM message_logs WHERE finished_at IS NULL)
    RETURNING log_id AS "logId"`
}
