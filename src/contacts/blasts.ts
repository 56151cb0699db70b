import { sql } from 'drizzle-orm'
import { explainSkip, titleOf } from '../blasts/results'
import type { ConsentEvent } from '../consents/consents'
import type { Db } from '../db/database'
import type { BlastStatus, DeliveryStatus, Target } from '../db/schema'
import { explain } from '../sms/outcome'
import type { ListingPage, ListingState } from '../web/listing'
import { leftOutSpans } from './left-out'
import type { Contact } from './queries'

export type ConsideredRow = {
  logId: number
  title: string
  target: Target
  /** Null for a community blast, and where the event is gone. */
  eventTitle: string | null
  testMode: boolean
  blastStatus: BlastStatus
  createdAt: number
  /** `left_out`: not among those planned. */
  status: DeliveryStatus | 'left_out'
  /** Why not, in a few words; empty where they got it, or may yet. */
  why: string
  /** When what `why` tells of began, where that is known. */
  whySince: number | null
  updatedAt: number | null
}

type Stored = Omit<ConsideredRow, 'title' | 'why' | 'whySince' | 'testMode'> & {
  messageBody: string
  testMode: 0 | 1
  skipReason: string | null
  errorCode: number | null
  leftOut: string | null
}

/** Every blast that had somebody in its audience, newest first: those that planned them, and those that left them out. */
export async function listBlastsOf(
  db: Db,
  contact: Contact,
  consents: readonly ConsentEvent[],
  page: Pick<ListingState, 'page' | 'pageSize'>,
): Promise<ListingPage<ConsideredRow>> {
  const spans = leftOutSpans(contact, consents).map(({ eventId, from, to, reason }) => [eventId, from, to, reason])
  const considered = sql`
    SELECT d.log_id, d.status, d.skip_reason, d.error_code, NULL AS left_out, d.updated_at FROM message_deliveries d WHERE d.phone = ${contact.phone}
    UNION ALL
    SELECT l.id, 'left_out', NULL, NULL, min(s.value ->> 3), NULL FROM json_each(${JSON.stringify(spans)}) s
    CROSS JOIN message_logs l ON l.created_at >= s.value ->> 1 AND l.created_at < s.value ->> 2 AND l.test_mode = 0
      AND l.target = iif(s.value ->> 0 IS NULL, 'community', 'event') AND l.event_id IS s.value ->> 0
    WHERE NOT EXISTS (SELECT 1 FROM message_deliveries d WHERE d.phone = ${contact.phone} AND d.log_id = l.id) GROUP BY l.id`
  const [rows, total] = await Promise.all([
    db.all<Stored>(sql`
      SELECT l.id AS "logId", l.message_body AS "messageBody", l.target, e.title AS "eventTitle", l.test_mode AS "testMode",
        l.status AS "blastStatus", l.created_at AS "createdAt", c.status, c.skip_reason AS "skipReason", c.error_code AS "errorCode",
        c.left_out AS "leftOut", c.updated_at AS "updatedAt"
      FROM (${considered}) c JOIN message_logs l ON l.id = c.log_id LEFT JOIN events e ON e.id = l.event_id
      ORDER BY l.created_at DESC, l.id DESC LIMIT ${page.pageSize} OFFSET ${(page.page - 1) * page.pageSize}`),
    db.get<{ n: number }>(sql`SELECT count(*) AS n FROM (${considered})`),
  ])
  return { rows: rows.map((row) => withWords(row, consents)), total: total?.n ?? 0 }
}

function withWords(
  { messageBody, testMode, skipReason, errorCode, leftOut, ...row }: Stored,
  consents: readonly ConsentEvent[],
): ConsideredRow {
  const block = leftOut ?? (row.status === 'skipped' && (skipReason === 'opted_out' || skipReason === 'suppressed') ? skipReason : null)
  const at = row.updatedAt ?? row.createdAt
  const since = consents.find(({ kind, at: when }) => kind === block && when <= at)
  return { ...row, title: titleOf(messageBody), testMode: testMode === 1, why: why(), whySince: since?.at ?? null }

  function why(): string {
    if (block === 'opted_out') return since?.how === 'keyword' ? 'Had replied STOP' : 'Had opted out'
    if (block === 'suppressed') return since?.detail ? `Number does not work: ${since.detail}` : 'Number does not work'
    if (row.status === 'skipped') return explainSkip(skipReason)
    return row.status === 'failed' || row.status === 'undelivered' ? explain(errorCode).title : ''
  }
}
