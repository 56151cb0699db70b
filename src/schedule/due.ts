import { type SQL, sql } from 'drizzle-orm'
import { trailOf } from '../audit/audit'
import { type Audience, countAudience } from '../blasts/audience'
import { createBlast } from '../blasts/blasts'
import { isUniqueFault } from '../db/database'
import type { Target } from '../db/schema'
import type { Deps } from '../deps'
import { forbiddenAt } from './quiet-hours'
import { refillRecurring } from './recurring'

/** After which a claimed message without a blast is started by another. */
export const claimLeaseMs = 60_000
/** The audience may change between the count and the blast; then it is counted again. */
const mostTries = 5
/** Queries and nudges of one message. */
const operationsEach = 10

type Claimed = {
  id: number
  messageBody: string
  target: Target
  eventId: number | null
  testMode: number
  includeUnsubscribe: number
  createdBy: string
  dueAt: number
  /** Its claim's own: whoever took it over has another. */
  leaseUntil: number
}

type Work = { due: number; open: number; refill: number }

/**
 * What the minute brings: occurrences of series are made, messages that are due become blasts, those that are too late are told so, and those
 * that were sent follow their blast. Each message is started once, however many run this at the same time. An idle pass is one query.
 */
export async function runDue(deps: Deps): Promise<void> {
  const { db, now } = deps
  const work = await db.get<Work>(sql`
    SELECT EXISTS (SELECT 1 FROM scheduled_messages WHERE status = 'pending' AND due_at <= ${now()}) AS due,
      EXISTS (SELECT 1 FROM scheduled_messages WHERE status = 'processing') AS open,
      EXISTS (SELECT 1 FROM recurring_schedules WHERE refill_at <= ${now()}) AS refill`)
  if (!work) return
  if (work.refill) await refillRecurring(deps)
  if (work.open) await followBlasts(deps)
  if (work.due || work.open || work.refill) {
    await expire(deps)
    await startDue(deps)
  }
}

/** A Worker's invocation is short: the rest is for the next one. */
async function startDue(deps: Deps): Promise<void> {
  const most = Math.max(1, Math.floor(deps.budget.operationsPerRun / operationsEach))
  for (let started = 0; !deps.stopping(); started++) {
    if (started >= most) return deps.queue.send({ type: 'schedule' })
    const message = await claim(deps)
    if (!message) return
    await start(deps, message)
  }
}

/** One that waits, the longest due first; or one whose claimer died before it made the blast. */
async function claim({ db, now }: Pick<Deps, 'db' | 'now'>): Promise<Claimed | undefined> {
  const at = now()
  const take = (which: SQL) =>
    db.all<Claimed>(sql`
      UPDATE scheduled_messages SET status = 'processing', lease_until_at = ${at + claimLeaseMs}, updated_at = ${at}
      WHERE id = (SELECT id FROM scheduled_messages WHERE ${which} ORDER BY due_at, id LIMIT 1)
      RETURNING id, message_body AS "messageBody", target, event_id AS "eventId", test_mode AS "testMode",
        include_unsubscribe AS "includeUnsubscribe", created_by AS "createdBy", due_at AS "dueAt", lease_until_at AS "leaseUntil"`)
  const [waiting] = await take(sql`status = 'pending' AND due_at <= ${at}`)
  return waiting ?? (await take(lapsed(at)))[0]
}

const lapsed = (now: number): SQL => sql`status = 'processing' AND log_id IS NULL AND lease_until_at <= ${now}`

