import { type SQL, sql } from 'drizzle-orm'
import { atomically } from '../db/database'
import type { DeliveryStatus } from '../db/schema'
import type { Deps } from '../deps'
import type { ProviderStatus } from '../sms/provider'
import { finishBlasts, reachedAfterAll, reopenBlast } from './due'
import { attemptsFor, backoffMs, effectOf, toDeliveryStatus } from './outcomes'
import { pauseForCode, pauseIfAlike } from './pausing'
import { beginAnew, contactEffect, type Failure, markStale } from './record'

export type StatusCallback = {
  deliveryId: number
  attemptToken: string
  sid: string
  status: ProviderStatus
  errorCode: number | null
  /** Null or 0: not told. */
  parts: number | null
}

/** What the provider says of one attempt, in a callback or in its list. */
type Word = Pick<StatusCallback, 'deliveryId' | 'attemptToken' | 'sid' | 'status' | 'errorCode'>

type Rows = { rows: readonly Record<string, unknown>[] }

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
  const now = deps.now()
  const { deliveryId, attemptToken, sid, errorCode } = callback
  const status = toDeliveryStatus(callback.status) as keyof typeof before
  const results = await atomically(deps.db, [
    sql`
      UPDATE message_deliveries SET status = ${status}, provider_sid = ${sid}, error_code = ${errorCode}, skip_reason = NULL,
        parts = coalesce(${callback.parts || null}, parts), lease_until_at = NULL, needs_person = 0, updated_at = ${now}
      WHERE id = ${deliveryId} AND claim_token = ${attemptToken} AND (provider_sid IS NULL OR provider_sid = ${sid})
        AND status IN (SELECT value FROM json_each(${JSON.stringify(before[status])}))
      RETURNING id`,
    ...afterWord(callback, now, deps.random()),
    // The blast may have waited for this word alone.
    finishBlasts(now, sql`id = (SELECT log_id FROM message_deliveries WHERE id = ${deliveryId})`),
  ])
  if (results[0]?.rows.length !== 1) return 'ignored'
  await nudgeForAnother(deps, results, now)
  return 'applied'
}

/** What follows, in the batch that moved the delivery at `now` by the provider's word; where it moved nothing, nothing does. */
export function afterWord({ deliveryId, attemptToken, sid, status: word, errorCode: code }: Word, now: number, jitter: number): SQL[] {
  const status = toDeliveryStatus(word)
  const justMoved = sql`FROM message_deliveries WHERE id = ${deliveryId} AND claim_token = ${attemptToken} AND provider_sid = ${sid}
    AND status = ${status} AND updated_at = ${now}`
  const logId = sql`(SELECT log_id ${justMoved})`
  const failed = status === 'undelivered' || status === 'failed'
  const failure = { deliveryId: sql`(SELECT id ${justMoved})`, logId, code }
  return [markStale(logId), reachedAfterAll(logId), ...(failed ? afterFailure(failure, begunAnew(deliveryId, now), now, jitter) : [])]
}

/** Where a delivery waits for another try: the sender looks when its time has come. */
export async function nudgeForAnother({ queue }: Deps, results: readonly Rows[], now: number): Promise<void> {
  const waits = results.flatMap(({ rows }) => rows.flatMap(({ notBefore }) => (typeof notBefore === 'number' ? [notBefore - now] : [])))
  if (waits[0] !== undefined) await queue.send({ type: 'send' }, waits[0])
}

/** The blast of the delivery if it has begun anew at this moment; else NULL. */
const begunAnew = (deliveryId: number, now: number): SQL =>
  sql`(SELECT log_id FROM message_deliveries WHERE id = ${deliveryId} AND status = 'queued' AND claim_token IS NULL AND updated_at = ${now})`

/**
 * The provider says that a text it had did not arrive, and why. Recipient's side: the contact's block. Ours: the delivery waits with a
 * paused blast. Passing: it waits for another try. A cancelled blast stays as it is.
 */
function afterFailure(failure: Failure, begun: SQL, now: number, jitter: number): SQL[] {
  const { deliveryId, logId, code } = failure
  const effect = effectOf(code)
  const goesOn = sql`(SELECT status FROM message_logs WHERE id = log_id) <> 'cancelled'`
  if (effect.kind === 'pause')
    return [sql`UPDATE message_deliveries SET ${beginAnew} WHERE id = ${deliveryId} AND ${goesOn}`, pauseForCode(begun, code)]
  if (effect.kind === 'watch' && code !== null) return [pauseIfAlike(logId, code)]
  const tries = attemptsFor(code)
  if (tries === 0) return contactEffect(failure, effect, now)
  // One wait for each number of failures so far: SQL picks it by the row's count.
  const waits = Array.from({ length: tries }, (_, failures) => now + backoffMs(failures + 1, jitter))
  return [
    sql`
      UPDATE message_deliveries SET ${beginAnew}, attempts = attempts + 1, not_before_at = json_extract(${JSON.stringify(waits)}, '$[' || attempts || ']')
      WHERE id = ${deliveryId} AND attempts + 1 < ${tries} AND ${goesOn} RETURNING not_before_at AS "notBefore"`,
    reopenBlast(begun, now),
  ]
}
