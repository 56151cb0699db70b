import { openDatabase } from '../../src/db/database'
import type { Deps } from '../../src/deps'

export type When = 'before' | 'after'

/** A process that dies at its `at`-th call outside itself, before that call takes effect or after, and never hears of it. */
export type Mortal = {
  deps: Deps
  /** What it called, in order. */
  calls: string[]
  /** Rejects when it dies: nobody awaits anything in it any more. */
  death: Promise<never>
}

export class Died extends Error {}

const never = new Promise<never>(() => {})

/** `at` is 1 for the first call; whatever is on its way at the moment of death still takes effect, and its answer is lost. */
export function createMortal(deps: Deps, d1: D1Database, at: number, when: When): Mortal {
  const calls: string[] = []
  const { promise: death, reject } = Promise.withResolvers<never>()
  death.catch(() => {})
  let dead = false
  const die = () => {
    dead = true
    reject(new Died())
    return never
  }
  async function call<T>(what: string, effect: () => Promise<T>): Promise<T> {
    if (dead) return never
    const last = calls.push(what) === at
    if (last && when === 'before') return die()
    const result = await effect()
    if (dead) return never
    return last ? die() : result
  }

  const mortal: Deps = {
    ...deps,
    db: openDatabase(watched(d1, call)),
    sms: {
      ...deps.sms,
      send: (request) => call('send', () => deps.sms.send(request)),
      listTo: (phone, since) => call('list', () => deps.sms.listTo(phone, since)),
    },
    queue: { send: (job, delayMs) => call('nudge', () => deps.queue.send(job, delayMs)) },
    sleep: (ms) => call('sleep', () => deps.sleep(ms)),
  }
  return { deps: mortal, calls, death }
}

type Call = <T>(what: string, effect: () => Promise<T>) => Promise<T>
type Watched = D1PreparedStatement & { original: D1PreparedStatement; query: string }

/** `UPDATE message_deliveries`, of a statement that does that. */
const summarize = (query: string) => query.trim().split(/\s+/).slice(0, 3).join(' ')

function watched(d1: D1Database, call: Call): D1Database {
  const wrap = (statement: D1PreparedStatement, query: string): D1PreparedStatement =>
    new Proxy(statement, {
      get(target, name) {
        if (name === 'original') return target
        if (name === 'query') return query
        const method = Reflect.get(target, name).bind(target)
        if (name === 'bind') return (...values: unknown[]) => wrap(method(...values), query)
        return (...values: unknown[]) => call(summarize(query), async () => method(...values))
      },
    })
  return new Proxy(d1, {
    get(target, name) {
      if (name === 'prepare') return (query: string) => wrap(target.prepare(query), query)
      if (name !== 'batch') return Reflect.get(target, name).bind(target)
      return (statements: Watched[]) =>
        call(statements.map(({ query }) => summarize(query)).join('; '), () => target.batch(statements.map(({ original }) => original)))
    },
  })
}

/** The same database, each statement changed on its way. */
export const rewriting = (d1: D1Database, rewrite: (query: string) => string): D1Database =>
  new Proxy(d1, {
    get(target, name) {
      if (name === 'prepare') return (query: string) => target.prepare(rewrite(query))
      return Reflect.get(target, name).bind(target)
    },
  })
