import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import type { ProviderStatus } from '../../src/sms/provider'
import { type FakeMessage, FakeTwilio, type Fault } from '../support/fake-twilio'
import { diceFor, type Plan } from './plan'

const faults: Fault[] = [
  { kind: 'throttle', retryAfter: '1' },
  { kind: 'server-error', when: 'before' },
  { kind: 'server-error', when: 'after' },
  { kind: 'drop', when: 'before' },
  { kind: 'drop', when: 'after' },
  { kind: 'garbled', when: 'after' },
  { kind: 'hang', when: 'after' },
]

/** Longer than any server waits. */
const hangMs = 3000

/**
 * The provider over sockets. Its record lives here, so it outlives every server that is killed. What goes wrong with a request, and what
 * is told of a text, follows from the seed, the phone and the words, not from the order in which requests arrive.
 */
export class Provider {
  readonly twilio: FakeTwilio
  /** When each text was asked for (UTC ms). */
  readonly arrivals: { phone: string; at: number }[] = []
  inFlight = 0
  calm = false
  /** Webhooks that were not believed. */
  refused = 0
  private readonly plan: Plan
  private readonly attempts = new Map<string, number>()
  private readonly toldOf = new Set<FakeMessage>()
  private readonly posts = new Set<Promise<void>>()
  private readonly server = createServer((incoming, outgoing) => void this.relay(incoming, outgoing))
  private wake = Promise.withResolvers<void>()

  constructor(plan: Plan) {
    this.plan = plan
    this.twilio = new FakeTwilio({ seed: plan.seed, now: Date.now })
    this.twilio.decide = (form) => this.faultOf(form)
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }

  /** Resolves when the next text is asked for, or the time is over. */
  async nextRequest(withinMs: number): Promise<void> {
    const over = new AbortController()
    await Promise.race([this.wake.promise, wait(withinMs, undefined, { signal: over.signal }).catch(() => {})])
    over.abort()
  }

  /** Everything that was to be told has been, or was lost. */
  async told(): Promise<void> {
    while (this.posts.size > 0) await Promise.all(this.posts)
  }

  private async relay(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await text(incoming).catch(() => null)
    if (body === null) return
    const sends = incoming.method === 'POST'
    const form = new URLSearchParams(body)
    const name = sends ? `${form.get('To')} ${form.get('Body')}` : incoming.url
    const dice = diceFor(this.plan.seed, `latency ${name} ${this.attempts.get(name ?? '') ?? 0}`)
    const latency = () => wait(this.calm ? 1 : 2 + dice.below(29))
    if (sends) this.arrive(form.get('To') ?? '')
    await latency()
    const headers = incoming.headers as Record<string, string>
    const before = this.twilio.messages.length
    const tell = () => {
      for (const message of this.twilio.messages.slice(before)) this.tellOnce(message)
    }
    try {
      const answer = this.twilio.fetch(`https://api.twilio.com${incoming.url}`, {
        method: incoming.method,
        headers,
        body: body || undefined,
      })
      const result = await Promise.race([answer, wait(20, 'hangs' as const)])
      tell()
      await latency()
      if (result === 'hangs') setTimeout(() => outgoing.destroy(), hangMs).unref()
      else outgoing.writeHead(result.status, { 'content-type': 'application/json', ...retryAfter(result) }).end(await result.text())
    } catch {
      tell()
      outgoing.destroy()
    } finally {
      this.inFlight -= sends ? 1 : 0
    }
  }

  private arrive(phone: string): void {
    this.inFlight++
    this.arrivals.push({ phone, at: Date.now() })
    this.wake.resolve()
    this.wake = Promise.withResolvers()
  }

  private faultOf(form: URLSearchParams): Fault | null {
    const name = `${form.get('To')} ${form.get('Body')}`
    const attempt = (this.attempts.get(name) ?? 0) + 1
    this.attempts.set(name, attempt)
    // A number that is none stays so.
    if (this.isNoNumber(form.get('To') ?? '')) return { kind: 'refuse', code: 21211 }
    const dice = diceFor(this.plan.seed, `fault ${name} ${attempt}`)
    if (this.calm || dice.next() >= this.plan.faultRate) return null
    return faults[dice.below(faults.length)] ?? null
  }

  readonly isNoNumber = (phone: string) => diceFor(this.plan.seed, `number ${phone}`).next() < 0.02

  /** Late, twice, in any order, or never. */
  private tellOnce(message: FakeMessage): void {
    if (this.toldOf.has(message)) return
    this.toldOf.add(message)
    const dice = diceFor(this.plan.seed, `told ${message.to} ${message.body}`)
    if (dice.next() >= this.plan.callbackRate) return
    const fails = dice.next() < 0.05
    const statuses: ProviderStatus[] = ['sent', fails ? 'undelivered' : 'delivered']
    const order = (['sent', 'reversed', 'shuffled', 'doubled'] as const)[dice.below(4)] ?? 'sent'
    for (const request of this.twilio.callbacks(message, statuses, order, fails ? 30005 : null)) {
      const post = this.post(request, dice.below(2) * dice.below(1500), dice.next() < 0.5)
      this.posts.add(post)
      void post.finally(() => this.posts.delete(post))
    }
  }

  /** `again`: told until it is heard, as an operator can set; else once. */
  private async post(request: Request, delayMs: number, again: boolean): Promise<void> {
    const form = await request.text()
    const headers = Object.fromEntries(request.headers)
    await wait(delayMs)
    for (let tries = 0; tries < (again ? 200 : 1); tries++) {
      if (await this.tells(request.url, headers, form)) return
      await wait(300)
    }
  }

  /** STOP from a phone, until the webhook has answered. Resolves to when it had (UTC ms). */
  async stop(origin: string, phone: string): Promise<number> {
    const url = `${origin}/webhooks/twilio/inbound`
    const request = this.twilio.inbound(url, phone, 'STOP')
    const form = await request.text()
    const headers = Object.fromEntries(request.headers)
    while (!(await this.tells(url, headers, form))) await wait(100)
    return Date.now()
  }

  private async tells(url: string, headers: Record<string, string>, body: string): Promise<boolean> {
    try {
      const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(10_000) })
      await answer.arrayBuffer()
      if (answer.status === 403) this.refused++
      return answer.ok
    } catch {
      return false
    }
  }
}

function retryAfter(answer: Response): Record<string, string> {
  const value = answer.headers.get('Retry-After')
  return value === null ? {} : { 'retry-after': value }
}
