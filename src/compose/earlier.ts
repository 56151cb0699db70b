import { eq, type InferSelectModel, sql } from 'drizzle-orm'
import type { Db } from '../db/database'
import { messageLogs, recurringSchedules, scheduledMessages } from '../db/schema'
import type { Deps } from '../deps'
import { repeatValues } from '../schedule/later'
import { withRule } from '../schedule/recurring'
import { withoutStopLine } from '../sms/text'
import type { Draft } from './draft'

export type Made = {
  kind: 'blast' | 'scheduled'
  id: number
  body: string
  target: string
  eventId: number | null
  testMode: number
  /** Of a scheduled text, UTC ms. */
  at: number | null
  /** Of a series, as JSON. */
  rule: string | null
  /** Undone or cancelled, or a series that has ended: whoever presses then means to send it after all. */
  off: number
}

/** What this form made, if it was pressed before. */
export async function findSubmission(db: Db, submissionId: string): Promise<Made | null> {
  if (submissionId === '') return null
  const text = sql`id, message_body AS body, target, event_id AS "eventId", test_mode AS "testMode"`
  const [row] = await db.all<Made>(sql`
    SELECT 'blast' AS kind, ${text}, NULL AS at, NULL AS rule, status = 'cancelled' AS off FROM message_logs WHERE submission_id = ${submissionId}
    UNION ALL SELECT 'scheduled', ${text}, due_at, NULL, status = 'cancelled' FROM scheduled_messages WHERE submission_id = ${submissionId}
    UNION ALL SELECT 'scheduled', ${text}, NULL, rule, ended_at IS NOT NULL FROM recurring_schedules WHERE submission_id = ${submissionId}`)
  return row ?? null
}

/** Whether a press that asks for `draft` is the one that made it, and still stands: the same words to the same people at the same time. */
export function isSamePress(made: Made, { body, audience, later }: Draft): boolean {
  const sameText = made.body === body && made.target === audience.target && made.eventId === audience.eventId
  if (!sameText || made.off === 1 || (made.testMode === 1) !== (audience.testPhone !== null)) return false
  if (made.kind === 'blast') return later === null
  return later?.rule ? made.rule === JSON.stringify(later.rule) : made.at === (later?.at ?? null) && made.rule === null
}

type Asked = { from?: string; scheduled?: string; series?: string }

/**
 * The text and choices of a blast, a scheduled message or a series, back in the box: after an undo, or to write the like again. Null where
 * there is none.
 */
export async function readEarlier(
  deps: Pick<Deps, 'db' | 'now'>,
  { from, scheduled, series }: Asked,
): Promise<Record<string, string> | null> {
  const id = from ?? scheduled ?? series ?? ''
  if (!/^[1-9]\d{0,14}$/.test(id)) return null
  if (from === undefined && scheduled === undefined) return readSeries(deps, Number(id))
  const table = from === undefined ? scheduledMessages : messageLogs
  const [text] = await deps.db
    .select({
      messageBody: table.messageBody,
      includeUnsubscribe: table.includeUnsubscribe,
      target: table.target,
      eventId: table.eventId,
      testMode: table.testMode,
    })
    .from(table)
    .where(eq(table.id, Number(id)))
  return text ? valuesOf(text) : null
}

async function readSeries({ db, now }: Pick<Deps, 'db' | 'now'>, id: number): Promise<Record<string, string> | null> {
  const [row] = await db.select().from(recurringSchedules).where(eq(recurringSchedules.id, id))
  return row ? { ...valuesOf(row), ...repeatValues(withRule(row).rule, now()) } : null
}

type Text = Pick<InferSelectModel<typeof messageLogs>, 'messageBody' | 'includeUnsubscribe' | 'target' | 'eventId' | 'testMode'>

/** A stored text as the compose form has it. */
export function valuesOf({ messageBody, includeUnsubscribe, target, eventId, testMode }: Text): Record<string, string> {
  return {
    message_body: includeUnsubscribe ? withoutStopLine(messageBody) : messageBody,
    target,
    event_id: eventId === null ? '' : String(eventId),
    include_unsubscribe: includeUnsubscribe ? '1' : '',
    test_mode: testMode ? '1' : '',
  }
}
