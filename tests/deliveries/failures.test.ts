import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { pauseBlast, resumeBlast } from '../../src/blasts/acts'
import { runJob } from '../../src/jobs'
import { createSending, phoneOf } from '../support/sending'

type Sending = Awaited<ReturnType<typeof createSending>>

const blocks = (h: Sending) =>
  h.deps.db.all<{ phone: string; category: string; errorCode: number; source: string; logId: number }>(
    sql`SELECT phone, category, error_code AS "errorCode", source, log_id AS "logId" FROM suppressed_contacts ORDER BY id`,
  )
const optOuts = (h: Sending) => h.deps.db.all<{ phone: string; source: string }>(sql`SELECT phone, source FROM unsubscribed_contacts`)
const members = async (h: Sending) => (await h.deps.db.get<{ n: number }>(sql`SELECT count(*) AS n FROM community_members`))?.n

describe('a failure of the recipient', () => {
  it('suppresses a number that can never get texts, with its provenance, and deletes nobody', async () => {
    const h = await createSending()
    await h.addMembers(3)
    h.twilio.script({ kind: 'refuse', code: 21614 })
    const id = await h.blast()
    await h.settle()
    const [row] = await h.rows(id)
    expect(row).toMatchObject({ status: 'failed', code: 21614 })
    expect(await blocks(h)).toEqual([{ phone: phoneOf(0), category: 'hard_fail', errorCode: 21614, source: 'message_failure', logId: id }])
    expect(await members(h)).toBe(3)
  })

  it('21610 is an opt-out', async () => {
    const h = await createSending()
    await h.addMembers(1)
    h.twilio.script({ kind: 'refuse', code: 21610 })
    await h.blast()
    await h.settle()
    expect(await optOuts(h)).toEqual([{ phone: phoneOf(0), source: 'message_failure' }])
    expect(await blocks(h)).toEqual([])
  })
})

describe('a passing failure', () => {
  it('is tried again, with growing waits, five times', async () => {
    const h = await createSending()
    await h.addMembers(1)
    const times: number[] = []
    h.twilio.decide = () => {
      times.push(h.clock.now)
      return { kind: 'refuse', code: 30001 }
    }
    const id = await h.blast()
    await h.settle(30)
    expect(times).toHaveLength(5)
    const waits = times.slice(1).map((at, i) => at - (times[i] ?? 0))
    expect(waits.every((wait, i) => wait >= 15_000 * 2 ** i)).toBe(true)
    expect(await h.rows(id)).toMatchObject([{ status: 'failed', code: 30001, attempts: 5 }])
    expect(await blocks(h)).toEqual([])
  })

  it('of an unknown code is tried once more, then failed, and suppresses nobody', async () => {
    const h = await createSending()
    await h.addMembers(1)
    h.twilio.decide = () => ({ kind: 'refuse', code: 99999 })
    const id = await h.blast()
    await h.settle(5)
    expect(h.twilio.requests.filter(({ method }) => method === 'POST')).toHaveLength(2)
    expect(await h.rows(id)).toMatchObject([{ status: 'failed', code: 99999 }])
    expect(await blocks(h)).toEqual([])
  })

  it('429 slows the whole blast, honours Retry-After and is no attempt', async () => {
    const h = await createSending({ SEND_CONCURRENCY: '1' })
    await h.addMembers(3)
    const times: number[] = []
    h.twilio.decide = (_form, index) => {
      times.push(h.clock.now)
      return index < 4 ? { kind: 'throttle', retryAfter: '20' } : null
    }
    const id = await h.blast()
    await h.settle(3)
    expect(h.phones()).toEqual([phoneOf(0), phoneOf(1), phoneOf(2)])
    expect(times.slice(1, 5).every((at, i) => at - (times[i] ?? 0) >= 20_000)).toBe(true)
    expect((await h.rows(id)).map(({ attempts }) => attempts)).toEqual([0, 0, 0])
  })

  it('429 again and again: each wait is longer, also where every run begins anew, and Resume does not cut it short', async () => {
    const h = await createSending({ SEND_CONCURRENCY: '4' })
    await h.addMembers(8)
    const waves: number[] = []
    let busy = true
    h.twilio.decide = () => {
      if (waves.at(-1) !== h.clock.now) waves.push(h.clock.now)
      return busy ? { kind: 'throttle', retryAfter: '0' } : null
    }
    const id = await h.blast()
    const throttled = async () => (await h.log(id)).throttledUntil
    for (let wave = 0; wave < 8; wave++) {
      await runJob(h.deps, { type: 'send' })
      h.clock.now = Math.max(h.clock.now, await throttled())
    }
    const waits = waves.slice(1).map((at, i) => at - (waves[i] ?? 0))
    expect(waits.length).toBeGreaterThanOrEqual(7)
    expect(waits.slice(0, 6).every((wait, i) => wait >= 750 * 2 ** i && wait <= 1250 * 2 ** i + 1000)).toBe(true)
    expect(Math.max(...waits)).toBeLessThanOrEqual(76_000)

    await runJob(h.deps, { type: 'send' })
    const until = await throttled()
    await pauseBlast(h.deps, id, { username: 'admin', trail: [] })
    await resumeBlast(h.deps, id)
    expect(await throttled()).toBe(until)
    busy = false
    await h.settle(3)
    expect(h.phones()).toHaveLength(8)
    expect((await h.log(id)).throttles).toBe(0)
  })

  it('nobody there: the blast waits, and is sent when they are back, however long that takes', async () => {
    const h = await createSending({ SEND_CONCURRENCY: '5' })
    await h.addMembers(20)
    let down = true
    h.twilio.decide = () => (down ? { kind: 'connection-refused' } : null)
    const id = await h.blast()
    for (let hour = 0; hour < 20; hour++) {
      await runJob(h.deps, { type: 'send' })
      h.clock.now += 3_600_000
    }
    h.nudges.splice(0)
    expect((await h.rows(id)).every(({ status, attempts }) => status === 'queued' && attempts === 0)).toBe(true)
    down = false
    await h.settle(4)
    expect(h.twilio.messages).toHaveLength(20)
    expect((await h.log(id)).status).toBe('sent')
  })

  it('no answer to several in a row: the others wait', async () => {
    const h = await createSending({ SEND_CONCURRENCY: '5' })
    await h.addMembers(100)
    h.twilio.decide = () => ({ kind: 'server-error', when: 'before' })
    const id = await h.blast()
    await runJob(h.deps, { type: 'send' })
    expect((await h.rows(id)).filter(({ status }) => status === 'unknown').length).toBeLessThan(30)
    expect((await h.log(id)).throttledUntil).toBeGreaterThan(h.clock.now)
  })

  it('a refusal without a code says by its HTTP status that it is our account', async () => {
    const h = await createSending()
    await h.addMembers(10)
    const send = h.deps.sms.send
    h.deps.sms.send = () => Promise.resolve({ kind: 'refused', code: null, httpStatus: 401 })
    const id = await h.blast()
    await h.settle(1)
    expect(await h.log(id)).toMatchObject({ status: 'paused', pauseCode: 20003 })
    h.deps.sms.send = send
    await resumeBlast(h.deps, id)
    await h.settle(2)
    expect(h.twilio.messages).toHaveLength(10)
  })

  it('a refused connection is sent again: nothing had left', async () => {
    const h = await createSending()
    await h.addMembers(2)
    h.twilio.script({ kind: 'connection-refused' })
    const id = await h.blast()
    await h.settle(2)
    expect(h.phones().toSorted()).toEqual([phoneOf(0), phoneOf(1)])
    expect((await h.rows(id)).every(({ status }) => status === 'accepted')).toBe(true)
  })
})

