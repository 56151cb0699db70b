import { sql } from 'drizzle-orm'
import { isSending } from '../blasts/queries'
import type { Db } from '../db/database'
import type { Deps } from '../deps'
import { describeFault } from '../faults'
import type { ProviderStatus } from '../sms/provider'
import { type Dials, readDials } from './dials'
import { draw } from './draw'

/** One status callback, as the webhook reads it from Twilio. */
export type Receipt = {
  deliveryId: number
  attemptToken: string
  sid: string
  status: ProviderStatus
  errorCode: number | null
  parts: null
}

type Base = Pick<Deps, 'db' | 'now' | 'sleep' | 'queue' | 'log' | 'sms' | 'budget' | 'stopping'>

/** Texts a step; on a Worker a run is one step, and each receipt costs a few of its 50 queries. */
const stepOnServer = 50
const stepOnWorker = 5
/** So long without a pause at most. */
const turnMs = 10
/** Receipts that come due within this are given together. */
const gatherMs = 250

type Row = {
  id: number
  sid: string
  status: ProviderStatus
  errorCode: number | null
  callbackUrl: string
  dueAt: number
  createdAt: number
}
type Given = [id: number, status: ProviderStatus, nextReceiptAt: number | null]

/**
 * Gives `take` the receipts that are due, as the dials say: late, doubled, out of order or not at all, and asks for the next run.
 * A receipt that was being given when the process died is given again.
 */
export async function giveReceipts(deps: Base, take: (receipt: Receipt) => Promise<unknown>): Promise<void> {
  const { db, now, sms, budget } = deps
  if (sms.name !== 'simulator') return
  const onServer = budget.operationsPerRun === Number.POSITIVE_INFINITY
  const size = onServer ? stepOnServer : stepOnWorker
  const dials = await readDials(db)
  for (;;) {
    const due = await findDue(db, now(), size)
    if (dials.receipts === 'shuffled') due.sort((a, b) => draw(a.callbackUrl) - draw(b.callbackUrl))
    const rest = onServer ? restBetween(deps, await isSending(db)) : async () => {}
    const given: Given[] = []
    for (const row of due) {
      if (deps.stopping()) break
      given.push(await giveRound(deps, take, row, dials))
      await rest()
    }
    await recordGiven(db, given)
    if (deps.stopping()) return
    if (!onServer || due.length < size) break
  }
  await nudgeForNext(deps)
}

/** A server answers others meanwhile, and a blast goes before its receipts, as at Twilio. */
function restBetween({ now, sleep }: Base, sending: boolean): () => Promise<void> {
  let since = now()
  return async () => {
    const spent = now() - since
    if (spent < turnMs) return
    await sleep(sending ? spent * 4 : 1)
    since = now()
  }
}

/** Nudges for what nobody has nudged for; the recurring job. */
export async function nudgeForReceipts({ db, now, sms, queue }: Base): Promise<void> {
  if (sms.name === 'simulator' && (await findDue(db, now(), 1)).length > 0) await queue.send({ type: 'receipts' })
}

/** A text has two rounds of receipts: when it was sent and, as long after, when it arrived. */
async function giveRound(deps: Base, take: (receipt: Receipt) => Promise<unknown>, row: Row, dials: Dials): Promise<Given> {
  const last = row.errorCode === null ? 'delivered' : 'undelivered'
  const first = row.status === 'queued'
  const statuses = roundOf(row, dials, first, last)
  for (const status of statuses) await give(deps, take, row, status)
  if (!first) return [row.id, last, null]
  return [row.id, statuses.includes(last) ? last : 'sent', row.dueAt + Math.max(0, row.dueAt - row.createdAt)]
}

/** Out of order is always so: the last status comes first. */
function roundOf(row: Row, dials: Dials, first: boolean, last: ProviderStatus): ProviderStatus[] {
  if (dials.receipts === 'none') return []
  const times = (status: ProviderStatus): ProviderStatus[] => (dials.doubled ? [status, status] : [status])
  if (dials.receipts === 'in_order') return times(first ? 'sent' : last)
  const mixed = dials.doubled && draw(`mix ${row.callbackUrl}`) < 0.5
  if (first) return mixed ? [last, 'sent'] : times(last)
  // Put out of order after a first round in order.
  if (row.status === 'sent') return [...times(last), 'sent']
  return mixed ? [last, 'sent'] : times('sent')
}

async function give(deps: Base, take: (receipt: Receipt) => Promise<unknown>, row: Row, status: ProviderStatus): Promise<void> {
  const query = new URL(row.callbackUrl, 'http://callback').searchParams
  const deliveryId = Number(query.get('delivery'))
  if (!Number.isSafeInteger(deliveryId) || deliveryId < 1) return
  const errorCode = status === 'undelivered' ? row.errorCode : null
  try {
    await take({ deliveryId, attemptToken: query.get('attempt') ?? '', sid: row.sid, status, errorCode, parts: null })
  } catch (fault) {
    // As with Twilio, a callback that fails keeps no other from coming.
    deps.log('simulated receipt failed', { fault: describeFault(fault) })
  }
}

function findDue(db: Db, at: number, limit: number): Promise<Row[]> {
  return db.all<Row>(sql`
    SELECT id, sid, status, error_code AS "errorCode", callback_url AS "callbackUrl", next_receipt_at AS "dueAt", created_at AS "createdAt"
    FROM simulator_messages WHERE next_receipt_at IS NOT NULL AND next_receipt_at <= ${at} ORDER BY next_receipt_at LIMIT ${limit}`)
}

async function recordGiven(db: Db, given: Given[]): Promise<void> {
  if (given.length === 0) return
  await db.run(sql`
    UPDATE simulator_messages SET status = value ->> 1, next_receipt_at = value ->> 2
    FROM json_each(${JSON.stringify(given)}) WHERE simulator_messages.id = value ->> 0`)
}

/** `id` 2 beside the dials: for when a run has been asked for, so that runs that overlap ask for one successor. */
async function nudgeForNext({ db, now, queue }: Base): Promise<void> {
  const at = now()
  const next = await db.get<{ at: number | null }>(
    sql`SELECT min(next_receipt_at) AS at FROM simulator_messages WHERE next_receipt_at IS NOT NULL`,
  )
  if (next?.at === null || next?.at === undefined) return
  const runAt = Math.max(next.at, at + gatherMs)
  const won = await db.all(sql`
    INSERT INTO simulator_dials (id, dials) VALUES (2, ${String(runAt)}) ON CONFLICT (id) DO UPDATE SET dials = excluded.dials
    WHERE CAST(dials AS INTEGER) <= ${at} OR CAST(dials AS INTEGER) > ${runAt} + ${gatherMs} RETURNING id`)
  if (won.length > 0) await queue.send({ type: 'receipts' }, runAt - at)
}
