import { eq, type InferSelectModel, type SQL, sql } from 'drizzle-orm'
import type { TrailOfNew } from '../audit/audit'
import { atomically, type Db } from '../db/database'
import { recurringSchedules } from '../db/schema'
import type { Deps } from '../deps'
import { NotFound } from '../faults'
import { type Occurrence, occurrencesAround, type Rule } from './recurrence'
import type { ScheduleDraft } from './scheduled'

export type Recurring = Omit<InferSelectModel<typeof recurringSchedules>, 'rule'> & { rule: Rule }

/** Occurrences that wait at a time: enough to see what comes and to skip one. */
const ahead = 3
/** Series refilled in one pass. */
const mostRefills = 50

type New = Omit<ScheduleDraft, 'at' | 'timeZone'> & { rule: Rule; submissionId: string; createdBy: string; trail: TrailOfNew }

/** Stores the series, once for each submission, with its first occurrences. */
export async function repeatText(deps: Pick<Deps, 'db' | 'now'>, draft: New): Promise<{ kind: 'created' | 'already'; id: number }> {
  const { db, now } = deps
  const { messageBody, audience, includeUnsubscribe, submissionId, createdBy } = draft
  const text = {
    messageBody,
    target: audience.target,
    eventId: audience.eventId,
    testMode: audience.testPhone !== null,
    includeUnsubscribe,
  }
  const insertSeries = db
    .insert(recurringSchedules)
    .values({ ...text, submissionId, createdBy, rule: JSON.stringify(draft.rule), refillAt: now(), createdAt: now() })
    .onConflictDoNothing({ target: recurringSchedules.submissionId })
    .returning({ id: recurringSchedules.id })
  const [stored] = await atomically<{ id: number }>(db, [
    insertSeries.getSQL(),
    ...draft.trail(sql`(SELECT id FROM recurring_schedules WHERE submission_id = ${submissionId})`),
  ])
  const made = stored?.rows[0]
  const [row] = made
    ? [made]
    : await db.select({ id: recurringSchedules.id }).from(recurringSchedules).where(eq(recurringSchedules.submissionId, submissionId))
  if (!row) throw new Error('series neither stored nor there')
  await refill(deps, await findRecurring(deps, row.id))
  return { kind: made ? 'created' : 'already', id: row.id }
}

/** Makes the occurrences that come next, each once however many do it at the same time. */
export async function refillRecurring(deps: Pick<Deps, 'db' | 'now'>): Promise<void> {
  const { db, now } = deps
  const rows = await db
    .select()
    .from(recurringSchedules)
    .where(sql`refill_at <= ${now()} AND ended_at IS NULL`)
    .orderBy(recurringSchedules.refillAt)
    .limit(mostRefills)
  for (const row of rows) await refill(deps, withRule(row))
}

/**
 * The next few, and of those that were missed meanwhile only the last, which may still be sent or is told to be late. What was made before,
 * deleted ones too, is not made again: `made_through` is asked in each statement.
 */
async function refill({ db, now }: Pick<Deps, 'db' | 'now'>, recurring: Recurring): Promise<void> {
  const { last, next, more } = occurrencesAround(recurring.rule, now(), ahead)
  const made = [...(last ? [last] : []), ...next]
  const through = made.at(-1)?.date ?? ''
  const refillAt = more ? (next[0]?.at ?? null) : null
  await atomically(db, [
    ...made.map((occurrence) => insert(recurring, occurrence, now())),
    sql`UPDATE recurring_schedules SET made_through = max(made_through, ${through}), refill_at = ${refillAt}
      WHERE id = ${recurring.id} AND made_through <= ${through} AND ended_at IS NULL`,
  ])
}

const insert = ({ id, rule }: Recurring, { date, at }: Occurrence, now: number): SQL => sql`
  INSERT INTO scheduled_messages (status, message_body, target, event_id, test_mode, include_unsubscribe, submission_id, time_zone, due_at,
    schedule_id, created_by, created_at, updated_at)
  SELECT 'pending', message_body, target, event_id, test_mode, include_unsubscribe, ${`series-${id}-${date}`}, ${rule.timeZone}, ${at},
    id, created_by, ${now}, ${now}
  FROM recurring_schedules WHERE id = ${id} AND ended_at IS NULL AND made_through < ${date} ON CONFLICT DO NOTHING`

/** No more of them: those that wait are cancelled with it. How many these were; null when it had ended already. */
export async function endRecurring({ db, now }: Pick<Deps, 'db' | 'now'>, id: number): Promise<number | null> {
  const [ended, cancelled] = await atomically(db, [
    sql`UPDATE recurring_schedules SET ended_at = ${now()}, refill_at = NULL WHERE id = ${id} AND ended_at IS NULL RETURNING id`,
    sql`UPDATE scheduled_messages SET status = 'cancelled', updated_at = ${now()} WHERE schedule_id = ${id} AND status = 'pending'`,
  ])
  return ended?.rows.length === 0 ? null : (cancelled?.changes ?? 0)
}

/** Throws NotFound. */
export async function findRecurring({ db }: { db: Db }, id: number): Promise<Recurring> {
  const [row] = await db.select().from(recurringSchedules).where(eq(recurringSchedules.id, id))
  if (!row) throw new NotFound()
  return withRule(row)
}

export const withRule = (row: InferSelectModel<typeof recurringSchedules>): Recurring => ({ ...row, rule: JSON.parse(row.rule) as Rule })
