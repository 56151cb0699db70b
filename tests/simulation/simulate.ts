import { readConfig } from '../../src/config'
import type { Deps, Job } from '../../src/deps'
import type { Store } from './database'
import { Ledger } from './ledger'
import type { Mutant } from './mutants'
import { Office } from './office'
import { Outside } from './outside'
import { drawProfile, type Profile } from './profile'
import { codes, Provider, sender } from './provider'
import { type Errand, errands, Server } from './server'
import type { Ground } from './store'
import { judge } from './verdict'
import { type Violation, World } from './world'

const baseConfig = readConfig({ APP_ENV: 'development', SECRET_KEY: 'simulation-0123456789-0123456789-0123456789' }, 'node')
const minute = 60_000
const names = ['Ana', 'Bo Lind', 'Chidi', '', 'Eva', 'Femi', 'Gus', 'Hana', 'Ines', 'Jo', 'Kim', 'Lee']

export type History = {
  seed: number
  violation: Violation | null
  /** Of the whole trace: equal for equal histories. */
  fingerprint: string
  lines: readonly string[]
  profile: Profile
  /** Statements that the planted bug changed. */
  planted: number
}

/** One whole history: the real engine on a real database, everything around it drawn from the seed, and the verdict. */
export async function simulate(ground: Ground, seed: number, mutant: Mutant | null = null): Promise<History> {
  ground.begin()
  try {
    const story = new Story(ground, seed, mutant)
    await story.run()
    const { world, profile, planted } = story
    return { seed, violation: world.violation, fingerprint: world.fingerprint, lines: world.lines, profile, planted }
  } finally {
    ground.wipe()
  }
}

class Story {
  readonly world: World
  readonly profile: Profile
  planted = 0
  private readonly ground: Ground
  private readonly mutant: Mutant | null
  private readonly ledger: Ledger
  private readonly provider: Provider
  private readonly servers: readonly Server[]
  private readonly office: Office
  private readonly outside: Outside
  private readonly phones: readonly string[]
  private tokens = 0

  constructor(ground: Ground, seed: number, mutant: Mutant | null) {
    this.ground = ground
    this.mutant = mutant
    const world = new World(seed)
    const profile = drawProfile(world.dice)
    this.world = world
    this.profile = profile
    this.phones = Array.from({ length: profile.people }, (_, i) => `+1323555${String(i + 1).padStart(4, '0')}`)
    this.ledger = new Ledger(world, ground, (message, status, code) => this.outside.tell(message, status, code))
    this.provider = new Provider(world, profile, this.ledger)
    this.servers = ['A', 'B'].map((name) => this.server(name))
    this.office = new Office(world, profile, ground, this.servers)
    this.outside = new Outside(world, profile, this.servers, this.phones)
  }

  async run(): Promise<void> {
    const { world, profile } = this
    const { dice } = world
    this.settle()
    for (let number = 1; number <= profile.blasts; number++) {
      this.office.submit(number)
      for (let i = 0; i < profile.acts; i++) world.at(dice.pick([500, 5000, 30_000, 200_000]) * dice.next(), () => this.office.act())
      for (let i = 0; i < profile.texts; i++)
        world.at(dice.pick([500, 5000, 30_000, 200_000]) * dice.next(), () => this.outside.text(this.ledger))
      if (profile.stop) world.at(dice.between(0, 20_000), () => dice.pick(this.servers).stop(dice.pick([500, 20_000])))
      if (number < profile.blasts) await this.pass(Math.min(profile.gapMs, 4 * minute))
      if (profile.gapMs > 4 * minute) await world.advance(profile.gapMs - 4 * minute)
    }
    await this.pass(profile.minutes * minute)
    await this.calmDown()
    if (!world.violation) judge(world, this.ground, this.ledger, this.provider, this.phones.length)
  }

  /** The people, of whom some have numbers or phones that fail, and some have opted out before. */
  private settle(): void {
    const { world, ground, provider, phones } = this
    const { dice } = world
    for (const [i, phone] of phones.entries()) {
      ground.run('INSERT INTO community_members (name, phone, created_at, updated_at) VALUES (?, ?, 1, 1)', names[i] ?? '', phone)
      if (dice.chance(0.05)) ground.run('INSERT INTO unsubscribed_contacts (phone, source, created_at) VALUES (?, ?, 1)', phone, 'staff')
      const refuses = dice.chance(0.08) ? dice.pick(codes.refusing) : null
      const fails = dice.chance(0.15) ? dice.pick(codes.failing) : null
      provider.phones.set(phone, { refuses, fails })
      if (refuses !== null) this.ledger.blame(phone, refuses)
    }
    ground.takeChanges()
  }

