import { FAILURE_CODES } from '../../src/sms/failure-codes'
import type { ListOutcome, ProviderStatus, SendOutcome, SendRequest } from '../../src/sms/provider'
import type { Profile } from './profile'
import type { Server } from './server'
import type { World } from './world'

export const sender = '+13236300201'

export type Message = {
  sid: string
  deliveryId: number
  token: string
  to: string
  body: string
  status: ProviderStatus
  code: number | null
  acceptedAt: number
  listedAt: number
  callbackUrl: string
}

/** What becomes of texts to a phone: refused at once with a code, failed later with a code, or delivered. */
export type Phone = { refuses: number | null; fails: number | null }

export type ProviderEvents = {
  leaves(server: Server, request: SendRequest, deliveryId: number, token: string): void
  accepts(message: Message): void
  tells(message: Message, status: ProviderStatus, code: number | null): void
}

type Fate = 'accept' | 'throttle' | 'refuse' | 'error' | 'drop' | 'hang' | 'not_sent'

/** Twilio as far as texting goes: what it has is the truth that the log is held against. */
export class Provider {
  readonly messages: Message[] = []
  readonly phones = new Map<string, Phone>()
  readonly answered: { to: string; code: number | null }[] = []
  private readonly world: World
  private readonly profile: Profile
  private readonly events: ProviderEvents
  private readonly misconfiguredFrom: number
  private readonly misconfiguredCode: number

  constructor(world: World, profile: Profile, events: ProviderEvents) {
    this.world = world
    this.profile = profile
    this.events = events
    const { dice } = world
    this.misconfiguredFrom = profile.provider.misconfigured ? world.now + dice.between(0, 20_000) : Number.POSITIVE_INFINITY
    this.misconfiguredCode = dice.pick(codes.ours)
  }

  send(server: Server, request: SendRequest): Promise<SendOutcome> {
    const { world, profile } = this
    const { dice } = world
    const query = new URL(request.statusCallbackUrl).searchParams
    const deliveryId = Number(query.get('delivery'))
    const token = query.get('attempt') ?? ''
    this.events.leaves(server, request, deliveryId, token)
    const { life } = server
    const fate = this.fate()
    const late = dice.chance(profile.provider.slow) && !world.calm
    const arrival = late ? dice.between(1000, profile.sending.timeoutMs + 8000) : dice.between(1, 60)
    const back = late ? dice.between(1, 8000) : dice.between(1, 60)
    const after = dice.chance(0.5)
    return new Promise((resolve) => {
      if (fate === 'not_sent') return server.resume(dice.between(1, 30), () => resolve({ kind: 'not_sent', reason: 'ECONNREFUSED' }))
      let done = false
      const answer = (delayMs: number, outcome: SendOutcome) =>
        world.at(delayMs, () => {
          if (done || server.life !== life) return
          done = true
          server.resume(-1, () => resolve(outcome), profile.freezeAtAnswer || profile.freeze)
        })
      answer(profile.sending.timeoutMs, { kind: 'unknown', reason: 'no answer in time' })
      world.at(arrival, () => {
        // What a dead process had written may still be on its way, or may never have left.
        if (server.life !== life && dice.chance(0.5)) return
        const outcome = this.receive(request, deliveryId, token, fate, after)
        if (outcome) answer(back, outcome)
      })
    })
  }

  /** Null: the answer never comes. */
  private receive(request: SendRequest, deliveryId: number, token: string, fate: Fate, after: boolean): SendOutcome | null {
    const { world } = this
    const { dice } = world
    const phone = this.phones.get(request.to)
    if (fate === 'throttle') return { kind: 'throttled', retryAfterMs: dice.pick([null, 1000, 5000, 30_000]) }
    const refusal = this.refusalOf(phone, fate)
    if (refusal !== undefined) {
      world.note('provider', `refuses #${deliveryId} with ${refusal}`)
      this.answered.push({ to: request.to, code: refusal })
      return { kind: 'refused', code: refusal, httpStatus: 400 }
    }
    const clear = fate === 'accept' || fate === 'refuse'
    const message = clear || after ? this.accept(request, deliveryId, token) : null
    if (clear && message) return { kind: 'accepted', sid: message.sid, status: 'queued', parts: 1 }
    world.note('provider', `${message ? 'accepts' : 'never gets'} #${deliveryId}, and the answer is lost (${fate})`)
    if (fate === 'hang') return null
    return { kind: 'unknown', reason: fate === 'error' ? 'HTTP 500' : 'the connection was lost' }
  }

