import { classify } from '../../src/sms/outcome'
import type { ProviderStatus, SendRequest } from '../../src/sms/provider'
import type { Message, ProviderEvents } from './provider'
import type { Errand, Server } from './server'
import type { Change, Ground } from './store'
import type { World } from './world'

/** What the simulation knows of a delivery, beside what the product does. */
export type Known = {
  phone: string
  logId: number
  /** Tokens of claims that are on disk. */
  claims: Set<string>
  /** Tokens with which a request left. */
  used: Set<string>
  /** Times that a person decided to send again. */
  again: number
  messages: Message[]
}

const told = ['accepted', 'sent', 'delivered', 'undelivered', 'failed']

/** Where a delivery may go from each state. What the provider said is never taken back, but by Retry after a definite failure. */
const next: Record<string, readonly string[]> = {
  queued: ['sending', 'skipped', ...told],
  sending: ['queued', 'skipped', 'unknown', ...told],
  unknown: ['queued', 'skipped', ...told],
  skipped: told,
  accepted: ['sent', 'delivered', 'undelivered', 'failed'],
  sent: ['delivered', 'undelivered', 'failed'],
  delivered: [],
  undelivered: ['queued'],
  failed: ['queued'],
}

/** Holds every change against the rules in the instant in which it takes effect, and every text that the provider accepts. */
export class Ledger implements ProviderEvents {
  readonly deliveries = new Map<number, Known>()
  readonly undone = new Set<number>()
  /** Codes that the provider gave for a phone, at once or later. */
  readonly blamed = new Map<string, Set<number | null>>()
  private readonly world: World
  private readonly ground: Ground
  private readonly onTold: (message: Message, status: ProviderStatus, code: number | null) => void
  /** People whose last word is known to be stored as STOP. */
  readonly stopped = new Set<string>()

  constructor(world: World, ground: Ground, onTold: Ledger['onTold']) {
    this.world = world
    this.ground = ground
    this.onTold = onTold
  }

  watch(server: Server, errand: Errand): void {
    for (const change of this.ground.takeChanges()) {
      const who = `${server.name} ${errand}`
      if (change.kind === 'delivery' || change.kind === 'joined') this.delivery(who, errand, change)
      else if (change.kind === 'blast') this.blast(who, change)
      else this.contact(who, change)
    }
  }

  private delivery(who: string, errand: Errand, change: Change): void {
    const { world } = this
    const { id, was, became, token, phone, logId } = change
    if (was === null) {
      this.deliveries.set(id, { phone, logId, claims: new Set(), used: new Set(), again: 0, messages: [] })
      if (change.blocked && !change.testMode) world.violate('nobody blocked is planned', `#${id} ${phone} is ${change.blocked}`)
      return
    }
    const known = this.known(id)
    const extra = [
      change.skipReason ?? (change.code === null ? '' : String(change.code)),
      change.sid === change.oldSid ? '' : `${change.sid}`,
      change.needsPerson ? 'for a person' : '',
      became === 'sending' ? `token ${token}` : '',
    ]
    world.note(who, [`#${id} ${phone.slice(-4)}`, was === became ? became : `${was} → ${became}`, ...extra].filter(Boolean).join(' '))
    if (was !== became && !next[was]?.includes(became)) {
      const told = ['accepted', 'sent', 'delivered', 'undelivered', 'failed'].includes(was)
      world.violate(told ? 'what the provider said never goes backwards' : 'a delivery keeps to its states', `#${id} ${was} → ${became}`)
    }
    if (became === 'sending') this.claim(known, id, change)
    if (was === 'unknown' && became === 'queued' && errand === 'again') known.again++
  }

  private claim(known: Known, id: number, { was, token, blocked, testMode, blast, phone }: Change): void {
    const { world } = this
    if (was === 'sending' || token === null || known.used.has(token)) world.violate('a claim is one attempt', `#${id} with ${token}`)
    if (token !== null) known.claims.add(token)
    if (blast !== 'processing') world.violate('only a blast that is being sent is claimed', `#${id} of a blast that is ${blast}`)
    if (testMode) return
    if (blocked) world.violate('nobody is claimed after an opt-out is stored', `#${id} ${phone} is ${blocked}`)
    if (this.stopped.has(phone))
      world.violate('nobody is claimed after an opt-out is stored', `#${id} ${phone} texted STOP and nothing since`)
  }

  private blast(who: string, { id, was, became, code }: Change): void {
    this.world.note(who, `blast ${id} ${was} → ${became}${code === null ? '' : ` for ${code}`}`)
    if (was === 'held' && became === 'cancelled') this.undone.add(id)
  }

  private contact(who: string, { kind, phone, became, code }: Change): void {
    const { world } = this
    world.note(who, `${phone} ${kind}: ${became}${code === null ? '' : ` ${code}`}`)
    if (kind === 'deleted') world.violate('nothing is deleted', `${became}, ${phone}`)
    const blamed = [...(this.blamed.get(phone) ?? [])]
    if (kind === 'optout' && became === 'message_failure' && !blamed.some((each) => classify(each) === 'opted_out'))
      world.violate('only the provider or they themself opt somebody out', phone)
    if (kind === 'suppressed' && !(blamed.includes(code) && ['suppress_permanent', 'suppress_after_n'].includes(classify(code))))
      world.violate('only a fault of the recipient suppresses', `${phone} for ${code}`)
  }

  leaves(server: Server, { to }: SendRequest, deliveryId: number, token: string): void {
    this.world.note(server.name, `texts #${deliveryId} ${to.slice(-4)}`)
    const known = this.known(deliveryId)
    if (!known.claims.has(token) || known.used.has(token))
      this.world.violate('a claim is on disk before its request leaves, and is for one', `#${deliveryId} with ${token}`)
    known.used.add(token)
  }

  accepts(message: Message): void {
    const { world } = this
    const known = this.known(message.deliveryId)
    world.note('provider', `accepts #${message.deliveryId} ${message.to.slice(-4)} as ${message.sid}`)
    known.messages.push(message)
    if (message.to !== known.phone) world.violate('a text goes to its recipient', `#${message.deliveryId} to ${message.to}`)
    if (this.undone.has(known.logId)) world.violate('an undone blast texts nobody', `#${message.deliveryId} ${message.sid}`)
    const live = known.messages.filter(({ status }) => status !== 'failed' && status !== 'undelivered')
    if (live.length > 1 + known.again)
      world.violate('nobody is texted twice', `#${message.deliveryId} ${message.to} has ${live.map(({ sid }) => sid).join(' and ')}`)
  }

  tells(message: Message, status: ProviderStatus, code: number | null): void {
    if (code !== null) this.blame(message.to, code)
    this.onTold(message, status, code)
  }

  blame(phone: string, code: number | null): void {
    const codes = this.blamed.get(phone) ?? new Set()
    this.blamed.set(phone, codes.add(code))
  }

  private known(id: number): Known {
    const known = this.deliveries.get(id)
    if (!known) throw new Error(`no delivery ${id}`)
    return known
  }
}
