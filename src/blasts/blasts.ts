import { type SQL, sql } from 'drizzle-orm'
import type { TrailOfNew } from '../audit/audit'
import { atomically } from '../db/database'
import type { BlastStatus, messageLogs } from '../db/schema'
import type { Deps } from '../deps'
import { type Audience, byName, fingerprint, pool, reachable } from './audience'

export type BlastDraft = {
  /** The template as it goes out, STOP line included. */
  messageBody: string
  audience: Audience
  includeUnsubscribe: boolean
  /** From the review form: a second submission of it is the same blast. */
  submissionId: string
  /** Of the audience that was reviewed (audience.ts). */
  fingerprint: string
  /** Left out at the review, for the log. */
  excluded: { optedOut: number; suppressed: number; duplicates: number }
  /** Username. */
  createdBy: string
  /** Instead of SEND_HOLD_SECONDS, where nobody is there to press undo. */
  holdMs?: number
  /** Asked within the batch: where it does not hold, nothing is stored. */
  onlyIf?: SQL
  /** Recorded where it is stored, in the same batch. */
  trail: TrailOfNew
  /** Done in the same batch, after the blast is stored or was found. */
  alongside?: SQL
}

export type CreateResult =
  | { kind: 'created'; id: number }
  /** The same form was sent before: this is its blast. */
  | { kind: 'already'; id: number }
  /** The audience is not the one that was reviewed, or nobody is left in it: nothing was stored. */
  | { kind: 'changed' }

/** Total of a blast whose recipients are not stored yet; never seen outside the batch that makes both. */
const unsnapshot = -1

/**
 * Stores the blast and its deliveries in one batch, so that both are there or neither, and nudges the sender. The audience is compared
 * within that batch: what was reviewed is what is sent. It is `held` for SEND_HOLD_SECONDS, or `holdMs`, in which undo sends nothing.
 */
export async function createBlast(deps: Deps, draft: BlastDraft): Promise<CreateResult> {
  const { db, config, sms } = deps
  const now = deps.now()
  const { audience, submissionId } = draft
  const { holdMs = config.sending.holdMs, onlyIf = sql`1`, trail, alongside } = draft
  const unchanged: SQL = audience.testPhone === null ? sql`(${fingerprint(audience)}) = ${draft.fingerprint}` : sql`1`
  const done = await atomically<{ id: number }>(db, [
    sql`
      INSERT INTO message_logs (status, message_body, target, event_id, test_mode, include_unsubscribe, sender, submission_id, created_by,
        total_recipients, excluded_opted_out, excluded_suppressed, excluded_duplicate, hold_until_at, created_at)
      SELECT 'held', ${draft.messageBody}, ${audience.target}, ${audience.eventId}, ${audience.testPhone === null ? 0 : 1},
        ${draft.includeUnsubscribe ? 1 : 0}, ${sms.sender}, ${submissionId}, ${draft.createdBy},
        ${unsnapshot}, ${draft.excluded.optedOut}, ${draft.excluded.suppressed}, ${draft.excluded.duplicates}, ${now + holdMs}, ${now}
      WHERE ${onlyIf} AND ${unchanged} ON CONFLICT (submission_id) DO NOTHING RETURNING id`,
    snapshot(audience, submissionId, now),
    sql`UPDATE message_logs SET total_recipients = changes(), first_delivery_id = last_insert_rowid() - changes() + 1
      WHERE submission_id = ${submissionId} AND total_recipients = ${unsnapshot} AND changes() > 0`,
    ...trail(sql`(SELECT id FROM message_logs WHERE submission_id = ${submissionId})`),
    sql`DELETE FROM message_logs WHERE submission_id = ${submissionId} AND total_recipients = ${unsnapshot}`,
    ...(alongside ? [alongside] : []),
    sql`SELECT id FROM message_logs WHERE submission_id = ${submissionId}`,
  ])
  const row = done.at(-1)?.rows[0]
  if (!row) return { kind: 'changed' }
  if (done[0]?.rows.length === 0) return { kind: 'already', id: row.id }
  await deps.queue.send({ type: 'send' }, holdMs)
  return { kind: 'created', id: row.id }
}

function snapshot(audience: Audience, submissionId: string, now: number): SQL {
  const people =
    audience.testPhone === null
      ? sql`SELECT l.id, p.phone, p.name, 'queued', ${now} FROM ${pool(audience)} p, message_logs l WHERE ${reachable}`
      : sql`SELECT l.id, ${audience.testPhone}, '', 'queued', ${now} FROM message_logs l WHERE 1`
  return sql`
    INSERT INTO message_deliveries (log_id, phone, name, status, updated_at)
    ${people} AND l.submission_id = ${submissionId} AND l.total_recipients = ${unsnapshot}
    ${audience.testPhone === null ? sql`ORDER BY ${byName}` : sql``}`
}

/** What staff may do with a blast in which state; guarded in SQL by acts.ts. */
export const transitions = {
  undo: ['held'],
  pause: ['processing'],
  resume: ['paused'],
  cancel: ['processing', 'paused'],
  retry: ['sent', 'failed'],
} as const satisfies Record<string, readonly BlastStatus[]>

export type BlastAct = keyof typeof transitions

export const mayBlast = (act: BlastAct, status: BlastStatus): boolean => (transitions[act] as readonly BlastStatus[]).includes(status)

export type Blast = typeof messageLogs.$inferSelect
