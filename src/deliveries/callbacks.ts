import { sql } from 'drizzle-orm'
import { atomically } from '../db/database'
import type { DeliveryStatus } from '../db/schema'
import type { Deps } from '../deps'
import type { ProviderStatus } from '../sms/provider'
import { reachedAfterAll } from './due'
import { effectOf, toDeliveryStatus } from './outcomes'
import { pauseForCode, pauseIfAlike } from './pausing'
import { contactEffect, markStale } from './record'

export type StatusCallback = {
  deliveryId: number
  attemptToken: string
  sid: string
  status: ProviderStatus
  errorCode: number | null
  /** Null or 0: not told. */
  parts: number | null
}

/**
 * States from which a callback of this attempt moves on. Provider states only move forward; a callback proves that the provider has the
 * text, so it also settles what we held for unknown, put back in the queue or gave up.
 */
const before: Record<'accepted' | 'sent' | 'delivered' | 'undelivered' | 'failed', readonly DeliveryStatus[]> = {
  accepted: ['sending', 'unknown', 'queued', 'skipped'],
  sent: ['sending', 'unknown', 'queued', 'skipped', 'accepted'],
  delivered: ['sending', 'unknown', 'queued', 'skipped', 'accepted', 'sent'],
  undelivered: ['sending', 'unknown', 'queued', 'skipped', 'accepted', 'sent'],
  failed: ['sending', 'unknown', 'queued', 'skipped', 'accepted', 'sent'],
}

/**
 * Twilio's word on one attempt: late, twice, shuffled or for a delivery that is gone, it never moves anything backwards. One batch: a
 * callback that was half done would be taken for a repeated one when it comes again.
 * `ignored`: nothing to change. Source: https://www.twilio.com/docs/messaging/guides/track-outbound-message-status
 */
export async function applyStatusCallback(deps: Deps, callback: StatusCallback): Promise<'applied' | 'ignored'> {
  const { db } = deps
  const now = deps.now()
  const { deliveryId, attemptToken, sid, errorCode } = callback
  const status = toDeliveryStatus(callback.status) as keyof typeof before
  const failed = status === 'undelivered' || status === 'failed'
  const effect = failed ? effectOf(errorCode) : ({ kind: 'none' } as const)
  // Of the delivery where this callback has moved it, at this moment; else NULL, and what follows changes nothing.
  const justMoved = sql`FROM message_deliveries WHERE id = ${deliveryId} AND claim_token = ${attemptToken} AND status = ${status} AND updated_at = ${now}`
  const logId = sql`(SELECT log_id ${justMoved})`
  const [moved] = await atomically(db, [
    sql`
      UPDATE message_deliveries SET status = ${status}, provider_sid = ${sid}, error_code = ${errorCode}, skip_reason = NULL,
        parts = coalesce(${callback.parts || null}, parts), lease_until_at = NULL, needs_person = 0, updated_at = ${now}
      WHERE id = ${deliveryId} AND claim_token = ${attemptToken} AND (provider_sid IS NULL OR provider_sid = ${sid})
        AND status IN (SELECT value FROM json_each(${JSON.stringify(before[status])}))
      RETURNING id`,
    markStale(logId),
    reachedAfterAll(logId),
    ...contactEffect({ deliveryId: sql`(SELECT id ${justMoved})`, logId, code: errorCode }, effect, now),
    ...(effect.kind === 'pause' ? [pauseForCode(logId, errorCode)] : []),
    ...(effect.kind === 'watch' && errorCode !== null ? [pauseIfAlike(logId, errorCode)] : []),
  ])
  return moved?.rows.length === 1 ? 'applied' : 'ignored'
}
