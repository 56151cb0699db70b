import { sql } from 'drizzle-orm'
import { trailOf } from '../audit/audit'
import { atomically } from '../db/database'
import type { AlertKind } from '../db/schema'
import type { Deps } from '../deps'
import { describeFault } from '../faults'
import type { SendOutcome } from '../sms/provider'
import { alertText, alertTopics } from './words'

type Alert = { id: number; kind: AlertKind; detail: string; attempts: number; username: string; phone: string; blocked: number }

/** Each costs four operations of a Worker's run. */
const mostAtOnce = 5
const mostAttempts = 3
const waitMs = 30_000
/** A claim this old has no result any more: whoever had it is gone. */
const lostAfterMs = 5 * 60_000

/**
 * Sends the alerts that are due. A claim is durable before the text leaves and is never claimed again: whoever dies with it costs an alert,
 * not a second text.
 */
export async function sendAlerts(deps: Deps): Promise<void> {
  await giveUpLost(deps)
  for (let sent = 0; sent < mostAtOnce; sent++) {
    if (deps.stopping()) return
    const alert = await claimNext(deps)
    if (!alert) return
    await sendAlert(deps, alert)
  }
  await deps.queue.send({ type: 'alerts' })
}

/** Whoever opted out by now is known in the statement that claims, as with any text of ours. */
async function claimNext({ db, now }: Deps): Promise<Alert | undefined> {
  const phone = sql`(SELECT phone FROM users u WHERE u.id = user_id)`
  const [alert] = await db.all<Alert>(sql`
    UPDATE security_alerts SET claimed_at = ${now()}, due_at = NULL, attempts = attempts + 1
    WHERE id = (SELECT id FROM security_alerts WHERE done_at IS NULL AND due_at <= ${now()} ORDER BY id LIMIT 1) AND due_at IS NOT NULL
    RETURNING id, kind, detail, attempts, (SELECT username FROM users u WHERE u.id = user_id) AS username, coalesce(${phone}, '') AS phone,
      (EXISTS (SELECT 1 FROM unsubscribed_contacts o WHERE o.phone = ${phone})
        OR EXISTS (SELECT 1 FROM suppressed_contacts s WHERE s.phone = ${phone})) AS blocked`)
  return alert
}

async function sendAlert(deps: Deps, alert: Alert): Promise<void> {
  if (alert.phone === '') return finish(deps, alert, 'the phone was taken away')
  if (alert.blocked === 1) return finish(deps, alert, 'the phone has opted out or does not work')
  const { config, sms } = deps
  const outcome = await sms
    .send({
      to: alert.phone,
      body: alertText(alert.kind, alert.username, alert.detail, Math.ceil(config.auth.lockoutMs / 60_000)),
      // No delivery of a blast: what comes back is acknowledged, and changes nothing.
      statusCallbackUrl: `${config.publicUrl}/webhooks/twilio/status?alert=${alert.id}`,
    })
    .catch((fault): SendOutcome => {
      deps.log('alert failed', { fault: describeFault(fault) })
      return { kind: 'unknown', reason: 'fault' }
    })
  if (await waits(deps, alert, outcome)) return
  return finish(deps, alert, whyNot(outcome))
}

/** What surely never left may go again a little later. */
async function waits({ db, now, queue }: Deps, { id, attempts }: Alert, outcome: SendOutcome): Promise<boolean> {
  if ((outcome.kind !== 'throttled' && outcome.kind !== 'not_sent') || attempts >= mostAttempts) return false
  const delayMs = Math.max(waitMs, outcome.kind === 'throttled' ? (outcome.retryAfterMs ?? 0) : 0)
  await db.run(sql`UPDATE security_alerts SET due_at = ${now() + delayMs}, claimed_at = NULL WHERE id = ${id} AND done_at IS NULL`)
  await queue.send({ type: 'alerts' }, delayMs)
  return true
}

function whyNot(outcome: SendOutcome): string | null {
  switch (outcome.kind) {
    case 'accepted':
      return null
    case 'refused':
      return `refused, code ${outcome.code ?? 'unknown'}`
    case 'throttled':
      return 'the provider was too busy'
    case 'not_sent':
      return 'the provider was not reached'
    case 'unknown':
      return 'no answer, it may have arrived'
  }
}

/** `why` it was not sent; null where it was. */
async function finish(deps: Deps, alert: Pick<Alert, 'id' | 'kind' | 'username'>, why: string | null): Promise<void> {
  const subject = `user ${alert.username}: ${[alertTopics[alert.kind], why].filter(Boolean).join('; ')}`
  const result = why === null ? ({ type: 'alert_sent' } as const) : ({ type: 'alert_failed', outcome: 'failure' } as const)
  await atomically(deps.db, [
    sql`UPDATE security_alerts SET done_at = ${deps.now()} WHERE id = ${alert.id} AND done_at IS NULL`,
    ...trailOf(deps, { ...result, by: null, address: '', subject }),
  ])
}

async function giveUpLost(deps: Deps): Promise<void> {
  const lost = await deps.db.all<Pick<Alert, 'id' | 'kind' | 'username'>>(sql`
    SELECT a.id, a.kind, u.username FROM security_alerts a JOIN users u ON u.id = a.user_id
    WHERE a.done_at IS NULL AND a.due_at IS NULL AND a.claimed_at <= ${deps.now() - lostAfterMs} LIMIT ${mostAtOnce}`)
  for (const alert of lost) await finish(deps, alert, 'no answer, it may have arrived')
}
