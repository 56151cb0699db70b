import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { cancelBlast } from '../../src/blasts/acts'
import { cachedCounts, countsOf, recountStale } from '../../src/blasts/counts'
import { openDatabase } from '../../src/db/database'
import { applyStatusCallback } from '../../src/deliveries/callbacks'
import { runSender } from '../../src/deliveries/sender'
import { runJob } from '../../src/jobs'
import { createSending, phoneOf } from '../support/sending'

/* Each of these was first found by the simulation (tests/simulation). */

type Sending = Awaited<ReturnType<typeof createSending>>

/** The database as a process sees it that calls it `calls` times and then dies. */
function dyingAfter(d1: D1Database, calls: number): D1Database {
  let left = calls
  const live = () => {
    if (left-- <= 0) throw new Error('the process died')
  }
  const wrap = (statement: D1PreparedStatement): D1PreparedStatement =>
    new Proxy(statement, {
      get(target, name) {
        if (name === 'original') return target
        const method = Reflect.get(target, name).bind(target)
        if (name === 'bind') return (...values: unknown[]) => wrap(method(...values))
        return async (...values: unknown[]) => {
          live()
          return method(...values)
        }
      },
    })
  return new Proxy(d1, {
    get(target, name) {
      if (name === 'prepare') return (query: string) => wrap(target.prepare(query))
      if (name !== 'batch') return Reflect.get(target, name).bind(target)
      return async (statements: (D1PreparedStatement & { original: D1PreparedStatement })[]) => {
        live()
        return target.batch(statements.map(({ original }) => original))
      }
    },
  })
}

/** Does what `run` does in a process that dies after so many calls to the database. */
const dying = async (h: Sending, calls: number, run: (deps: Sending['deps']) => Promise<unknown>) => {
  await run({ ...h.deps, db: openDatabase(dyingAfter(h.d1, calls)) }).catch(() => {})
}

describe('a process that dies in the middle of', () => {
  it.each([0, 1, 2])(
    'a callback (after %i calls) has done all of it or nothing, and the callback that comes again does the rest',
    async (calls) => {
      const h = await createSending()
      await h.addMembers(1)
      const id = await h.blast()
      await h.settle(0)
      const [row] = await h.rows(id)
      const callback = { deliveryId: row?.id ?? 0, attemptToken: row?.token ?? '', sid: row?.sid ?? '', errorCode: 30006, parts: null }
      await dying(h, calls, (deps) => applyStatusCallback(deps, { ...callback, status: 'undelivered' }))
      await applyStatusCallback(h.deps, { ...callback, status: 'undelivered' })
      expect(await h.rows(id)).toMatchObject([{ status: 'undelivered', code: 30006 }])
      expect(await h.deps.db.all(sql`SELECT phone FROM suppressed_contacts`)).toEqual([{ phone: phoneOf(0) }])
      expect((await h.log(id)).countsStale).toBe(true)
    },
  )

  it.each([0, 1, 2])('counting (after %i calls) leaves nothing uncounted', async (calls) => {
    const h = await createSending()
    await h.addMembers(3)
    const id = await h.blast()
    await runSender(h.deps)
    await dying(h, calls, recountStale)
    await recountStale(h.deps)
    const log = await h.log(id)
    expect(log.countsStale).toBe(false)
    expect(cachedCounts(log)).toEqual(await countsOf(h.deps.db, id))
    expect(cachedCounts(log)).toMatchObject({ accepted: 3 })
  })
})

describe('a process that was frozen', () => {
  it('between a claim and its request does not send: another may have done so', async () => {
    const h = await createSending()
    await h.addMembers(2)
    const id = await h.blast()
    let frozen = false
    const slow = new Proxy(h.d1, {
      get(target, name) {
        if (name !== 'batch') return Reflect.get(target, name).bind(target)
        return async (statements: D1PreparedStatement[]) => {
          const results = await target.batch<{ status?: string }>(statements)
          const claimed = results.some((result) => result.results.some(({ status }) => status === 'sending'))
          if (claimed && !frozen) {
            frozen = true
            h.clock.now += 600_000
          }
          return results
        }
      },
    })
    await runSender({ ...h.deps, db: openDatabase(slow) })
    expect(frozen).toBe(true)
    expect(h.twilio.requests).toHaveLength(0)
    await h.settle(6)
    expect(h.phones().toSorted()).toEqual([phoneOf(0), phoneOf(1)])
    expect((await h.log(id)).status).toBe('sent')
  })

  it('between the question and the answer of the list does not take the old list for the present one', async () => {
    const h = await createSending({ RECONCILE_GRACE_SECONDS: '300' }, { listDelayMs: 200_000 })
    await h.addMembers(1)
    h.twilio.script({ kind: 'drop', when: 'after' })
    const id = await h.blast()
    const { listTo } = h.deps.sms
    let asked = 0
    h.deps.sms.listTo = async (phone, since) => {
      const listed = await listTo(phone, since)
      if (asked++ === 0) h.clock.now += 600_000
      return listed
    }
    await h.settle(6)
    expect(h.twilio.messages).toHaveLength(1)
    expect(await h.rows(id)).toMatchObject([{ status: 'accepted', sid: h.twilio.messages[0]?.sid }])
  })
})

