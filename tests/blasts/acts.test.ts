import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { cancelBlast, countRetryable, pauseBlast, resumeBlast, retryBlast, undoBlast } from '../../src/blasts/acts'
import { cachedCounts, countsOf, recountStale } from '../../src/blasts/counts'
import { applyStatusCallback } from '../../src/deliveries/callbacks'
import { NotFound } from '../../src/faults'
import { runJob } from '../../src/jobs'
import { createSending, phoneOf } from '../support/sending'

type Sending = Awaited<ReturnType<typeof createSending>>

/** Runs the sender until `handed` texts are with the provider, then does `act` while requests are in flight. */
async function during(h: Sending, handed: number, act: () => Promise<unknown>) {
  let done: Promise<unknown> | null = null
  h.twilio.decide = (_form, index) => {
    if (index === handed) done = act()
    return null
  }
  await runJob(h.deps, { type: 'send' })
  await done
}

describe('undo', () => {
  it('within the hold texts nobody: cancelled, everyone skipped as undone', async () => {
    const h = await createSending({ SEND_HOLD_SECONDS: '15' })
    await h.addMembers(5)
    const id = await h.blast()
    expect(await undoBlast(h.deps, id)).toEqual({ kind: 'done', handedOver: 0, spared: 5, queued: 0 })
    await h.settle(2)
    expect(h.twilio.requests).toHaveLength(0)
    expect((await h.log(id)).status).toBe('cancelled')
    expect((await h.rows(id)).every(({ status, skipReason }) => status === 'skipped' && skipReason === 'undone')).toBe(true)
  })

  it('after it is refused, and sends nothing twice', async () => {
    const h = await createSending()
    await h.addMembers(5)
    const id = await h.blast()
    await h.settle()
    expect(await undoBlast(h.deps, id)).toEqual({ kind: 'refused', status: 'sent' })
    expect(h.twilio.messages).toHaveLength(5)
  })

  it('against the end of the hold: either all or nobody', async () => {
    const h = await createSending({ SEND_HOLD_SECONDS: '15' })
    await h.addMembers(30)
    const id = await h.blast()
    h.clock.now += 15_000
    const [undone] = await Promise.all([undoBlast(h.deps, id), runJob(h.deps, { type: 'send' })])
    await h.settle(1)
    expect(h.twilio.messages).toHaveLength(undone.kind === 'done' ? 0 : 30)
  })
})

describe('pause and resume', () => {
  it('stops claiming at once; what is in flight ends; resume texts exactly the others', async () => {
    const h = await createSending({ SEND_CONCURRENCY: '4' })
    await h.addMembers(40)
    const id = await h.blast()
    await during(h, 8, () => pauseBlast(h.deps, id, { username: 'rosa', trail: [] }))
    const handed = h.twilio.messages.length
    expect(handed).toBeLessThan(30)
    expect(await h.log(id)).toMatchObject({ status: 'paused', pauseCode: null, pausedBy: 'rosa' })
    h.twilio.decide = () => null
    await h.settle(2)
    expect(h.twilio.messages).toHaveLength(handed)
    expect(await resumeBlast(h.deps, id)).toMatchObject({ kind: 'done', queued: 40 - handed })
    await h.settle()
    expect(new Set(h.phones()).size).toBe(40)
    expect(h.twilio.messages).toHaveLength(40)
    expect((await h.log(id)).status).toBe('sent')
  })

  it('while its last texts are in flight: it ends as what it came to, with nothing left to resume', async () => {
    const h = await createSending()
    await h.addMembers(3)
    const id = await h.blast()
    await during(h, 2, () => pauseBlast(h.deps, id, { username: 'rosa', trail: [] }))
    await h.settle(1)
    expect(h.twilio.messages).toHaveLength(3)
    expect(await h.log(id)).toMatchObject({ status: 'sent', finishedAt: expect.any(Number) })
    expect(await resumeBlast(h.deps, id)).toEqual({ kind: 'refused', status: 'sent' })
    // A passing failure that is told later waits for Resume: Pause was pressed.
    const [row] = await h.rows(id)
    const callback = { deliveryId: row?.id ?? 0, attemptToken: row?.token ?? '', sid: row?.sid ?? '', parts: null }
    await applyStatusCallback(h.deps, { ...callback, status: 'undelivered', errorCode: 30_017 })
    await h.settle(20)
    expect(await h.log(id)).toMatchObject({ status: 'paused', pausedBy: 'rosa', finishedAt: null })
    expect(h.twilio.messages).toHaveLength(3)
    await resumeBlast(h.deps, id)
    await h.settle(1)
    expect(h.twilio.messages).toHaveLength(4)
  })

  it('while a text is looked up: it stays paused until that is known', async () => {
    const h = await createSending({ RECONCILE_GRACE_SECONDS: '1' })
    await h.addMembers(2)
    const id = await h.blast()
    let done: Promise<unknown> | null = null
    h.twilio.decide = (_form, index) => {
      if (index === 0) return { kind: 'refuse', code: 21614 }
      done ??= pauseBlast(h.deps, id, { username: 'rosa', trail: [] })
      return { kind: 'drop', when: 'before' }
    }
    await runJob(h.deps, { type: 'send' })
    await done
    expect((await h.rows(id)).map(({ status }) => status)).toEqual(['failed', 'unknown'])
    expect(await h.log(id)).toMatchObject({ status: 'paused', finishedAt: null })
    // The provider does not list it: it waits for Resume like anybody else.
    h.twilio.decide = () => null
    await h.settle(2)
    expect((await h.rows(id)).map(({ status }) => status)).toEqual(['failed', 'queued'])
    expect(await h.log(id)).toMatchObject({ status: 'paused', pausedBy: 'rosa', finishedAt: null })
    await resumeBlast(h.deps, id)
    await h.settle(1)
    expect(h.phones()).toEqual([phoneOf(1)])
  })

  it('in two tabs at once: one is done, the other refused', async () => {
    const h = await createSending({ SEND_HOLD_SECONDS: '15' })
    await h.addMembers(1)
    const id = await h.blast()
    await h.deps.db.run(sql`UPDATE message_logs SET status = 'processing'`)
    const kinds = (
      await Promise.all([pauseBlast(h.deps, id, { username: 'a', trail: [] }), pauseBlast(h.deps, id, { username: 'b', trail: [] })])
    ).map(({ kind }) => kind)
    expect(kinds.toSorted()).toEqual(['done', 'refused'])
  })
})

