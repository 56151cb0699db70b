import { type SQL, sql } from 'drizzle-orm'
import { atomically } from '../db/database'
import { recurringSchedules } from '../db/schema'
import type { Deps } from '../deps'
import { occurrencesAround } from './recurrence'
import { withRule } from './recurring'

/** What the database that is replaced knows, where it can be read: of each message and series whether it still waits or goes on. */
export type Known = { messages: readonly { submissionId: string; waits: boolean }[]; ended: readonly string[] }

const waits = sql.raw(`(status = 'pending' OR (status = 'processing' AND log_id IS NULL))`)

/** Due by now: it may have gone out since the backup. Of each series the missed occurrences count as made; the last of them is told. */
export async function expireRestored({ db, now }: Pick<Deps, 'db' | 'now'>): Promise<number> {
  const at = now()
  const series = (await db.select().from(recurringSchedules).where(sql`ended_at IS NULL`)).map(withRule)
  const missed = series.flatMap(({ id, rule, madeThrough }) => {
    const { last } = occurrencesAround(rule, at, 1)
    return last && last.date > madeThrough ? [{ id, ...last, timeZone: rule.timeZone }] : []
  })
  const done = await atomically(db, [
    ...missed.map(
      ({ id, date, at: dueAt, timeZone }) => sql`
      INSERT INTO scheduled_messages (status, message_body, target, event_id, test_mode, include_unsubscribe, submission_id, time_zone, due_at,
        schedule_id, created_by, created_at, updated_at)
      SELECT 'pending', message_body, target, event_id, test_mode, include_unsubscribe, ${`series-${id}-${date}`}, ${timeZone}, ${dueAt},
        id, created_by, ${at}, ${at} FROM recurring_schedules WHERE id = ${id} ON CONFLICT DO NOTHING`,
    ),
    expire(sql`due_at <= ${at} OR status = 'processing'`, at),
  ])
  return done.at(-1)?.rows.length ?? 0
}

/** Those ahead that somebody cancelled, deleted or brought forward since the backup do not go out again. */
export async function expireOvertaken({ db, now }: Pick<Deps, 'db' | 'now'>, { messages, ended }: Known): Promise<number> {
  const waiting = JSON.stringify(messages.filter((message) => message.waits).map(({ submissionId }) => submissionId))
  const done = await atomically(db, [
    sql`UPDATE recurring_schedules SET ended_at = ${now()}, refill_at = NULL
      WHERE ended_at IS NULL AND submission_id IN (SELECT value FROM json_each(${JSON.stringify(ended)}))`,
    expire(sql`submission_id NOT IN (SELECT value FROM json_each(${waiting}))`, now()),
  ])
  return done.at(-1)?.rows.length ?? 0
}

const expire = (which: SQL, now: number): SQL => sql`
  UPDATE scheduled_messages SET status = 'expired', reason = 'restored', updated_at = ${now} WHERE ${waits} AND (${which}) RETURNING id`

/** Asked of the database that is replaced. */
export async function readKnown({ db }: Pick<Deps, 'db'>): Promise<Known> {
  const [messages, ended] = await Promise.all([
    db.all<{ submissionId: string; waits: number }>(sql`SELECT submission_id AS "submissionId", ${waits} AS waits FROM scheduled_messages`),
    db.all<{ submissionId: string }>(sql`SELECT submission_id AS "submissionId" FROM recurring_schedules WHERE ended_at IS NOT NULL`),
  ])
  return { messages: messages.map((message) => ({ ...message, waits: message.waits === 1 })), ended: ended.map((row) => row.submissionId) }
}
