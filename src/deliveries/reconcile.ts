import { type SQL, sql } from 'drizzle-orm'
import { atomically } from '../db/database'
import type { Deps } from '../deps'
import type { ListedMessage } from '../sms/provider'
import { sameWords } from '../sms/same-words'
import { compileTemplate, render } from '../sms/text'
import { afterWord, nudgeForAnother } from './callbacks'
import { toDeliveryStatus } from './outcomes'
import { markStale } from './record'

/** One pass asks about so many, a few at once. */
const mostPerPass = 20
const mostAtOnce = 5
/** Each costs a request to the provider, up to six queries and a nudge; the rest of a Worker's run needs its own (tests/deliveries/cost.test.ts). */
const operationsEach = 8
const operationsElsewhere = 8
/** A list that hangs is asked no more in this pass. */
const passMs = 20_000
/** Between two questions about the same delivery: at first, and at most. */
const askAgainMs = 15_000
const askAgainMostMs = 300_000
/** A list that stays unavailable this long leaves the decision to a person. */
const giveUpMs = 24 * 3_600_000
/** Clocks differ. A wide window is safe: messages that belong to other deliveries or earlier attempts are known by their SID. */
const clockSlackMs = 15 * 60_000

/**
 * `sender`: what the blast was sent from; the setting may have changed since. `restoredAt`: until then it may have had further attempts, of which
 * this database, restored from a backup, knows nothing; null where there was no restore.
 */
type Attempt = { name: string; attemptedAt: number; messageBody: string; sender: string; restoredAt: number | null }

type Unknown = Attempt & { id: number; logId: number; phone: string; token: string; unknownSince: number }

/**
 * Asks the provider about texts whose request had no clear answer. Exactly one message of ours to that number, text and time: recorded.
 * None after the grace: waits again. Several, one that may be another delivery's, or after the grace one that no words of ours explain: a
 * person decides. Never sends anything. True where others are due that this pass had no room for, and the list is to be had.
 */
export async function reconcileUnknown(deps: Deps): Promise<boolean> {
  const { db, now, config, budget, stopping } = deps
  const endAt = now() + passMs
  const perPass = Math.max(1, Math.min(mostPerPass, Math.floor((budget.operationsPerRun - operationsElsewhere) / operationsEach)))
  // Who was asked about waits longer than who was not: nobody starves behind others.
  const due = await db.all<Unknown>(sql`
    SELECT d.id, d.log_id AS "logId", d.phone, d.name, d.claim_token AS token, d.attempted_at AS "attemptedAt",
      d.updated_at AS "unknownSince", l.message_body AS "messageBody", l.sender, l.restored_at AS "restoredAt"
    ${fromUnknownDue(now())} ORDER BY d.not_before_at, d.id LIMIT ${perPass + 1}`)
  const waiting = due.slice(0, perPass)
  let answers = 0
  const askInTurn = async () => {
    while (!stopping() && now() < endAt) {
      const unknown = waiting.shift()
      if (!unknown) return
      if (await reconcileOne(deps, unknown)) answers++
    }
  }
  await Promise.all(Array.from({ length: Math.min(mostAtOnce, config.sending.concurrency) }, askInTurn))
  return answers > 0 && (waiting.length > 0 || due.length > perPass)
}

/** Of blasts `l` and their deliveries `d`: those to be asked about now. */
export const fromUnknownDue = (now: number): SQL => sql`
  FROM message_logs l CROSS JOIN message_deliveries d ON d.log_id = l.id AND d.status = 'unknown'
    WHERE l.finished_at IS NULL AND d.needs_person = 0 AND d.not_before_at <= ${now}`

/** False where the list was not to be had. */
async function reconcileOne(deps: Deps, unknown: Unknown): Promise<boolean> {
  const { sms, db, now } = deps
  // The list is as old as the question, however long its answer takes to be read.
  const askedAt = now()
  const listed = await sms.listTo(unknown.phone, unknown.attemptedAt - clockSlackMs)
  if (listed.kind === 'listed') {
    await judge(deps, unknown, listed.messages, askedAt)
    return true
  }
  const next = askedAt - unknown.unknownSince > giveUpMs ? leaveToPerson(unknown) : askLater(unknown, now())
  await atomically(db, [next, markStale(unknown.logId)])
  return false
}

async function judge(deps: Deps, unknown: Unknown, listed: readonly ListedMessage[], askedAt: number): Promise<void> {
  const { db, now, config } = deps
  const around = listed.filter((message) => mayBeOurs(deps, unknown, message))
  const others = await othersOf(deps, unknown, around)
  const free = around.filter(({ sid }) => !others.some((other) => other.sid === sid))
  const candidates = free.filter(({ body }) => isWordedAs(unknown, body))
  // Whose answer was lost, too, and who had the same words.
  const rivals = others.filter((other) => other.sid === null && candidates.some((message) => isOurs(deps, other, message)))
  const unexplained = free.some((message) => !others.some((other) => other.sid === null && isOurs(deps, other, message)))
  const [only] = candidates
  if (only && candidates.length === 1 && rivals.length === 0) await record(deps, unknown, only)
  else if (only && rivals.some(({ status }) => status === 'sending')) await atomically(db, [askLater(unknown, now())])
  else if (only) await atomically(db, [leaveToPerson(unknown), markStale(unknown.logId)])
  else if (askedAt - unknown.unknownSince < config.sending.reconcileGraceMs) await atomically(db, [askLater(unknown, now())])
  // It may be this one's with its words changed on the way.
  else if (unexplained) await atomically(db, [leaveToPerson(unknown), markStale(unknown.logId)])
  else await atomically(db, [queueAgain(unknown, now()), markStale(unknown.logId)])
}

