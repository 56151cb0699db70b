import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/db/database'
import { runDue } from '../../src/schedule/due'
import { endRecurring, refillRecurring } from '../../src/schedule/recurring'
import { cancelScheduled, deleteScheduled } from '../../src/schedule/scheduled'
import { createScheduling, dayMs, hourMs } from './scheduling'

const days = (messages: { dueAt: number }[]) => messages.map(({ dueAt }) => new Date(dueAt).toISOString().slice(5, 16))

describe('a series', () => {
  it('has its next three made, and one more when the first is due', async () => {
    const h = await createScheduling()
    await h.repeat()
    expect(days(await h.messages())).toEqual(['11-22T17:30', '11-23T17:30', '11-24T17:30'])
    await runDue(h.deps)
    expect(await h.messages()).toHaveLength(3)
    h.clock.now += hourMs
    await runDue(h.deps)
    expect((await h.messages()).map(({ status }) => status)).toEqual(['processing', 'pending', 'pending', 'pending'])
    expect(await h.blasts()).toHaveLength(1)
  })

  it('pressed twice is one', async () => {
    const h = await createScheduling()
    expect(await h.repeat({}, 'pressed-twice')).toEqual({ kind: 'created', id: 1 })
    expect(await h.repeat({}, 'pressed-twice')).toEqual({ kind: 'already', id: 1 })
    expect(await h.messages()).toHaveLength(3)
  })

  it('makes each once, with three schedulers at once', async () => {
    const h = await createScheduling()
    await h.repeat()
    h.clock.now += hourMs
    await Promise.all([refillRecurring(h.deps), refillRecurring(h.deps), refillRecurring(h.deps)])
    expect(days(await h.messages())).toEqual(['11-22T17:30', '11-23T17:30', '11-24T17:30', '11-25T17:30'])
  })

  it('leaves out the one that was skipped, and only that', async () => {
    const h = await createScheduling()
    await h.repeat()
    const [, second] = await h.messages()
    expect(await cancelScheduled(h.deps, second?.id ?? 0)).toBe(true)
    for (let day = 0; day < 3; day++) {
      h.clock.now += day === 0 ? hourMs : dayMs
      await runDue(h.deps)
    }
    expect((await h.messages()).map(({ status }) => status)).toEqual([
      'processing',
      'cancelled',
      'processing',
      'pending',
      'pending',
      'pending',
    ])
    expect(await h.blasts()).toHaveLength(2)
  })

  it('does not make again what was deleted', async () => {
    const h = await createScheduling()
    await h.repeat()
    const [, second] = await h.messages()
    await deleteScheduled(h.deps, [second?.id ?? 0])
    h.clock.now += hourMs
    await runDue(h.deps)
    expect(days(await h.messages())).toEqual(['11-22T17:30', '11-24T17:30', '11-25T17:30'])
  })

  it('ends after its number of times', async () => {
    const h = await createScheduling()
    await h.repeat({ count: 4 })
    for (let day = 0; day < 6; day++) {
      h.clock.now += day === 0 ? hourMs : dayMs
      await runDue(h.deps)
    }
    expect(days(await h.messages())).toEqual(['11-22T17:30', '11-23T17:30', '11-24T17:30', '11-25T17:30'])
    expect(await h.blasts()).toHaveLength(4)
    expect(await h.deps.db.get(sql`SELECT refill_at FROM recurring_schedules`)).toEqual({ refill_at: null })
  })

  it('after days without a server sends only the last that was missed, and tells of the others', async () => {
    const h = await createScheduling({ SCHEDULED_MESSAGE_MAX_LAG: '100000' })
    await h.repeat()
    h.clock.now += 10 * dayMs + hourMs
    await runDue(h.deps)
    const all = await h.messages()
    expect(all.map(({ status }) => status)).toEqual(['expired', 'expired', 'expired', 'processing', 'pending', 'pending', 'pending'])
    expect(all.slice(0, 3).map(({ reason }) => reason)).toEqual(['superseded', 'superseded', 'superseded'])
    expect(days(all.slice(3, 5))).toEqual(['12-02T17:30', '12-03T17:30'])
    expect(await h.blasts()).toHaveLength(1)
  })

  it('that is ended cancels what waits and makes no more', async () => {
    const h = await createScheduling()
    await h.repeat()
    expect(await endRecurring(h.deps, 1)).toBe(3)
    expect(await endRecurring(h.deps, 1)).toBe(null)
    h.clock.now += 3 * dayMs
    await runDue(h.deps)
    expect((await h.messages()).map(({ status }) => status)).toEqual(['cancelled', 'cancelled', 'cancelled'])
    expect(await h.blasts()).toEqual([])
  })

  it('ended while it is refilled has none that wait', async () => {
    const h = await createScheduling()
    await h.repeat()
    h.clock.now += hourMs
    await Promise.all([refillRecurring(h.deps), endRecurring(h.deps, 1), refillRecurring(h.deps)])
    expect((await h.messages()).filter(({ status }) => status === 'pending')).toEqual([])
  })

  it('ended between the look of a refill and its writing has none that wait', async () => {
    const h = await createScheduling()
    await h.repeat()
    h.clock.now += hourMs
    // The refill has read the series as one that goes on; its batch comes after the End.
    const refilling = { ...h.deps, db: openDatabase(beforeBatch(h.d1, () => endRecurring(h.deps, 1))) }
    await refillRecurring(refilling)
    expect((await h.messages()).map(({ status }) => status)).toEqual(['cancelled', 'cancelled', 'cancelled'])
  })
})

/** The database as one sees it whose next batch comes after `act`. */
function beforeBatch(d1: D1Database, act: () => Promise<unknown>): D1Database {
  let acted = false
  return new Proxy(d1, {
    get(target, name) {
      if (name !== 'batch') return Reflect.get(target, name).bind(target)
      return async (statements: D1PreparedStatement[]) => {
        if (!acted) {
          acted = true
          await act()
        }
        return target.batch(statements)
      }
    },
  })
}
