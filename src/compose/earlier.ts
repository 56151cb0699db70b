import { eq } from 'drizzle-orm'
import type { Db } from '../db/database'
import { messageLogs } from '../db/schema'
import { STOP_LINE } from '../sms/text'

/** The blast that this review form made, if it was sent before. */
export async function findSubmission(db: Db, submissionId: string): Promise<number | null> {
  const [row] = await db.select({ id: messageLogs.id }).from(messageLogs).where(eq(messageLogs.submissionId, submissionId))
  return row?.id ?? null
}

/** A blast's text and choices, back in the box: after an undo, or to write the like again. Null where there is no such blast. */
export async function readEarlier(db: Db, id: string | undefined): Promise<Record<string, string> | null> {
  if (!id || !/^[1-9]\d{0,14}$/.test(id)) return null
  const [blast] = await db
    .select()
    .from(messageLogs)
    .where(eq(messageLogs.id, Number(id)))
  if (!blast) return null
  const { messageBody, includeUnsubscribe, target, eventId, testMode } = blast
  const stop = `\n${STOP_LINE}`
  return {
    message_body: includeUnsubscribe && messageBody.endsWith(stop) ? messageBody.slice(0, -stop.length) : messageBody,
    target,
    event_id: eventId === null ? '' : String(eventId),
    include_unsubscribe: includeUnsubscribe ? '1' : '',
    test_mode: testMode ? '1' : '',
  }
}
