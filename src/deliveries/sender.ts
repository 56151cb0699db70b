import type { SQL } from 'drizzle-orm'
import { atomically } from '../db/database'
import type { Deps } from '../deps'
import { partsOf } from '../sms/segments'
import { compileTemplate, render, type Template } from '../sms/text'
import { ChunkLog } from './chunk-log'
import { type Claimed, claim } from './claims'
import { type DueBlast, dueBlasts, finishBlasts, nextDue, startHeld } from './due'
import { leaseMs, releaseLease, renewLease, takeLease } from './lease'
import { decideOutcome } from './outcomes'
import { Pace } from './pace'
import { type Finished, isSilence, recordFinished } from './record-finished'

/**
 * Where operations are counted, finished requests wait so long for company: one write for several results. A server gathers what came while
 * its last write kept it busy, and waits for nobody: at 50 ms a request each further millisecond is two per cent of the rate.
 */
const gatherMs = 2
/** A wait longer than this is a nudge for later, not a sleeping sender. */
const longestNapMs = 2000
/** A blast that begins, resumes or is retried joins within this time. */
const lookMs = 1000
const writeAttempts = 5
/** So many texts without any answer, and none accepted in between: nobody may be there. */
const mostUnanswered = 5
/** Of a run's budget: kept for its beginning and end, and for a result that comes alone (record, mark, what follows). */
const operationsToEnd = 14
const operationsPerResult = 3

type Blast = { id: number; template: Template; parts(name: string): number }

/**
 * Sends whatever is due until nothing is, or the run's budget is spent. Each turn is one durable batch: it records the results that came in
 * and claims as many deliveries as there is room for, so that no more is ever claimed than can be in flight. What the process loses when
 * it dies is `sending` under a lease, and becomes `unknown` (sweep.ts): never forgotten, never blindly sent again.
 */
export async function runSender(deps: Deps): Promise<void> {
  const holder = deps.newToken()
  const takenUntil = await takeLease(deps.db, holder, deps.now())
  if (takenUntil !== null) {
    // Another is at it. If it died, its lease ends, and this nudge finds what it left.
    return deps.queue.send({ type: 'send' }, Math.max(1000, takenUntil - deps.now() + 100))
  }
  try {
    await new Sender(deps, holder).run()
  } finally {
    await releaseLease(deps.db, holder)
  }
}

class Sender {
  private readonly deps: Deps
  private readonly holder: string
  private readonly pace: Pace
  private readonly chunks: ChunkLog
  private blasts: Blast[] = []
  private inFlight = 0
  private finished: Finished[] = []
  private wake: () => void = () => {}
  private tick: Promise<void> | null = null
  private lookAt = 0
  private renewAt: number
  private operations = 0
  private unanswered = 0
  /** Frozen for longer than the lease: another sends, at its own rate. */
  private replaced = false

  constructor(deps: Deps, holder: string) {
    this.deps = deps
    this.holder = holder
    this.pace = new Pace(deps.config.sending.ratePerSecond, deps.now)
    this.chunks = new ChunkLog(deps.log, deps.now())
    this.renewAt = deps.now() + leaseMs / 3
  }

  async run(): Promise<void> {
    for (let naps = 0; ; ) {
      if ((await this.turn()) > 0) naps = 0
      else if (this.inFlight > 0) await this.nextResult()
      else if (this.finished.length === 0 && (naps++ > 100 || !(await this.nap()))) break
    }
    await atomically(this.deps.db, [finishBlasts(this.deps.now())])
    this.chunks.flush(this.deps.now())
  }

  /** Records what came in, claims what there is room for, and starts it. Answers how many deliveries it took. */
  private async turn(): Promise<number> {
    const { config, now, newToken } = this.deps
    const finished = this.finished.splice(0)
    const records = finished.length > 0 ? this.record(finished) : []
    await this.look()
    const room = this.blasts.length > 0 ? this.pace.take(this.room()) : 0
    const blast = room > 0 ? this.nextBlast() : undefined
    const token = newToken()
    const claimedAt = now()
    const claims = blast ? [claim({ logId: blast.id, token, limit: room, now: claimedAt, leaseMs: config.sending.leaseMs })] : []
    const renewal = this.renewal()
    const done = await this.write([...records, ...claims, ...renewal])
    if (renewal.length > 0 && done.at(-1)?.rows.length === 0) this.replaced = true
    if (!blast) return 0
    const taken = (done[records.length]?.rows ?? []) as Claimed[]
    // Fewer than asked for: nobody waits there now.
    if (taken.length < room) this.leave(blast.id)
    const toSend = taken.filter((delivery) => delivery.status === 'sending')
    this.pace.giveBack(room - toSend.length)
    if (taken.length > 0) this.chunks.claimed(blast.id, toSend.length, taken.length - toSend.length)
    // Frozen meanwhile: others may have taken them for unsent. They run into their lease, and the provider is asked.
    if (now() - claimedAt > config.sending.leaseMs - config.sending.timeoutMs) return taken.length
    for (const delivery of toSend) void this.send(blast, delivery, token, claimedAt)
    return taken.length
  }