describe('a fault of ours', () => {
  it('a wrong sender number pauses at once, changes no contact, and Resume texts everyone once', async () => {
    const h = await createSending({ SEND_CONCURRENCY: '4' })
    await h.addMembers(20)
    h.twilio.decide = () => ({ kind: 'refuse', code: 21606 })
    const id = await h.blast()
    await h.settle(3)
    expect(await h.log(id)).toMatchObject({ status: 'paused', pauseCode: 21606 })
    expect(h.twilio.requests.length).toBeLessThanOrEqual(8)
    expect((await h.rows(id)).every(({ status }) => status === 'queued')).toBe(true)
    expect([await blocks(h), await optOuts(h), await members(h)]).toEqual([[], [], 20])

    h.twilio.decide = () => null
    expect(await resumeBlast(h.deps, id)).toMatchObject({ kind: 'done', queued: 20 })
    await h.settle()
    expect(h.phones().toSorted()).toEqual(Array.from({ length: 20 }, (_, i) => phoneOf(i)))
    expect(await h.log(id)).toMatchObject({ status: 'sent', pauseCode: null })
  })

  it('a content filter on most of the first recipients pauses, and suppresses nobody', async () => {
    const h = await createSending({ SEND_CONCURRENCY: '5' })
    await h.addMembers(100)
    h.twilio.decide = () => ({ kind: 'refuse', code: 30007 })
    const id = await h.blast()
    await h.settle(2)
    expect(await h.log(id)).toMatchObject({ status: 'paused', pauseCode: 30007 })
    const failed = (await h.rows(id)).filter(({ status }) => status === 'failed').length
    expect(failed).toBeGreaterThan(10)
    expect(failed).toBeLessThanOrEqual(20)
    expect(await blocks(h)).toEqual([])
  })

  it('stops a blast once: Resume goes on, however many more there are', async () => {
    const h = await createSending()
    await h.addMembers(60)
    h.twilio.decide = (form) => (Number(form.get('To')?.slice(-2)) % 4 > 0 ? { kind: 'refuse', code: 21408 } : null)
    const id = await h.blast()
    await h.settle(2)
    expect(await h.log(id)).toMatchObject({ status: 'paused', pauseCode: 21408 })
    await resumeBlast(h.deps, id)
    await h.settle(2)
    expect((await h.log(id)).status).toBe('sent')
    expect((await h.rows(id)).filter(({ status }) => status === 'failed')).toHaveLength(45)
  })

  it.each([99999, 30001])('code %i for all of them pauses, before they are given up one by one', async (code) => {
    const h = await createSending({ SEND_CONCURRENCY: '5' })
    await h.addMembers(100)
    h.twilio.decide = () => ({ kind: 'refuse', code })
    const id = await h.blast()
    await h.settle(2)
    expect(await h.log(id)).toMatchObject({ status: 'paused', pauseCode: code })
    expect(h.twilio.requests.length).toBeLessThan(30)
    expect((await h.rows(id)).filter(({ status }) => status === 'failed')).toEqual([])
    h.twilio.decide = () => null
    await resumeBlast(h.deps, id)
    await h.settle(5)
    expect(h.twilio.messages).toHaveLength(100)
  })

  it('one country switched off fails its own recipients only', async () => {
    const h = await createSending()
    await h.addMembers(100)
    h.twilio.decide = (_form, index) => (index % 10 === 0 ? { kind: 'refuse', code: 21408 } : null)
    const id = await h.blast()
    await h.settle(2)
    expect((await h.log(id)).status).toBe('sent')
    expect((await h.rows(id)).filter(({ status }) => status === 'failed')).toHaveLength(10)
    expect(await blocks(h)).toEqual([])
  })
})
