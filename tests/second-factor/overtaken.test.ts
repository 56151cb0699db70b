import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { openDatabase } from '../../src/db/database'
import { recoveryCodes } from '../../src/db/schema'
import { proveCode } from '../../src/second-factor/prove'
import { makeNewCodes, resetFactor, turnOff, turnOn } from '../../src/second-factor/second-factor'
import { newSecret } from '../../src/second-factor/totp'
import { createCheapHarness } from '../auth/cheap-harness'
import { openWithFactor } from './with-factor'

/** The database of a request that `deed` overtakes: it happens just before the first statement with these words is run. */
function overtakenAt(d1: D1Database, words: string, deed: () => Promise<unknown>): D1Database {
  let done = false
  const wrap = (statement: D1PreparedStatement): D1PreparedStatement =>
    new Proxy(statement, {
      get(target, name) {
        const method = Reflect.get(target, name).bind(target)
        if (name === 'bind') return (...values: unknown[]) => wrap(method(...values))
        return async (...values: unknown[]) => {
          if (!done) {
            done = true
            await deed()
          }
          return method(...values)
        }
      },
    })
  return new Proxy(d1, {
    get(target, name) {
      if (name !== 'prepare') return Reflect.get(target, name).bind(target)
      return (query: string) => (query.includes(words) ? wrap(target.prepare(query)) : target.prepare(query))
    },
  })
}

const secrets = (h: Pick<Awaited<ReturnType<typeof createCheapHarness>>, 'deps'>) =>
  h.deps.db.all(sql`SELECT id FROM users WHERE second_factor_secret IS NOT NULL`)

it('a second factor that is taken away while its code is on the way stays away', async () => {
  const h = await openWithFactor()
  const rosa = { id: 1, username: 'rosa' }
  const d1 = overtakenAt(h.d1, 'SET second_factor_step = ', () => resetFactor(h.deps, rosa, []))
  const proof = await proveCode({ ...h.deps, db: openDatabase(d1) }, rosa, h.code(), { address: '192.0.2.1', deviceTokens: [] })
  expect(proof.kind).toBe('used')
  expect(await secrets(h)).toEqual([])
})

it('new recovery codes that are overtaken by its end are not stored', async () => {
  const h = await openWithFactor()
  const d1 = new Proxy(h.d1, {
    get(target, name) {
      if (name !== 'batch') return Reflect.get(target, name).bind(target)
      return async (statements: D1PreparedStatement[]) => {
        await turnOff(h.deps, { id: 1 }, [])
        return target.batch(statements)
      }
    },
  })
  expect(await makeNewCodes({ ...h.deps, db: openDatabase(d1) }, { id: 1 }, [])).toBeNull()
  expect(await h.deps.db.select().from(recoveryCodes)).toEqual([])
})

it('whoever proved a password that was changed meanwhile sets none up', async () => {
  const h = await createCheapHarness()
  const rosa = await h.addUser('rosa', 'admin')
  expect(await turnOn(h.deps, rosa, { secret: newSecret(), step: 0, provenHash: 'the one before', keptSession: '', trail: [] })).toBeNull()
  expect(await secrets(h)).toEqual([])
  expect(await h.deps.db.select().from(recoveryCodes)).toEqual([])
})