  private room(): number {
    const { config, budget, stopping } = this.deps
    if (stopping() || this.replaced) return 0
    const left = budget.operationsPerRun - this.operations - operationsToEnd - operationsPerResult * this.inFlight
    return Math.max(0, Math.min(config.sending.concurrency - this.inFlight, Math.floor(left / (1 + operationsPerResult))))
  }

  /** A blast that became due joins the others. */
  private async look(): Promise<void> {
    const { db, now, stopping } = this.deps
    if (now() < this.lookAt || stopping()) return
    this.lookAt = now() + lookMs
    this.chunks.flush(now())
    this.operations += 2
    await atomically(db, [startHeld(now())])
    for (const due of await dueBlasts(db, now())) this.join(due)
  }

  /** The blasts that are due take turns at claiming, so that a small one does not wait for a large one. */
  private nextBlast(): Blast | undefined {
    const blast = this.blasts.shift()
    if (blast) this.blasts.push(blast)
    return blast
  }

  private join({ id, messageBody }: DueBlast): void {
    if (this.blasts.some((blast) => blast.id === id)) return
    const compiled = compileTemplate(messageBody)
    if (!compiled.ok) throw new Error(`blast ${id} has a template that compose should have refused`)
    this.blasts.push({ id, template: compiled.template, parts: partsOf(compiled.template) })
  }

  private leave(logId: number): void {
    this.blasts = this.blasts.filter(({ id }) => id !== logId)
  }

  private async send({ id: logId, template, parts }: Blast, delivery: Claimed, token: string, claimedAt: number): Promise<void> {
    const { config, sms, now, random } = this.deps
    this.inFlight++
    this.operations++
    const query = new URLSearchParams({ delivery: String(delivery.id), attempt: token })
    const request = {
      to: delivery.phone,
      body: render(template, delivery.name),
      statusCallbackUrl: `${config.publicUrl}/webhooks/twilio/status?${query}`,
    }
    // A provider that throws has told us nothing: it may have the text.
    const outcome = await sms.send(request).catch((fault) => ({ kind: 'unknown' as const, reason: String(fault?.name ?? 'fault') }))
    const result = decideOutcome({ id: delivery.id, token, attempts: delivery.attempts, now: now() }, outcome, random())
    if (result.sid !== null && !result.parts) result.parts = parts(delivery.name)
    this.finished.push({ logId, claimedAt, result })
    this.inFlight--
    this.wake()
  }

  private record(finished: Finished[]): SQL[] {
    for (const { result } of finished) {
      if (result.sid !== null) this.unanswered = 0
      else if (isSilence(result)) this.unanswered++
    }
    const silence = this.unanswered >= mostUnanswered
    this.chunks.answered(finished)
    for (const { logId, result } of finished) {
      if (['throttle', 'pause'].includes(result.effect.kind) || (silence && isSilence(result))) this.leave(logId)
    }
    return recordFinished(finished, { now: this.deps.now(), silence, jitter: this.deps.random() })
  }

  private renewal(): SQL[] {
    const now = this.deps.now()
    if (now < this.renewAt) return []
    this.renewAt = now + leaseMs / 3
    return [renewLease(this.holder, now)]
  }

  /** Safe to repeat: results are guarded by their token, and a claim whose answer was lost runs into its lease. */
  private async write(statements: SQL[]) {
    if (statements.length === 0) return []
    this.operations += statements.length
    for (let attempt = 1; ; attempt++) {
      try {
        return await atomically(this.deps.db, statements)
      } catch (fault) {
        if (attempt === writeAttempts) throw fault
        await this.deps.sleep(50 * 2 ** attempt)
      }
    }
  }

  private async nextResult(): Promise<void> {
    if (this.finished.length === 0) {
      await new Promise<void>((resolve) => {
        this.wake = resolve
        // One timer at a time: it renews the lease under slow requests, and lets the next in when the rate allows.
        this.tick ??= this.deps.sleep(this.pace.wait() || lookMs).then(() => {
          this.tick = null
          this.wake()
        })
      })
    }
    const counted = Number.isFinite(this.deps.budget.operationsPerRun)
    if (this.finished.length > 0) await this.deps.sleep(counted ? gatherMs : 0)
  }

  /** Nothing is in flight. False when this run is over: nothing waits, or not soon, or the budget is spent. */
  private async nap(): Promise<boolean> {
    const { db, now, queue, stopping, sleep } = this.deps
    const due = await nextDue(db)
    if (due === null || stopping()) return false
    const wait = Math.max(due - now(), this.pace.wait())
    const spent = this.room() === 0
    if (wait > longestNapMs || spent) {
      await queue.send({ type: 'send' }, Math.max(0, wait))
      return false
    }
    await sleep(Math.max(1, wait))
    this.lookAt = 0
    return true
  }
}