  /** Time goes by, with the minute striking in both processes. */
  private async pass(ms: number): Promise<void> {
    const { world } = this
    for (let left = ms; left > 0 && !world.violation; left -= minute) {
      await world.advance(Math.min(minute, left))
      for (const server of this.servers) {
        world.at(world.dice.between(0, 2000), () => void server.cron())
      }
    }
  }

  private async calmDown(): Promise<void> {
    const { world, office, provider, ground } = this
    world.calm = true
    world.note('world', 'calm')
    for (const server of this.servers) server.thaw()
    await this.finish(25)
    if (this.open().length > 0) {
      // Nothing but a list that stays away is left: a day goes by.
      await world.advance(25 * 60 * minute)
      await this.finish(3)
    }
    provider.listMended = true
    for (const row of office.undecided()) if (world.dice.chance(0.7)) office.decide(row)
    await world.advance(10 * minute)
    await this.finish(60)
    // The last callbacks, then the last count.
    await world.advance(10 * minute)
    if (ground.rows('SELECT 1 FROM message_logs WHERE counts_stale = 1').length > 0) await this.pass(minute)
    await world.advance(minute)
  }

  private async finish(mostMinutes: number): Promise<void> {
    for (let minutes = 0; !this.world.violation && minutes < mostMinutes && this.open().length > 0; minutes++) {
      for (const { id, status } of this.open())
        if (status === 'paused') this.office.press(this.world.dice.chance(0.8) ? 'resume' : 'cancel', id)
      await this.pass(minute)
    }
  }

  private open(): { id: number; status: string }[] {
    return this.ground.rows('SELECT id, status FROM message_logs WHERE finished_at IS NULL')
  }

  private server(name: string): Server {
    const { world, profile } = this
    const server = new Server(name, world, profile)
    for (const errand of errands) server.deps[errand] = this.deps(server, errand)
    return server
  }

  private deps(server: Server, errand: Errand): Deps {
    const { world, profile, provider } = this
    const { dice } = world
    return {
      db: this.ground.connect({ world, profile, server, errand, store: this.store }),
      config: { ...baseConfig, sending: profile.sending },
      sms: {
        name: 'twilio',
        sender,
        send: (request) => provider.send(server, request),
        listTo: (phone, since) => provider.listTo(server, phone, since),
      },
      queue: { send: async (job, delayMs = 0) => this.nudge(server, job, delayMs) },
      log: () => {},
      now: () => world.now,
      sleep: (ms) => server.sleep(ms),
      newToken: () => `${server.name}${++this.tokens}`,
      random: () => dice.next(),
      scrypt: () => Promise.reject(new Error('nobody signs in')),
      peerAddress: () => '',
      stopping: () => server.stopping,
      budget: { operationsPerRun: profile.operationsPerRun, rowsPerRun: Number.POSITIVE_INFINITY },
      assetVersion: '',
      asset: null,
    }
  }

  private nudge(from: Server, job: Job, delayMs: number): void {
    const { world, profile } = this
    const { dice } = world
    const { lost, doubled, late } = profile.nudge
    if (!world.calm && dice.chance(lost)) return
    for (let times = !world.calm && dice.chance(doubled) ? 2 : 1; times > 0; times--) {
      const wait = delayMs + (!world.calm && dice.chance(late) ? dice.between(100, 30_000) : 0)
      if (profile.durableQueue) world.at(wait, () => dice.pick(this.servers).resume(-1, () => dice.pick(this.servers).nudge(job)))
      else from.resume(wait, () => from.nudge(job))
    }
  }

  private get store(): Store {
    return {
      file: this.ground.file,
      watch: (server, errand) => this.ledger.watch(server, errand),
      rewrite: (sql) => {
        const { mutant } = this
        if (mutant?.replace === undefined) return sql
        const changed = sql.replace(mutant.find, mutant.replace)
        if (changed !== sql) this.planted++
        return changed
      },
      commitsLate: (sql) => {
        const { mutant } = this
        const late = mutant?.commitsLate === true && mutant.find.test(sql)
        if (late) this.planted++
        return late
      },
    }
  }
}
