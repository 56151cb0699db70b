import { eq, type InferSelectModel, inArray, sql } from 'drizzle-orm'
import type { TrailOfNew } from '../audit/audit'
import type { Audience } from '../blasts/audience'
import { atomically, type Db, isUniqueFault } from '../db/database'
import { scheduledMessages, type scheduledStatuses } from '../db/schema'
import type { Deps } from '../deps'
import { NotFound } from '../faults'

export type Scheduled = InferSelectModel<typeof scheduledMessages>
export type ScheduledStatus = (typeof scheduledStatuses)[number]

/** What staff may do with one in which state; guarded in SQL. */
export const transitions = {
  edit: ['pending'],
  cancel: ['pending'],
  delete: ['pending', 'sent', 'failed', 'expired', 'cancelled'],
} as const satisfies Record<string, readonly ScheduledStatus[]>

export const mayScheduled = (act: keyof typeof transitions, status: ScheduledStatus): boolean =>
  (transitions[act] as readonly ScheduledStatus[]).includes(status)

/** A text with its time. */
export type ScheduleDraft = {
  /** The template as it goes out, STOP line included. */
  messageBody: string
  audience: Audience
  includeUnsubscribe: boolean
  /** UTC ms. */
  at: number
  timeZone: string
}

type New = ScheduleDraft & { submissionId: string; createdBy: string; trail: TrailOfNew }

/** Stores it, once for each submission. */
export async function schedule(deps: Pick<Deps, 'db' | 'now'>, draft: New): Promise<{ kind: 'created' | 'already'; id: number }> {
  const { db, now } = deps
  const at = { createdAt: now(), updatedAt: now() }
  const { submissionId, createdBy, trail } = draft
  const insert = db
    .insert(scheduledMessages)
    .values({ ...columnsOf(draft), status: 'pending', submissionId, createdBy, ...at })
    .onConflictDoNothing({ target: scheduledMessages.submissionId })
    .returning({ id: scheduledMessages.id })
  const [made] = await atomically<{ id: number }>(db, [
    insert.getSQL(),
    ...trail(sql`(SELECT id FROM scheduled_messages WHERE submission_id = ${submissionId})`),
  ])
  const row = made?.rows[0]
  if (row) return { kind: 'created', id: row.id }
  const [earlier] = await db
    .select({ id: scheduledMessages.id })
    .from(scheduledMessages)
    .where(eq(scheduledMessages.submissionId, submissionId))
  if (!earlier) throw new Error('scheduled message neither stored nor there')
  return { kind: 'already', id: earlier.id }
}

/** Which state of it a form was filled from: every change makes another one. */
export const versionOf = ({ updatedAt }: Scheduled): string => String(updatedAt)

/** Another text or time for one that waits and is as it was at `version`; else `outdated`. `taken`: another one of its series is at that time. */
export async function editScheduled(
  deps: Pick<Deps, 'db' | 'now'>,
  { id, version }: { id: number; version: string },
  draft: ScheduleDraft,
): Promise<'saved' | 'outdated' | 'taken'> {
  try {
    const rows = await deps.db
      .update(scheduledMessages)
      .set({ ...columnsOf(draft), reason: '', updatedAt: sql`max(${deps.now()}, updated_at + 1)` })
      .where(sql`id = ${id} AND status = 'pending' AND updated_at = ${Number(version)}`)
      .returning({ id: scheduledMessages.id })
    return rows.length > 0 ? 'saved' : 'outdated'
  } catch (fault) {
    if (isUniqueFault(fault)) return 'taken'
    throw fault
  }
}

/** Whether it says all of this already: one change that was pressed twice. */
export const isStored = (message: Scheduled, draft: ScheduleDraft): boolean =>
  Object.entries(columnsOf(draft)).every(([name, value]) => message[name as keyof Scheduled] === value)

/** False when it does not wait any more. */
export async function cancelScheduled({ db, now }: Pick<Deps, 'db' | 'now'>, id: number): Promise<boolean> {
  const rows = await db
    .update(scheduledMessages)
    .set({ status: 'cancelled', updatedAt: now() })
    .where(sql`id = ${id} AND status = 'pending'`)
    .returning({ id: scheduledMessages.id })
  return rows.length > 0
}

/** How many are gone; one that is being sent stays. The blasts that they became are kept. */
export async function deleteScheduled({ db }: Pick<Deps, 'db'>, ids: readonly number[]): Promise<number> {
  const rows = await db.all<{ id: number }>(sql`
    DELETE FROM scheduled_messages WHERE id IN (SELECT value FROM json_each(${JSON.stringify(ids)})) AND status <> 'processing' RETURNING id`)
  return rows.length
}

/** Throws NotFound. */
export async function findScheduled({ db }: { db: Db }, id: number): Promise<Scheduled> {
  const [row] = await db.select().from(scheduledMessages).where(eq(scheduledMessages.id, id))
  if (!row) throw new NotFound()
  return row
}

const mostFound = 90

export const findAllScheduled = ({ db }: { db: Db }, ids: readonly number[]): Promise<Scheduled[]> =>
  db
    .select()
    .from(scheduledMessages)
    .where(inArray(scheduledMessages.id, ids.slice(0, mostFound)))

function columnsOf({ messageBody, audience, includeUnsubscribe, at, timeZone }: ScheduleDraft) {
  const testMode = audience.testPhone !== null
  return { messageBody, target: audience.target, eventId: audience.eventId, testMode, includeUnsubscribe, dueAt: at, timeZone }
}