const isOurs = (deps: Deps, attempt: Attempt, message: ListedMessage): boolean =>
  mayBeOurs(deps, attempt, message) && isWordedAs(attempt, message.body)

function isWordedAs({ messageBody, name }: Attempt, body: string): boolean {
  const template = compileTemplate(messageBody)
  return template.ok && sameWords(body, render(template.template, name))
}

/** By its sender and time, whatever its words. */
function mayBeOurs({ sms, config }: Deps, { attemptedAt, sender, restoredAt }: Attempt, message: ListedMessage): boolean {
  const senders = [sms.sender, sender, '']
  const from = senders.includes(message.from) || (message.messagingServiceSid !== null && senders.includes(message.messagingServiceSid))
  // From the claim on: it may have waited for its turn, then for the provider's answer.
  const over = attemptedAt + config.sending.leaseMs + config.sending.timeoutMs
  const latest = Math.max(over, restoredAt ?? 0) + clockSlackMs
  return from && message.createdAt >= attemptedAt - clockSlackMs && message.createdAt <= latest
}

type Other = Attempt & { sid: string | null; status: string }

/**
 * Deliveries to the same phone that hold one of the messages, or may have one of which only the provider knows; and messages of attempts
 * that failed before.
 */
async function othersOf({ db }: Deps, { id, phone }: Unknown, messages: ListedMessage[]): Promise<Other[]> {
  if (messages.length === 0) return []
  const sids = JSON.stringify(messages.map(({ sid }) => sid))
  return db.all<Other>(sql`
    SELECT d.provider_sid AS sid, d.status, d.name, d.attempted_at AS "attemptedAt", l.message_body AS "messageBody", l.sender,
      l.restored_at AS "restoredAt"
    FROM message_deliveries d JOIN message_logs l ON l.id = d.log_id
    WHERE d.phone = ${phone} AND d.id <> ${id} AND (d.provider_sid IN (SELECT value FROM json_each(${sids}))
      OR (d.provider_sid IS NULL AND (d.status IN ('sending', 'unknown', 'accepted') OR d.skip_reason = 'gave_up')))
    UNION ALL
    SELECT NULL, 'doubted', d.name, d.doubted_attempt_at, l.message_body, l.sender, l.restored_at
    FROM message_deliveries d JOIN message_logs l ON l.id = d.log_id
    WHERE d.phone = ${phone} AND d.id <> ${id} AND d.doubted_attempt_at IS NOT NULL
    UNION ALL
    SELECT f.value, 'failed', '', 0, '', '', NULL FROM message_deliveries d, json_each(d.former_sids) f
    WHERE d.phone = ${phone} AND d.former_sids <> '[]'`)
}

/** Only while it is the same attempt and still unknown: a callback or a person may have been quicker. */
const still = ({ id, token }: Unknown): SQL => sql`id = ${id} AND claim_token = ${token} AND status = 'unknown' AND needs_person = 0`

/** A failure that the list tells of has the effect of its class, as one that a callback tells of. */
async function record(deps: Deps, unknown: Unknown, { sid, status, errorCode, parts }: ListedMessage): Promise<void> {
  const now = deps.now()
  const results = await atomically(deps.db, [
    sql`UPDATE message_deliveries SET status = ${toDeliveryStatus(status)}, provider_sid = ${sid}, error_code = ${errorCode},
      parts = coalesce(${parts || null}, parts), updated_at = ${now}
      WHERE ${still(unknown)} AND NOT EXISTS (
        SELECT 1 FROM message_deliveries o WHERE o.phone = ${unknown.phone} AND o.provider_sid = ${sid})`,
    ...afterWord({ deliveryId: unknown.id, attemptToken: unknown.token, sid, status, errorCode }, now, deps.random()),
  ])
  await nudgeForAnother(deps, results, now)
}

const leaveToPerson = (unknown: Unknown): SQL => sql`UPDATE message_deliveries SET needs_person = 1 WHERE ${still(unknown)}`

/** The longer it is unknown, the longer the wait: a callback is likelier by then than news from the list. */
const askLater = (unknown: Unknown, now: number): SQL => {
  const wait = Math.min(askAgainMostMs, Math.max(askAgainMs, (now - unknown.unknownSince) / 4))
  return sql`UPDATE message_deliveries SET not_before_at = ${Math.round(now + wait)} WHERE ${still(unknown)}`
}

/** The token stays until the next claim: a callback that comes late after all still finds its delivery before it is sent again. */
const queueAgain = (unknown: Unknown, now: number): SQL => sql`
  UPDATE message_deliveries SET
    status = CASE WHEN (SELECT status FROM message_logs WHERE id = ${unknown.logId}) = 'cancelled' THEN 'skipped' ELSE 'queued' END,
    skip_reason = CASE WHEN (SELECT status FROM message_logs WHERE id = ${unknown.logId}) = 'cancelled' THEN 'cancelled' END,
    not_before_at = 0, updated_at = ${now} WHERE ${still(unknown)}`
