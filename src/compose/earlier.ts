import { eq, type InferSelectModel, sql } from 'drizzle-orm'
import type { Db } from '../db/database'
import { messageLogs, scheduledMessages } from '../db/schema'
import { withoutStopLine } from '../sms/text'

/** What this review form made, if it was pressed before. */
export async function findSubmission(db: Db, submissionId: string): Promise<{ kind: 'blast' | 'scheduled'; id: number } | null> {
  const [row] = await db.all<{ kind: 'blast' | 'scheduled'; id: number }>(sql`
    SELECT 'blast' AS kind, id FROM message_logs WHERE submission_id = ${submissionId}
    UNION ALL SELECT 'scheduled', id FROM scheduled_messages WHERE submission_id = ${submissionId}
    UNION ALL SELECT 'scheduled', id FROM recurring_schedules WHERE submission_id = ${submissionId}`)
  return row ?? null
}

type Asked = { from?: string; scheduled?: string }

/** The text and choices of a blast or a scheduled message, back in the box: after an undo, or to write the like again. Null where there is none. */
export async function readEarlier(db: Db, { from, scheduled }: Asked): Promise<Record<string, string> | null> {
  const id = from ?? scheduled ?? ''
  if (!/^[1-9]\d{0,14}$/.test(id)) return null
  const table = from === undefined ? scheduledMessages : messageLogs
  const [text] = await db
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
