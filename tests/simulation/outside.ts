import { applyStatusCallback } from '../../src/deliveries/callbacks'
import { receiveInbound } from '../../src/deliveries/inbound'
import type { ProviderStatus } from '../../src/sms/provider'
import type { Ledger } from './ledger'
import type { Profile } from './profile'
import type { Message } from './provider'
import type { Server } from './server'
import type { World } from './world'

/** What comes to us from outside: Twilio's word on texts, and the texts of people. Whoever is down when it comes never hears it. */
export class Outside {
  private readonly world: World
  private readonly profile: Profile
  private readonly servers: readonly Server[]
  private readonly phones: readonly string[]
  /** Texts START that may yet be stored, by phone. */
  private readonly starting = new Map<string, Set<number>>()
  private readonly last = new Map<string, number>()
  private texts = 0

  constructor(world: World, profile: Profile, servers: readonly Server[], phones: readonly string[]) {
    this.world = world
    this.profile = profile
    this.servers = servers
    this.phones = phones
  }

  /** A callback, sooner or later, once, twice or never. */
  tell(message: Message, status: ProviderStatus, errorCode: number | null): void {
    const { world, profile } = this
    const { dice } = world
    const { lost, doubled, late, stray } = profile.callback
    if (!world.calm && dice.chance(lost)) return
    const callback = { deliveryId: message.deliveryId, attemptToken: message.token, sid: message.sid, status, errorCode, parts: null }
    for (let times = dice.chance(doubled) ? 2 : 1; times > 0; times--) {
      const delayMs = !world.calm && dice.chance(late) ? dice.between(1000, 400_000) : dice.between(10, 400)
      world.at(delayMs, () => {
        world.note('provider', `tells of #${message.deliveryId} ${message.sid}: ${status}`)
        void dice.pick(this.servers).errand('callback', (deps) => applyStatusCallback(deps, callback))
      })
    }
    if (dice.chance(stray)) {
      const wrong = dice.pick([
        { attemptToken: 'of nobody' },
        { deliveryId: 999_999 },
        { deliveryId: message.deliveryId + 1, attemptToken: 'of nobody' },
      ])
      world.at(dice.between(10, 4000), () => {
        void dice.pick(this.servers).errand('callback', (deps) => applyStatusCallback(deps, { ...callback, ...wrong }))
      })
    }
  }

  /** Somebody texts STOP or START; the webhook may come again. */
  text(ledger: Ledger): void {
    const { world } = this
    const { dice } = world
    const from = dice.pick(this.phones)
    const keyword = dice.chance(0.7) ? 'STOP' : 'START'
    const number = ++this.texts
    const starting = this.starting.get(from) ?? new Set()
    this.starting.set(from, starting)
    this.last.set(from, number)
    if (keyword === 'START') {
      starting.add(number)
      ledger.stopped.delete(from)
    }
    const arrive = async () => {
      world.note('someone', `${from.slice(-4)} texts ${keyword} (${number})`)
      const alone = starting.size === 0
      const inbound = { from, body: keyword, messageSid: `SMin${number}` }
      const answer = await dice.pick(this.servers).errand('inbound', (deps) => receiveInbound(deps, inbound))
      if (answer === 'start') starting.delete(number)
      // Answered, so it is stored; and no START was on its way that may have been stored after it.
      if (answer === 'stop' && alone && this.last.get(from) === number) ledger.stopped.add(from)
    }
    world.at(0, () => void arrive())
    if (dice.chance(0.3)) world.at(dice.between(1, 60_000), () => void arrive())
  }
}