  private refusalOf(phone: Phone | undefined, fate: Fate): number | null | undefined {
    const { world } = this
    if (!world.calm && world.now >= this.misconfiguredFrom && world.now < this.misconfiguredFrom + 60_000) return this.misconfiguredCode
    if (phone?.refuses) return phone.refuses
    return fate === 'refuse' ? world.dice.pick(codes.passing) : undefined
  }

  private accept(request: SendRequest, deliveryId: number, token: string): Message {
    const { world, profile, messages } = this
    const { dice } = world
    const message: Message = {
      sid: `SM${String(messages.length + 1).padStart(3, '0')}`,
      deliveryId,
      token,
      to: request.to,
      body: request.body,
      status: 'queued',
      code: null,
      acceptedAt: world.now,
      listedAt: world.now + Math.floor(dice.next() * profile.provider.listDelayMs),
      callbackUrl: request.statusCallbackUrl,
    }
    messages.push(message)
    this.events.accepts(message)
    this.deliver(message)
    return message
  }

  /** The phone's part, some time later. */
  private deliver(message: Message): void {
    const { world } = this
    const { dice } = world
    const fails = this.phones.get(message.to)?.fails ?? null
    const move = (status: ProviderStatus, code: number | null = null) => {
      message.status = status
      message.code = code
      this.events.tells(message, status, code)
    }
    const sentAfter = dice.between(20, 3000)
    const endAfter = sentAfter + dice.between(20, 20_000)
    const atOnce = fails !== null && dice.chance(0.3)
    world.at(sentAfter, () => (atOnce ? move('failed', fails) : move('sent')))
    if (atOnce) return
    if (fails === null) world.at(endAfter, () => move('delivered'))
    else world.at(endAfter, () => move('undelivered', fails))
  }

  listTo(server: Server, phone: string, since: number): Promise<ListOutcome> {
    const { world, profile } = this
    const { dice } = world
    const { life } = server
    return new Promise((resolve) => {
      world.at(dice.between(1, 300), () => {
        if (server.life !== life) return
        const { listDown, listFails } = profile.provider
        const unavailable = listDown ? !this.listMended : !world.calm && dice.chance(listFails)
        const messages = this.messages
          .filter(({ to, listedAt }) => to === phone && listedAt <= world.now)
          .map(({ sid, status, body, code, acceptedAt }) => {
            const createdAt = Math.floor(acceptedAt / 1000) * 1000
            return { sid, status, body, from: sender, messagingServiceSid: null, createdAt, errorCode: code, parts: 1 }
          })
          .filter(({ createdAt }) => createdAt >= Math.floor(since / 1000) * 1000)
          .reverse()
        const outcome: ListOutcome = unavailable ? { kind: 'unavailable', reason: 'HTTP 503' } : { kind: 'listed', messages }
        server.resume(dice.between(1, 300), () => resolve(outcome))
      })
    })
  }

  listMended = false

  private fate(): Fate {
    const { world, profile } = this
    if (world.calm) return 'accept'
    const { throttle, refuse, error, drop, hang, notSent } = profile.provider
    const { dice } = world
    if (dice.chance(throttle)) return 'throttle'
    if (dice.chance(refuse)) return 'refuse'
    if (dice.chance(error)) return 'error'
    if (dice.chance(drop)) return 'drop'
    if (dice.chance(hang)) return 'hang'
    return dice.chance(notSent) ? 'not_sent' : 'accept'
  }
}

const listed = (wanted: string[], phases: string[]) =>
  Object.entries(FAILURE_CODES).flatMap(([code, entry]) =>
    wanted.includes(entry.class) && phases.includes(entry.phase) ? [Number(code)] : [],
  )

/** Failures as the provider's table has them: at once, or told later. */
export const codes = {
  ours: listed(['sender_config', 'account'], ['create', 'both']),
  passing: [...listed(['retryable', 'geo', 'content'], ['create', 'both']), null, 99_999],
  refusing: listed(['suppress_permanent', 'opted_out'], ['create', 'both']),
  failing: listed(
    ['suppress_permanent', 'suppress_after_n', 'opted_out', 'content', 'retryable', 'sender_config'],
    ['async-status', 'both'],
  ),
}
