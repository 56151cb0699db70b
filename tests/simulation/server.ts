import { recountStale } from '../../src/blasts/counts'
import { sweep } from '../../src/deliveries/sweep'
import type { Deps, Job } from '../../src/deps'
import { runJob } from '../../src/jobs'
import { isSimulated } from './database'
import type { Profile } from './profile'
import type { World } from './world'

/** What a process does on whose behalf; the trace and the rules tell them apart by it. */
export const errands = ['sender', 'cron', 'staff', 'again', 'callback', 'inbound'] as const
export type Errand = (typeof errands)[number]

/**
 * One process: a server, a Worker or `npm run tick`. A life ends by a crash at any await: whatever it waited for never comes back, and the
 * next life knows only the database. A frozen one (a suspended machine, a stopped container) goes on later as if nothing had been.
 */
export class Server {
  readonly name: string
  readonly deps = {} as Record<Errand, Deps>
  life = 1
  up = true
  stopping = false
  private readonly world: World
  private readonly profile: Profile
  private frozenUntil = 0
  private running = 0
  private waiting = false

  constructor(name: string, world: World, profile: Profile) {
    this.name = name
    this.world = world
    this.profile = profile
  }

  /** Goes on after `delayMs` within this life; it may end right here. */
  resume(delayMs: number, go: () => void, freeze = this.profile.freeze): void {
    const { life } = this
    let here = false
    const arrive = () => {
      if (this.life !== life) return
      if (!here) this.stumble(freeze)
      here = true
      if (this.life !== life) return
      if (this.frozenUntil > this.world.now) this.world.at(this.frozenUntil - this.world.now, arrive)
      else go()
    }
    if (delayMs < 0) arrive()
    else this.world.at(delayMs, arrive)
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.resume(ms, resolve))
  }

  /** A nudge reached this process. Nudges that meet a running job are one. */
  nudge(job: Job = { type: 'send' }): void {
    if (!this.up || this.stopping) return
    if (job.type === 'reconcile') return void this.errand('cron', (deps) => runJob(deps, job))
    if (this.running >= this.profile.jobsAtOnce) {
      this.waiting = true
      return
    }
    this.running++
    void this.errand('sender', (deps) => runJob(this.counting(deps), { type: 'send' })).then(() => {
      this.running--
      if (!this.waiting) return
      this.waiting = false
      this.nudge()
    })
  }

  /** One sender never has more in flight than it may. */
  private counting(deps: Deps): Deps {
    let inFlight = 0
    const { concurrency } = deps.config.sending
    const send: Deps['sms']['send'] = (request) => {
      if (++inFlight > concurrency) this.world.violate('in flight are no more than SEND_CONCURRENCY', `${inFlight} of ${concurrency}`)
      return deps.sms.send(request).finally(() => inFlight--)
    }
    return { ...deps, sms: { ...deps.sms, send } }
  }

  /** The parts of the minute that concern deliveries, as `runCron` runs them. */
  async cron(): Promise<void> {
    await this.errand('cron', sweep)
    await this.errand('cron', recountStale)
  }

  /** Runs a piece of the product. A fault of the simulation's making is part of life, any other is a finding. */
  async errand<T>(errand: Errand, run: (deps: Deps) => Promise<T>): Promise<T | null> {
    if (!this.up) return null
    try {
      return await run(this.deps[errand])
    } catch (fault) {
      if (!isSimulated(fault))
        this.world.violate('throws only what is thrown at it', fault instanceof Error ? String(fault.stack) : String(fault))
      this.world.note(this.name, `${errand} failed: the database did not answer`)
      return null
    }
  }

  crash(downMs: number, why = 'crashed'): void {
    if (!this.up) return
    this.world.note(this.name, `${why}; back in ${Math.round(downMs / 1000)} s`)
    this.life++
    this.up = false
    this.frozenUntil = 0
    this.running = 0
    this.waiting = false
    this.world.at(downMs, () => this.start())
  }

  /** Asked to end, as by a deployment: takes no new work, and is killed when the time is over. */
  stop(graceMs: number): void {
    if (!this.up || this.stopping) return
    this.world.note(this.name, 'asked to stop')
    this.stopping = true
    const { life } = this
    this.world.at(graceMs, () => this.life === life && this.crash(1000, 'stopped'))
  }

  thaw(): void {
    this.frozenUntil = 0
  }

  private start(): void {
    this.up = true
    this.stopping = false
    this.world.note(this.name, 'started')
    // As on Node, where a server looks for what is left as soon as it is up.
    this.nudge()
  }

  private stumble(freeze: number): void {
    const { world, profile } = this
    if (world.calm || this.frozenUntil > world.now) return
    if (world.dice.chance(profile.crash)) this.crash(world.dice.pick([50, 1000, 10_000, 90_000]))
    else if (world.dice.chance(freeze)) {
      const { leaseMs, reconcileGraceMs } = profile.sending
      const gone = leaseMs + reconcileGraceMs
      const ms = freeze > profile.freeze ? gone + world.dice.between(0, 150_000) : world.dice.pick([1000, 20_000, leaseMs, gone])
      this.frozenUntil = world.now + ms
      world.note(this.name, `frozen for ${Math.round(ms / 1000)} s`)
    }
  }
}