async function start(deps: Deps, message: Claimed): Promise<void> {
  const { db, config } = deps
  const testPhone = message.testMode ? config.adminTestPhone : null
  if (testPhone === '') return giveUp(deps, message, 'no_test_phone')
  const audience: Audience = { target: message.target, eventId: message.eventId, testPhone }
  const quiet = await forbiddenAt(deps, audience, deps.now())
  if (quiet) return waitForMorning(deps, message, quiet.nextAt)
  const event = { type: 'blast_sent', by: null, username: message.createdBy, address: '' } as const
  for (let tries = 0; tries < mostTries; tries++) {
    const counts = await countAudience(db, audience)
    if (counts.people === 0) return giveUp(deps, message, counts.total === 0 ? 'empty' : 'nobody')
    const submissionId = `scheduled-${message.id}`
    const result = await createBlast(deps, {
      messageBody: message.messageBody,
      audience,
      includeUnsubscribe: message.includeUnsubscribe === 1,
      submissionId,
      fingerprint: counts.fingerprint,
      excluded: counts,
      createdBy: message.createdBy,
      holdMs: 0,
      onlyIf: sql`EXISTS (SELECT 1 FROM scheduled_messages WHERE ${mine(message)})`,
      trail: (id) => trailOf(deps, { ...event, subject: sql`'blast ' || ${id} || ${`, scheduled message ${message.id}`}` }),
      // In the batch that makes the blast: one without the other would be lost or texted twice.
      alongside: sql`UPDATE scheduled_messages SET log_id = (SELECT id FROM message_logs WHERE submission_id = ${submissionId})
        WHERE id = ${message.id} AND log_id IS NULL AND EXISTS (SELECT 1 FROM message_logs WHERE submission_id = ${submissionId})`,
    })
    if (result.kind !== 'changed') return
  }
  deps.log('audience of a scheduled message keeps changing', { scheduled: message.id })
}

const mine = ({ id, leaseUntil }: Claimed): SQL =>
  sql`id = ${id} AND status = 'processing' AND log_id IS NULL AND lease_until_at = ${leaseUntil}`

const giveUp = async ({ db, now }: Deps, message: Claimed, reason: string): Promise<void> => {
  await db.run(sql`UPDATE scheduled_messages SET status = 'failed', reason = ${reason}, updated_at = ${now()} WHERE ${mine(message)}`)
}

/** Due in quiet hours, which the setting forbids: it waits for the next time that is quiet for nobody, if that comes before it is too late. */
async function waitForMorning(deps: Deps, message: Claimed, nextAt: number | null): Promise<void> {
  const { db, now, config } = deps
  if (nextAt === null || nextAt > message.dueAt + config.scheduledMaxLagMs) return giveUp(deps, message, 'quiet')
  try {
    await db.run(sql`
      UPDATE scheduled_messages SET status = 'pending', reason = 'moved', due_at = ${nextAt}, lease_until_at = 0,
        updated_at = max(${now()}, updated_at + 1)
      WHERE ${mine(message)}`)
  } catch (fault) {
    // The next of its series is due just then.
    if (!isUniqueFault(fault)) throw fault
    await giveUp(deps, message, 'superseded')
  }
}

/** Too late is never sent; nor is one of a series when the next is due as well. */
async function expire({ db, now, config, log }: Deps): Promise<void> {
  const at = now()
  const late = await db.all<{ id: number }>(sql`
    UPDATE scheduled_messages SET status = 'expired', reason = 'late', updated_at = ${at}
    WHERE due_at < ${at - config.scheduledMaxLagMs} AND (status = 'pending' OR (${lapsed(at)})) RETURNING id`)
  if (late.length > 0) log('scheduled messages too late', { messages: late.length })
  await db.run(sql`
    UPDATE scheduled_messages SET status = 'expired', reason = 'superseded', updated_at = ${at}
    WHERE status = 'pending' AND due_at <= ${at} AND schedule_id IS NOT NULL AND EXISTS (
      SELECT 1 FROM scheduled_messages n WHERE n.schedule_id = scheduled_messages.schedule_id AND n.due_at > scheduled_messages.due_at
        AND n.due_at <= ${at} AND n.status = 'pending')`)
}

/** `sent` or `failed` when its blast is finished; one whose blast was cleared away is taken as sent. */
async function followBlasts({ db, now }: Deps): Promise<void> {
  await db.run(sql`
    UPDATE scheduled_messages SET updated_at = ${now()},
      status = coalesce((SELECT CASE l.status WHEN 'failed' THEN 'failed' WHEN 'cancelled' THEN 'cancelled' ELSE 'sent' END
        FROM message_logs l WHERE l.id = scheduled_messages.log_id), 'sent')
    WHERE status = 'processing' AND log_id IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM message_logs l WHERE l.id = scheduled_messages.log_id AND l.finished_at IS NULL)`)
}