describe('cancel', () => {
  it('mid-send says how many were handed over and how many spared, and nobody spared is texted', async () => {
    const h = await createSending({ SEND_CONCURRENCY: '4' })
    await h.addMembers(40)
    const id = await h.blast()
    await during(h, 8, () => cancelBlast(h.deps, id))
    await h.settle(2)
    const counts = await countsOf(h.deps.db, id)
    expect(counts.accepted).toBe(h.twilio.messages.length)
    expect(counts.skipped).toBe(40 - h.twilio.messages.length)
    expect(counts.skipped).toBeGreaterThan(0)
    expect((await h.log(id)).status).toBe('cancelled')
    expect((await h.log(id)).finishedAt).not.toBeNull()
  })

  it('is not overtaken by completion: a cancelled blast stays cancelled', async () => {
    const h = await createSending()
    await h.addMembers(3)
    const id = await h.blast()
    await h.deps.db.run(sql`UPDATE message_logs SET status = 'processing'`)
    expect(await cancelBlast(h.deps, id)).toEqual({ kind: 'done', handedOver: 0, spared: 3, queued: 0 })
    await h.settle(2)
    expect((await h.log(id)).status).toBe('cancelled')
    expect(h.twilio.messages).toHaveLength(0)
  })

  it('spares an unknown that turns out not to have left', async () => {
    const h = await createSending({ RECONCILE_GRACE_SECONDS: '1' })
    await h.addMembers(2)
    h.twilio.script({ kind: 'drop', when: 'before' }, { kind: 'drop', when: 'after' })
    const id = await h.blast()
    await runJob(h.deps, { type: 'send' })
    await cancelBlast(h.deps, id)
    await h.settle(3)
    expect((await h.rows(id)).map(({ status, skipReason }) => [status, skipReason])).toEqual([
      ['skipped', 'cancelled'],
      ['accepted', null],
    ])
    expect(h.twilio.messages).toHaveLength(1)
  })
})

describe('retry', () => {
  it('never texts again what the former app sent', async () => {
    const h = await createSending()
    await h.addMembers(2)
    const id = await h.blast()
    await h.deps.db.run(sql`UPDATE message_deliveries SET status = 'failed'`)
    await h.deps.db.run(sql`UPDATE message_logs SET status = 'failed', finished_at = 1`)
    expect(await countRetryable(h.deps.db, id)).toBe(2)
    await h.deps.db.run(sql`UPDATE message_logs SET submission_id = 'legacy-a-1'`)
    expect(await countRetryable(h.deps.db, id)).toBe(0)
    expect(await retryBlast(h.deps, id)).toEqual({ kind: 'refused', status: 'failed' })
  })

  it('sends again to exactly the definite failures that a retry can help, in the same blast', async () => {
    const h = await createSending()
    await h.addMembers(40)
    const codes: Record<number, number> = { 1: 21614, 2: 21610, 3: 21408, 4: 99_999, 5: 30_008, 6: 30_007, 7: 21617, 8: 30_010 }
    h.twilio.decide = (form) => {
      const code = codes[Number(form.get('To')?.slice(-4))]
      return code ? { kind: 'refuse', code } : null
    }
    const id = await h.blast()
    await h.settle(30)
    expect((await h.rows(id)).filter(({ status }) => status === 'failed')).toHaveLength(8)
    const before = h.twilio.messages.length
    h.twilio.decide = () => null
    expect(await countRetryable(h.deps.db, id)).toBe(3)
    expect(await retryBlast(h.deps, id)).toMatchObject({ kind: 'done', queued: 3 })
    expect(await retryBlast(h.deps, id)).toEqual({ kind: 'refused', status: 'processing' })
    await h.settle()
    expect(h.phones().slice(before).toSorted()).toEqual([3, 4, 5].map(phoneOf))
    expect((await h.log(id)).status).toBe('sent')
    expect(await retryBlast(h.deps, id)).toEqual({ kind: 'refused', status: 'sent' })
  })
})

describe('counts', () => {
  it('always add up to the planned recipients, cached ones too', async () => {
    const h = await createSending()
    await h.addMembers(30)
    h.twilio.decide = (_form, index) =>
      index % 3 === 0 ? { kind: 'refuse', code: 21614 } : index % 7 === 0 ? { kind: 'drop', when: 'after' } : null
    const id = await h.blast()
    await runJob(h.deps, { type: 'send' })
    const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, n) => total + n, 0)
    expect(sum(await countsOf(h.deps.db, id))).toBe(30)
    await recountStale(h.deps)
    const log = await h.log(id)
    expect(log.countsStale).toBe(false)
    expect(cachedCounts(log)).toEqual(await countsOf(h.deps.db, id))
    await h.settle(3)
    expect(cachedCounts(await h.log(id))).toEqual(await countsOf(h.deps.db, id))
  })

  it('acts on an unknown blast are not found', async () => {
    const h = await createSending()
    await expect(undoBlast(h.deps, 77)).rejects.toBeInstanceOf(NotFound)
  })
})