describe('while a text is in flight', () => {
  it.each([
    ['a 429', { kind: 'throttled', retryAfterMs: 1000 }],
    ['a passing refusal', { kind: 'refused', code: 30001, httpStatus: 400 }],
    ['a refused connection', { kind: 'not_sent', reason: 'ECONNREFUSED' }],
    ['a fault of ours', { kind: 'refused', code: 21606, httpStatus: 400 }],
  ] as const)('the blast is cancelled and the answer is %s: nobody waits for ever', async (_, outcome) => {
    const h = await createSending()
    await h.addMembers(1)
    const id = await h.blast()
    h.deps.sms.send = async () => {
      await cancelBlast(h.deps, id)
      return outcome
    }
    await h.settle(2)
    expect(await h.rows(id)).toMatchObject([{ status: 'skipped', skipReason: 'cancelled' }])
    const log = await h.log(id)
    expect([log.status, log.finishedAt !== null]).toEqual(['cancelled', true])
  })
})

describe('the same words to the same person, twice, with no answer to either', () => {
  it('and they have one: whose it is only a person can say', async () => {
    const h = await createSending()
    await h.addMembers(1)
    h.twilio.script({ kind: 'drop', when: 'before' }, { kind: 'drop', when: 'after' })
    const first = await h.blast()
    await runJob(h.deps, { type: 'send' })
    const second = await h.blast()
    await runJob(h.deps, { type: 'send' })
    await h.settle(10)
    expect(h.twilio.messages).toHaveLength(1)
    for (const id of [first, second]) expect(await h.rows(id)).toMatchObject([{ status: 'unknown', needsPerson: 1 }])
  })

  it('while one is still under way: it is waited for', async () => {
    const h = await createSending()
    await h.addMembers(1)
    h.twilio.script({ kind: 'drop', when: 'before' }, { kind: 'drop', when: 'after' })
    const first = await h.blast()
    await runJob(h.deps, { type: 'send' })
    const second = await h.blast()
    await runJob(h.deps, { type: 'send' })
    await h.deps.db.run(
      sql`UPDATE message_deliveries SET status = 'sending', lease_until_at = ${h.clock.now + 30_000} WHERE log_id = ${second}`,
    )
    h.clock.now += 16_000
    await runJob(h.deps, { type: 'reconcile' })
    expect(await h.rows(first)).toMatchObject([{ status: 'unknown', needsPerson: 0 }])
    const sid = h.twilio.messages[0]?.sid ?? ''
    await h.deps.db.run(sql`UPDATE message_deliveries SET status = 'accepted', provider_sid = ${sid} WHERE log_id = ${second}`)
    await h.settle(10)
    expect(await h.rows(first)).toMatchObject([{ status: 'accepted', needsPerson: 0 }])
    expect(h.twilio.messages).toHaveLength(2)
  })
})

describe('a delivery that was left to a person', () => {
  async function undecided() {
    const h = await createSending()
    await h.addMembers(1)
    h.twilio.script({ kind: 'drop', when: 'after' })
    const id = await h.blast()
    await runJob(h.deps, { type: 'send' })
    const [row] = await h.rows(id)
    const leave = () => h.deps.db.run(sql`UPDATE message_deliveries SET needs_person = 1 WHERE log_id = ${id}`)
    return { h, id, row, leave }
  }

  it('is not put back by another server that had asked before', async () => {
    const { h, id, leave } = await undecided()
    h.clock.now += 200_000
    h.deps.sms.listTo = async () => {
      await leave()
      return { kind: 'listed', messages: [] }
    }
    await h.settle(2)
    expect(await h.rows(id)).toMatchObject([{ status: 'unknown', needsPerson: 1 }])
    expect((await h.log(id)).status).toBe('failed')
  })

  it('makes a sent blast of a failed one when its callback comes after all', async () => {
    const { h, id, row, leave } = await undecided()
    await leave()
    await h.settle(1)
    expect((await h.log(id)).status).toBe('failed')
    const sid = h.twilio.messages[0]?.sid ?? ''
    const callback = { deliveryId: row?.id ?? 0, attemptToken: row?.token ?? '', sid, errorCode: null, parts: null }
    await applyStatusCallback(h.deps, { ...callback, status: 'delivered' })
    expect((await h.log(id)).status).toBe('sent')
  })

  it('stays so when all that its own process can say, late, is that it had no answer', async () => {
    const h = await createSending()
    await h.addMembers(1)
    const id = await h.blast()
    h.deps.sms.send = async () => {
      await h.deps.db.run(sql`UPDATE message_deliveries SET status = 'unknown', needs_person = 1 WHERE log_id = ${id}`)
      await h.deps.db.run(sql`UPDATE message_logs SET status = 'failed', finished_at = 1 WHERE id = ${id}`)
      return { kind: 'unknown', reason: 'no answer in time' }
    }
    await h.settle(3)
    expect(await h.rows(id)).toMatchObject([{ status: 'unknown', needsPerson: 1 }])
  })

  it.each([
    ['is texted when the answer is that it never left', { kind: 'not_sent', reason: 'ECONNREFUSED' }, 1],
    ['makes a sent blast of a failed one when they have it', { kind: 'accepted', sid: 'SM1', status: 'queued', parts: 1 }, 0],
  ] as const)('%s', async (_, outcome, texts) => {
    const h = await createSending()
    await h.addMembers(1)
    const id = await h.blast()
    const { send } = h.deps.sms
    // Frozen for so long that the others have given up on it.
    h.deps.sms.send = async () => {
      h.deps.sms.send = send
      await h.deps.db.run(sql`UPDATE message_deliveries SET status = 'unknown', needs_person = 1 WHERE log_id = ${id}`)
      await h.deps.db.run(sql`UPDATE message_logs SET status = 'failed', finished_at = 1 WHERE id = ${id}`)
      return outcome
    }
    await h.settle(3)
    expect(h.twilio.messages).toHaveLength(texts)
    expect(await h.rows(id)).toMatchObject([{ status: 'accepted', needsPerson: 0 }])
    expect((await h.log(id)).status).toBe('sent')
  })
})
