import { type SQL, sql } from 'drizzle-orm'
import type { Trail } from '../audit/audit'
import { atomically, type Db } from '../db/database'
import type { BlastStatus } from '../db/schema'
import { beginAnew } from '../deliveries/record'
import { doubtAnew } from '../deliveries/restored'
import type { Deps } from '../deps'
import { NotFound } from '../faults'
import { helplessCodes } from '../sms/outcome'
import { type BlastAct, transitions } from './blasts'

export type ActResult =
  /** `handedOver`: with the provider, or on the way there. `spared`: by this act, not by an opt-out or a block. `queued`: still to be texted. */
  | { kind: 'done'; handedOver: number; spared: number; queued: number }
  /** Its state forbids it: another tab was quicker, or it went on meanwhile. */
  | { kind: 'refused'; status: BlastStatus }

/** Who acts, and what that leaves in the audit trail, in the batch of the act. */
export type By = { username: string; trail: Trail }
type Traced = Pick<By, 'trail'>

const untraced: Traced = { trail: [] }

/** Within the hold: nobody is texted. */
export function undoBlast(deps: Deps, id: number, { trail } = untraced): Promise<ActResult> {
  const then = [...trail, skipWaiting(id, 'undone', deps.now())]
  return act(deps, id, 'undo', sql`status = 'cancelled', finished_at = ${deps.now()}`, then)
}

/** What is in flight ends; the rest waits for Resume. */
export function pauseBlast(deps: Deps, id: number, { username, trail }: By): Promise<ActResult> {
  return act(deps, id, 'pause', sql`status = 'paused', pause_code = NULL, paused_by = ${username}`, [...trail])
}

export async function resumeBlast(deps: Deps, id: number, { trail } = untraced): Promise<ActResult> {
  const change = sql`status = 'processing', pause_code = NULL, paused_by = '', ${goesOn(deps.now(), sql`1`)}`
  const result = await act(deps, id, 'resume', change, [...trail])
  if (result.kind === 'done') await goOn(deps, id, result.queued)
  return result
}

/** What is in flight ends; the rest is spared. It is finished when nothing is in flight or being reconciled (deliveries/due.ts). */
export async function cancelBlast(deps: Deps, id: number, { trail } = untraced): Promise<ActResult> {
  const result = await act(deps, id, 'cancel', sql`status = 'cancelled'`, [...trail, skipWaiting(id, 'cancelled', deps.now())])
  if (result.kind === 'done') await deps.queue.send({ type: 'send' })
  return result
}

const helpless = JSON.stringify(helplessCodes)

/** Condition on a delivery `message_deliveries`: it failed for good, and another try can help. Numbers that are blocked or opted out stay. */
export const retryable = sql`(status IN ('failed', 'undelivered') AND (error_code IS NULL OR error_code NOT IN (SELECT value FROM json_each(${helpless})))
  AND NOT EXISTS (SELECT 1 FROM unsubscribed_contacts o WHERE o.phone = message_deliveries.phone)
  AND NOT EXISTS (SELECT 1 FROM suppressed_contacts s WHERE s.phone = message_deliveries.phone))`

/** Condition on a blast `message_logs`: what the former app sent, perhaps years ago, is history. */
const ownBlast = sql.raw("submission_id NOT LIKE 'legacy-%'")

export async function countRetryable(db: Db, id: number): Promise<number> {
  const row = await db.get<{ n: number }>(sql`
    SELECT count(*) AS n FROM message_deliveries WHERE log_id = ${id} AND ${retryable} AND (SELECT ${ownBlast} FROM message_logs WHERE id = ${id})`)
  return row?.n ?? 0
}

/**
 * The failed ones begin anew within the same blast; late word of their first attempt no longer concerns them. Of a blast from a backup the
 * provider is asked first.
 */
export async function retryBlast(deps: Deps, id: number, { trail } = untraced): Promise<ActResult> {
  const again = sql`
    UPDATE message_deliveries SET ${beginAnew}, attempts = 0, not_before_at = 0, updated_at = ${deps.now()}
    WHERE log_id = ${id} AND ${retryable} AND (SELECT status FROM message_logs WHERE id = ${id}) = 'processing'`
  const doubt = doubtAnew(id, { token: deps.newToken(), now: deps.now(), askAt: deps.now() })
  const some = sql`${ownBlast} AND EXISTS (SELECT 1 FROM message_deliveries WHERE log_id = ${id} AND ${retryable})`
  const change = sql`status = 'processing', finished_at = NULL, paused_by = '', ${goesOn(deps.now(), sql`NOT ${retryable}`)}`
  const result = await act(deps, id, 'retry', change, [...trail, again, doubt], some)
  if (result.kind === 'done') await goOn(deps, id, result.queued)
  return result
}

/** From here its rate is counted. `stays`: condition on a delivery that is handled now and will be. */
const goesOn = (now: number, stays: SQL): SQL => sql`resumed_at = ${now}, resumed_handled = (
  SELECT count(*) FROM message_deliveries WHERE log_id = message_logs.id AND status NOT IN ('queued', 'sending', 'skipped') AND ${stays})`

/** Of a blast from a backup nobody may be queued: each is looked up first, when the provider's list is to be had. */
async function goOn({ db, queue, now }: Deps, id: number, queued: number): Promise<void> {
  if (queued > 0) return queue.send({ type: 'send' })
  const first = await db.get<{ at: number | null }>(
    sql`SELECT min(not_before_at) AS at FROM message_deliveries WHERE log_id = ${id} AND status = 'unknown' AND needs_person = 0`,
  )
  await queue.send({ type: 'reconcile' }, Math.max(0, (first?.at ?? 0) - now()))
}

const skipWaiting = (id: number, reason: string, now: number): SQL => sql`
  UPDATE message_deliveries SET status = 'skipped', skip_reason = ${reason}, updated_at = ${now}
  WHERE log_id = ${id} AND status = 'queued' AND (SELECT status FROM message_logs WHERE id = ${id}) = 'cancelled'`

/** One batch: the blast moves only from a state that allows it, and what follows happens only if it moved. Throws NotFound. */
async function act(deps: Deps, id: number, name: BlastAct, change: SQL, then: SQL[], condition: SQL = sql`1`): Promise<ActResult> {
  const allowed = JSON.stringify(transitions[name])
  const done = await atomically<Record<string, unknown>>(deps.db, [
    sql`UPDATE message_logs SET ${change}, counts_stale = 1 WHERE id = ${id} AND status IN (SELECT value FROM json_each(${allowed})) AND ${condition} RETURNING id`,
    ...then,
    sql`
      SELECT (SELECT status FROM message_logs WHERE id = ${id}) AS status,
        sum(status NOT IN ('queued', 'skipped', 'failed') OR provider_sid IS NOT NULL) AS "handedOver",
        sum(status = 'skipped' AND skip_reason IN ('undone', 'cancelled')) AS spared, sum(status = 'queued') AS queued
      FROM message_deliveries WHERE log_id = ${id}`,
  ])
  const after = done.at(-1)?.rows[0] as
    | { status: BlastStatus | null; handedOver: number | null; spared: number | null; queued: number | null }
    | undefined
  if (!after?.status) throw new NotFound()
  if (done[0]?.rows.length !== 1) return { kind: 'refused', status: after.status }
  return { kind: 'done', handedOver: after.handedOver ?? 0, spared: after.spared ?? 0, queued: after.queued ?? 0 }
}
