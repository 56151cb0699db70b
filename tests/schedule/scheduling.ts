import { sql } from 'drizzle-orm'
import type { Rule } from '../../src/schedule/recurrence'
import { repeatText } from '../../src/schedule/recurring'
import { findScheduled, type ScheduleDraft, schedule, versionOf } from '../../src/schedule/scheduled'
import { createSending } from '../support/sending'

const everyone = { target: 'community', eventId: null, testPhone: null } as const

export type Message = {
  id: number
  status: string
  reason: string
  logId: number | null
  dueAt: number
  scheduleId: number | null
  body: string
}

export const hourMs = 3_600_000
export const dayMs = 24 * hourMs

/** The app on a seeded Twilio, with two members and texts that are for later. */
export async function createScheduling(settings: Record<string, string> = {}) {
  const h = await createSending({ SEND_HOLD_SECONDS: '15', ...settings })
  await h.addMembers(2)
  const draft = (change: Partial<ScheduleDraft> = {}): ScheduleDraft => ({
    messageBody: 'Hi {first_name}',
    audience: everyone,
    includeUnsubscribe: false,
    at: h.clock.now + hourMs,
    timeZone: 'America/Denver',
    ...change,
  })
  const add = async (change: Partial<ScheduleDraft> = {}) =>
    (await schedule(h.deps, { ...draft(change), submissionId: h.deps.newToken(), createdBy: 'rosa', trail: () => [] })).id
  /** From 10:00 AM in Denver on, which is the clock's hour at the start. */
  const repeat = async (rule: Partial<Rule> = {}, submissionId = h.deps.newToken()) => {
    const usual = { repeat: 'daily', weekdays: [], monthDay: 1, time: '10:30', timeZone: 'America/Denver' } as const
    const whole: Rule = { ...usual, startsOn: '2026-11-22', until: null, count: null, ...rule }
    return repeatText(h.deps, { ...draft(), rule: whole, submissionId, createdBy: 'rosa', trail: () => [] })
  }
  const messages = () =>
    h.deps.db.all<Message>(sql`
      SELECT id, status, reason, log_id AS "logId", due_at AS "dueAt", schedule_id AS "scheduleId", message_body AS body
      FROM scheduled_messages ORDER BY due_at, id`)
  const message = async (id: number) => {
    const found = (await messages()).find((one) => one.id === id)
    if (!found) throw new Error(`no scheduled message ${id}`)
    return found
  }
  /** As a form that was filled just now knows it. */
  const current = async (id: number) => ({ id, version: versionOf(await findScheduled(h.deps, id)) })
  const blasts = () =>
    h.deps.db.all<{ id: number; submissionId: string; status: string; total: number; createdBy: string }>(sql`
      SELECT id, submission_id AS "submissionId", status, total_recipients AS total, created_by AS "createdBy" FROM message_logs ORDER BY id`)
  return { ...h, draft, add, repeat, messages, message, current, blasts }
}
