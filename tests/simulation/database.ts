import type { D1OnBetterSqlite3 } from '../../src/platform/d1-on-better-sqlite3'
import type { Profile } from './profile'
import type { Errand, Server } from './server'
import type { World } from './world'

/** Thrown at the product by the simulation: the database was out of reach, or its answer was lost. */
export class SimulatedFault extends Error {}

export function isSimulated(fault: unknown): boolean {
  for (let error = fault; error instanceof Error; error = error.cause) if (error instanceof SimulatedFault) return true
  return false
}

/** The file itself, with what follows from each call that took effect; a planted bug changes statements on their way. */
export type Store = {
  file: D1OnBetterSqlite3
  rewrite(sql: string): string
  /** Called in the instant of the effect. */
  watch(server: Server, errand: Errand): void
  /** A planted bug: answers first and commits later. */
  commitsLate(sql: string): boolean
}

type Prepared = ReturnType<D1OnBetterSqlite3['prepare']>

export type Connection = { world: World; profile: Profile; server: Server; errand: Errand; store: Store }

/** D1's interface for one process: each call waits its turn, may be lost before or after its effect, and dies with the process. */
export class SimulatedD1 {
  /** Whose it is; each simulation puts in its own. */
  context: Connection

  constructor(context: Connection) {
    this.context = context
  }

  prepare(sql: string): Statement {
    return new Statement(this, sql, [])
  }

  batch(statements: Statement[]): Promise<unknown> {
    const { file } = this.context.store
    return this.call(
      () => file.batch(statements.map((statement) => statement.compile())),
      statements.map(({ sql }) => sql),
    )
  }

  compile(sql: string, parameters: unknown[]): Prepared {
    const { store } = this.context
    return store.file.prepare(store.rewrite(sql)).bind(...parameters)
  }

  call<T>(run: () => Promise<T>, sql: readonly string[]): Promise<T> {
    const { world, profile, server, store } = this.context
    const { dice } = world
    const { life } = server
    const late = sql.some((each) => store.commitsLate(each))
    const fault = !world.calm && dice.chance(profile.databaseFault) ? dice.pick(['before', 'after'] as const) : null
    return new Promise((resolve, reject) => {
      world.at(this.latency(), () => {
        // A request on its way to a remote database outlives its process, or does not.
        if (server.life !== life && (!profile.remoteDatabase || dice.chance(0.5))) return
        const result = fault === 'before' ? Promise.reject(new SimulatedFault('out of reach')) : this.effect(run, late)
        const answer = fault === 'after' ? result.then(() => Promise.reject(new SimulatedFault('the answer was lost'))) : result
        answer.catch(() => {})
        // Nobody is left to hear it.
        if (server.life !== life) return
        server.resume(profile.remoteDatabase || late ? this.latency() + 1 : -1, () => answer.then(resolve, reject))
      })
    })
  }

  private effect<T>(run: () => Promise<T>, late: boolean): Promise<T> {
    const { server, errand, store } = this.context
    if (late) return this.promise(run)
    const result = run()
    store.watch(server, errand)
    return result
  }

  /** Answers what it would do, and does it half a second later if the process lives. */
  private promise<T>(run: () => Promise<T>): Promise<T> {
    const { server, errand, store } = this.context
    store.file.exec('SAVEPOINT promised')
    const result = run()
    store.file.exec('ROLLBACK TO promised; RELEASE promised')
    server.resume(500, () => {
      run().catch(() => {})
      store.watch(server, errand)
    })
    return result
  }

  private latency(): number {
    const { world, profile } = this.context
    const { dice } = world
    if (!profile.remoteDatabase) return 0
    return !world.calm && dice.chance(0.01) ? dice.between(1000, 8000) : dice.between(2, 40)
  }
}

class Statement {
  readonly sql: string
  private readonly d1: SimulatedD1
  private readonly parameters: unknown[]

  constructor(d1: SimulatedD1, sql: string, parameters: unknown[]) {
    this.d1 = d1
    this.sql = sql
    this.parameters = parameters
  }

  bind(...values: unknown[]): Statement {
    return new Statement(this.d1, this.sql, values)
  }

  compile(): Prepared {
    return this.d1.compile(this.sql, this.parameters)
  }

  all = () => this.d1.call(() => this.compile().all(), [this.sql])
  run = () => this.d1.call(() => this.compile().run(), [this.sql])
  raw = () => this.d1.call(() => this.compile().raw(), [this.sql])
  first = (column?: string) => this.d1.call(() => this.compile().first(column), [this.sql])
}
