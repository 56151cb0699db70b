import type { Db } from '../db/database'
import type { SendOutcome, SendRequest, SmsProvider } from '../sms/provider'
import { countParts } from '../sms/segments'
import { type Dials, parseDials, readStoredDials } from './dials'
import { draw } from './draw'
import { behaviourOf, refusalOfSender } from './numbers'
import { listTo, newSid, storeTexts, storeTogether, type TakenText } from './store'

type Options = {
  db: Db
  now(): number
  sleep(ms: number): Promise<void>
  /** The sender that the pretend phones see. */
  from: string
  /** Asks for a run of `giveReceipts` after this long. */
  nudge?(delayMs: number): Promise<void>
  /** Whether sends of one moment share a write; not on Workers, where a request cannot wait for another's. */
  together?: boolean
}

type Answer = { kind: 'answer'; outcome: SendOutcome }
/** The text is taken; `lost`: the sender is not told. */
type Taken = { kind: 'taken'; lost: string | null; errorCode: number | null; receiptDelayMs: number }

/** Twilio's code for a sender number that the account may not use. */
const senderRefused = 21606
const unsubscribed = 21610
const unreachableHandset = 30003
const longestText = 1600

/**
 * A provider that keeps every text in `simulator_messages` and answers like Twilio, faults by its dials and by the number.
 * At most one statement a send, which also finds out whether the dials are still the known ones.
 */
export function createSimulator({ db, now, sleep, from, nudge, together = false }: Options): SmsProvider {
  const store = together ? storeTogether(db, sleep) : async (text: TakenText) => (await storeTexts(db, [text])).has(text.sid)
  let known: { stored: string; dials: Dials } | null = null
  let nudgedUntil = 0

  async function refresh() {
    const stored = await readStoredDials(db)
    known = { stored, dials: parseDials(stored) }
    return known
  }

  async function answer(request: SendRequest): Promise<SendOutcome> {
    let at = known ?? (await refresh())
    for (;;) {
      const decision = decide(request, at.dials, from, now())
      const done = decision.kind === 'taken' ? await take(request, decision, at.stored) : null
      if (done) return done
      const fresh = await refresh()
      if (fresh.stored !== at.stored) {
        at = fresh
        continue
      }
      return decision.kind === 'answer' ? decision.outcome : refused(unsubscribed)
    }
  }

  /** Null: the dials are others by now, or the phone has texted STOP; nothing is stored. */
  async function take({ to, body, statusCallbackUrl }: SendRequest, taken: Taken, dials: string): Promise<SendOutcome | null> {
    const { parts } = countParts(body)
    const at = now()
    // The first receipt, `sent`, comes half-way to the last one.
    const firstReceiptAt = at + Math.floor(taken.receiptDelayMs / 2)
    const sid = newSid()
    const text = { sid, to, body, parts, callbackUrl: statusCallbackUrl, errorCode: taken.errorCode, firstReceiptAt, at, dials }
    if (!(await store(text))) return null
    if (nudge && at >= nudgedUntil) {
      nudgedUntil = firstReceiptAt + 1
      await nudge(firstReceiptAt - at)
    }
    return taken.lost === null ? { kind: 'accepted', sid, status: 'queued', parts } : { kind: 'unknown', reason: taken.lost }
  }

  return {
    name: 'simulator',
    sender: from,
    async send(request) {
      const { dials } = known ?? (await refresh())
      const started = now()
      const latency = dials.latencyMs * (0.75 + draw(request.statusCallbackUrl) / 2)
      // Stored half-way: a sender that dies while it waits has its text here all the same.
      if (latency > 0) await sleep(latency / 2)
      const outcome = await answer(request)
      const left = latency - (now() - started)
      if (left > 0) await sleep(left)
      return outcome
    },
    listTo: (phone, since) => listTo(db, from, phone, since),
  }
}

const refused = (code: number): SendOutcome => ({ kind: 'refused', code, httpStatus: 400 })
const answered = (outcome: SendOutcome): Answer => ({ kind: 'answer', outcome })

/** What befalls a request, in the order in which the network and Twilio would meet it. */
function decide({ to, body, statusCallbackUrl }: SendRequest, dials: Dials, from: string, at: number): Answer | Taken {
  let chance = draw(`fate ${statusCallbackUrl}`) * 100
  const befalls = (share: number) => {
    chance -= share
    return chance < 0
  }
  if (befalls(dials.unreachable)) return answered({ kind: 'not_sent', reason: 'connection refused (simulated)' })
  if (befalls(dials.lostBefore)) return answered({ kind: 'unknown', reason: 'connection dropped (simulated)' })
  if (at < dials.busyUntil) return answered({ kind: 'throttled', retryAfterMs: Math.ceil((dials.busyUntil - at) / 1000) * 1000 })
  const number = behaviourOf(to)
  const no = dials.refusesSender ? senderRefused : (refusalOfSender(from) ?? number.refusedWith ?? refusalOfBody(body))
  if (no !== null) return answered(refused(no))
  let lost = number.losesAnswer || befalls(dials.lostAfter) ? 'answer lost (simulated)' : null
  if (lost === null && befalls(dials.serverErrors)) {
    lost = 'HTTP 500 (simulated)'
    // A 5xx says nothing about what became of the text: half of them have it.
    if (draw(`half ${statusCallbackUrl}`) < 0.5) return answered({ kind: 'unknown', reason: lost })
  }
  const undeliverable = draw(`handset ${statusCallbackUrl}`) * 100 < dials.undeliverable
  return {
    kind: 'taken',
    lost,
    errorCode: number.undeliveredWith ?? (undeliverable ? unreachableHandset : null),
    receiptDelayMs: (number.receiptDelaySeconds ?? dials.receiptDelaySeconds) * 1000,
  }
}

function refusalOfBody(body: string): number | null {
  if (body.trim() === '') return 21602
  return body.length > longestText ? 21617 : null
}
