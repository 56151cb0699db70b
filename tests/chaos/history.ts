import { setTimeout as wait } from 'node:timers/promises'
import type { Blast, Kill, Plan } from './plan'
import { Provider } from './provider'
import { type BlastStatus, Staff } from './staff'
import { judge, type Verdict } from './verdict'
import { fixedPort, Victim } from './victim'

export type Outcome = Verdict & {
  plan: Plan
  kills: number
  /** Of the kills: with a request on its way to the provider. */
  midFlight: number
  requests: number
  seconds: number
  output: string
}

const leaseSeconds = 2
/** Longer than the provider is asked again after. */
const stillMs = 45_000
const calmMs = 180_000

/** One seed: import, send, kill again and again, then calm, then the provider's record against the log. */
export async function live(plan: Plan): Promise<Outcome> {
  const started = performance.now()
  const provider = new Provider(plan)
  const { twilio } = provider
  const settings = {
    SMS_PROVIDER: 'twilio',
    TWILIO_ACCOUNT_SID: twilio.accountSid,
    TWILIO_AUTH_TOKEN: twilio.authToken,
    TWILIO_FROM_NUMBER: '+13236300201',
    TWILIO_API_BASE_URL: await provider.open(),
    SEND_CONCURRENCY: String(plan.concurrency),
    SEND_RATE_PER_SECOND: String(plan.ratePerSecond),
    SEND_HOLD_SECONDS: '0',
    SEND_TIMEOUT_SECONDS: '1',
    SEND_LEASE_SECONDS: String(leaseSeconds),
    RECONCILE_GRACE_SECONDS: '3',
  }
  const victim = new Victim(plan.host, await fixedPort(), settings, plan.planted)
  try {
    const history = new History(plan, provider, victim)
    const verdict = await history.run()
    const { kills, midFlight } = history
    const seconds = (performance.now() - started) / 1000
    return { ...verdict, plan, kills, midFlight, requests: provider.arrivals.length, seconds, output: victim.output }
  } finally {
    await victim.remove()
    await provider.close()
  }
}

class History {
  kills = 0
  midFlight = 0
  private readonly plan: Plan
  private readonly provider: Provider
  private readonly victim: Victim
  private readonly staff: Staff
  private readonly stopped = new Map<string, number>()
  private readonly sent: { tag: string; ids: Set<number>; id: number }[] = []

  constructor(plan: Plan, provider: Provider, victim: Victim) {
    this.plan = plan
    this.provider = provider
    this.victim = victim
    this.staff = new Staff(victim.origin)
  }

  async run(): Promise<Verdict> {
    const { plan, provider, victim, staff } = this
    victim.start()
    await victim.up()
    await staff.signIn(victim.username, victim.password)
    await staff.importMembers(plan.members)
    const stops = plan.blasts.flatMap((blast) => blast.stops.map(({ phone, atRequest }) => this.stopAt(phone, atRequest)))
    for (const blast of plan.blasts) {
      const sending = this.send(blast)
      for (const kill of blast.kills) await this.kill(kill)
      await sending
    }
    provider.calm = true
    await Promise.all([this.calm(), ...stops])
    await provider.told()
    // Each start counts what the last news changed.
    await this.restart()
    await this.quiet()
    return this.judge()
  }

  private async send({ tag, body, pressedTwice }: Blast): Promise<void> {
    const { id, ids } = await this.staff.send(body, pressedTwice)
    this.sent.push({ tag, ids, id })
  }

  /** When the provider has seen so many requests, or at the end. */
  private async stopAt(phone: string, atRequest: number): Promise<void> {
    const { provider, victim } = this
    while (provider.arrivals.length < atRequest && !provider.calm) await provider.nextRequest(200)
    const at = await provider.stop(victim.origin, phone)
    this.stopped.set(phone, Math.min(at, this.stopped.get(phone) ?? at))
  }

  private async kill({ from, gapMs, orphan, waits }: Kill): Promise<void> {
    const { provider, victim } = this
    if (from === 'text') await provider.nextRequest(waits ? 18_000 : 4000)
    await wait(gapMs)
    this.kills++
    if (provider.inFlight > 0) this.midFlight++
    await victim.kill(orphan)
    // Whoever waits, waits for a dead sender; an orphan is alive.
    if (!waits && !orphan) victim.forgetSender()
    victim.start()
    if (from !== 'start') await victim.up()
  }

  /** Starts again, each of which runs the cron once, until every blast has ended or nothing moves. */
  private async calm(): Promise<void> {
    const { plan, victim } = this
    await this.restart()
    let last = ''
    let movedAt = performance.now()
    for (const end = movedAt + calmMs; performance.now() < end; ) {
      const now = JSON.stringify(await this.status())
      if (now !== last) movedAt = performance.now()
      last = now
      if (await this.over()) return
      if (performance.now() - movedAt > stillMs) return
      await wait(3000)
      if (await this.over()) return
      await victim.stop()
      if (plan.ticks) await victim.tick()
      await this.restart()
    }
  }

  private async restart(): Promise<void> {
    await this.victim.stop()
    this.victim.start()
    await this.victim.up()
  }

  private status = (): Promise<BlastStatus[]> => this.staff.status(this.sent.map(({ id }) => id))

  private over = async () => (await this.status()).every(({ status }) => status === 'sent' || status === 'failed')

  /** The counts are the cron's: it may still be at it. */
  private async quiet(): Promise<void> {
    for (let tries = 0; tries < 50; tries++) {
      const [row] = this.victim.query<{ n: number }>('SELECT count(*) AS n FROM message_logs WHERE counts_stale = 1')
      if (row?.n === 0) return
      await wait(200)
    }
  }

  private async judge(): Promise<Verdict> {
    const { plan, provider, victim, staff, sent, stopped } = this
    const blasts = await Promise.all(
      sent.map(async ({ tag, ids, id }) => {
        const [status] = await staff.status([id])
        if (!status) throw new Error(`${tag} is not in the log`)
        return { tag, ids, status, lines: await staff.lines(id) }
      }),
    )
    const claims = victim.query<{ phone: string; status: string; attemptedAt: number | null; body: string }>(`
      SELECT d.phone, d.status, d.attempted_at AS "attemptedAt", l.message_body AS body
      FROM message_deliveries d JOIN message_logs l ON l.id = d.log_id`)
    const [stored] = victim.query<{ n: number }>('SELECT count(*) AS n FROM message_logs')
    const { messages } = provider.twilio
    const { arrivals, isNoNumber } = provider
    const leaseMs = leaseSeconds * 1000
    const verdict = judge({ plan, blasts, messages, arrivals, stopped, claims, isNoNumber, stored: stored?.n ?? 0, leaseMs })
    if (provider.refused > 0) verdict.violations.push(`${provider.refused} webhooks were refused`)
    return verdict
  }
}
