import { sql } from 'drizzle-orm'
import { titleOf } from '../blasts/results'
import type { Db } from '../db/database'
import type { Target } from '../db/schema'
import type { Rule } from './recurrence'

export type RecurringRow = {
  id: number
  title: string
  target: Target
  eventTitle: string | null
  testMode: boolean
  rule: Rule
  createdBy: string
  endedAt: number | null
  /** How many wait, and when the next one is due (UTC ms). */
  waiting: number
  nextAt: number | null
  sent: number
}

const mostSeries = 200

/** Those that go on first, the newest first. */
export async function listRecurring(db: Db): Promise<RecurringRow[]> {
  const rows = await db.all<Omit<RecurringRow, 'title' | 'rule' | 'testMode'> & { body: string; rule: string; testMode: number }>(sql`
    SELECT r.id, r.message_body AS body, r.target, e.title AS "eventTitle", r.test_mode AS "testMode", r.rule, r.created_by AS "createdBy",
      r.ended_at AS "endedAt", count(CASE WHEN m.status = 'pending' THEN 1 END) AS waiting,
      min(CASE WHEN m.status = 'pending' THEN m.due_at END) AS "nextAt", count(CASE WHEN m.status = 'sent' THEN 1 END) AS sent
    FROM (SELECT * FROM recurring_schedules ORDER BY ended_at IS NOT NULL, id DESC LIMIT ${mostSeries}) r
    LEFT JOIN events e ON e.id = r.event_id LEFT JOIN scheduled_messages m ON m.schedule_id = r.id
    GROUP BY r.id ORDER BY r.ended_at IS NOT NULL, count(CASE WHEN m.status = 'pending' THEN 1 END) = 0, r.id DESC`)
  return rows.map(({ body, testMode, rule, ...row }) => ({
    ...row,
    title: titleOf(body),
    testMode: testMode === 1,
    rule: JSON.parse(rule) as Rule,
  }))
}
