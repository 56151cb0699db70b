import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { cancelBlast, resumeBlast } from '../../src/blasts/acts'
import { applyStatusCallback } from '../../src/deliveries/callbacks'
import { runJob } from '../../src/jobs'
import { createSending, phoneOf } from '../support/sending'

type Sending = Awaited<ReturnType<typeof createSending>>

/** Twilio tells of one delivery's failure, long after it took the text. */
async function tell(h: Sending, id: number, n: number, errorCode: number | null) {
  const row = (await h.rows(id))[n]
  if (!row?.token || !row.sid) throw new Error('nothing was sent')
  const callback = { deliveryId: row.id, attemptToken: row.token, sid: row.sid, errorCode, parts: null }
  return applyStatusCallback(h.deps, { ...callback, status: 'undelivered' })
}

describe('a fault of ours that the provider tells of later', () => {
  it('puts those it concerns back and pauses the blast, finished or not; Resume texts exactly them', async () => {
    const h = await createSending()
    await h.addMembers(4)
    const id = await h.blast()
    await h.settle()
    expect((await h.log(id)).status).toBe('sent')
    await tell(h, id, 1, 30_034)
    await tell(h, id, 2, 30_034)
    expect(await h.log(id)).toMatchObject({ status: 'paused', pauseCode: 30_034, finishedAt: null })
    await h.settle(3)
    expect(h.twilio.messages).toHaveLength(4)
    expect(await resumeBlast(h.deps, id)).toMatchObject({ kind: 'done', queued: 2 })
    await h.settle()
    expect(h.phones().slice(4).toSorted()).toEqual([phoneOf(1), phoneOf(2)])
    expect((await h.log(id)).status).toBe('sent')
    expect(await h.deps.db.all(sql`SELECT phone FROM suppressed_contacts`)).toEqual([])
  })

  it('leaves a cancelled blast alone', async () => {
    const h = await createSending()
    await h.addMembers(2)
    const id = await h.blast()
    await runJob(h.deps, { type: 'send' })
    await h.deps.db.run(sql`UPDATE message_logs SET status = 'processing', finished_at = NULL`)
    await cancelBlast(h.deps, id)
    await tell(h, id, 0, 30_034)
    expect((await h.rows(id))[0]).toMatchObject({ status: 'undelivered', code: 30_034 })
    expect((await h.log(id)).status).toBe('cancelled')
  })
})

describe('a passing failure that the provider tells of later', () => {
  it('is tried again after a wait, five times in all, and late word of the first attempt changes nothing', async () => {
    const h = await createSending()
    await h.addMembers(2)
    const id = await h.blast()
    await h.settle()
    const [first] = await h.rows(id)
    for (let failures = 1; failures <= 5; failures++) {
      await tell(h, id, 0, 30_017)
      await h.settle(10)
      expect(h.twilio.sentTo(phoneOf(0))).toHaveLength(Math.min(failures + 1, 5))
    }
    expect((await h.rows(id))[0]).toMatchObject({ status: 'undelivered', code: 30_017 })
    const late = { deliveryId: first?.id ?? 0, attemptToken: first?.token ?? '', sid: first?.sid ?? '', errorCode: null, parts: null }
    expect(await applyStatusCallback(h.deps, { ...late, status: 'delivered' })).toBe('ignored')
    expect(h.twilio.sentTo(phoneOf(1))).toHaveLength(1)
    expect((await h.log(id)).status).toBe('sent')
  })

  it('told twice counts once', async () => {
    const h = await createSending()
    await h.addMembers(1)
    const id = await h.blast()
    await h.settle()
    const [row] = await h.rows(id)
    const callback = { deliveryId: row?.id ?? 0, attemptToken: row?.token ?? '', sid: row?.sid ?? '', errorCode: 30_017, parts: null }
    const told = await Promise.all([1, 2, 3].map(() => applyStatusCallback(h.deps, { ...callback, status: 'undelivered' as const })))
    expect(told.toSorted()).toEqual(['applied', 'ignored', 'ignored'])
    expect(await h.rows(id)).toMatchObject([{ status: 'queued', attempts: 1 }])
    await h.settle(5)
    expect(h.twilio.messages).toHaveLength(2)
  })

  it('of a code that nobody knows is tried once more', async () => {
    const h = await createSending()
    await h.addMembers(1)
    const id = await h.blast()
    await h.settle()
    for (let told = 0; told < 3; told++) {
      await tell(h, id, 0, 99_999)
      await h.settle(5)
    }
    expect(h.twilio.messages).toHaveLength(2)
  })
})

describe('a blast in which nobody is left to text', () => {
  it.each([
    [1, 21_408],
    [5, 21_617],
  ])('is not paused but failed: %i people, code %i', async (people, code) => {
    const h = await createSending()
    await h.addMembers(people)
    h.twilio.decide = () => ({ kind: 'refuse', code })
    const id = await h.blast()
    await h.settle(2)
    expect((await h.log(id)).status).toBe('failed')
  })
})

describe('a text that the provider has, though it looks another', () => {
  async function lost(people = 1, messageBody = 'Don’t be late, {first_name}') {
    const h = await createSending()
    await h.addMembers(people)
    h.twilio.script({ kind: 'drop', when: 'after' })
    const id = await h.blast({ messageBody })
    await runJob(h.deps, { type: 'send' })
    const [message] = h.twilio.messages
    if (!message) throw new Error('nothing was taken')
    return { h, id, message }
  }

  it.each<[string, (given: Awaited<ReturnType<typeof lost>>) => void]>([
    [
      'with the line of a trial account before it',
      ({ message }) => Object.assign(message, { body: `Sent from your Twilio trial account - ${message.body}` }),
    ],
    ['with plain characters for curly ones', ({ message }) => Object.assign(message, { body: message.body.replace('’', "'") })],
    ['after the sender was changed', ({ h }) => Object.assign(h.deps.sms, { sender: '+13230000000' })],
    ['by a clock that is 20 seconds behind ours', ({ message }) => Object.assign(message, { createdAt: message.createdAt - 20_000 })],
    ['by a clock that is 100 seconds ahead of ours', ({ message }) => Object.assign(message, { createdAt: message.createdAt + 100_000 })],
  ])('%s, is found and not sent again', async (_, change) => {
    const given = await lost()
    change(given)
    await given.h.settle(8)
    expect(given.h.twilio.messages).toHaveLength(1)
    expect(await given.h.rows(given.id)).toMatchObject([{ status: 'accepted', sid: given.message.sid }])
  })

  it.each([
    ['✱ Doors open at ７．３０, {first_name} ✱', '* Doors open at 7.30, Person *'],
    ['❝Free❞ ＋ ½ price', '"Free" + 1/2 price'],
  ])('with characters that only their table swaps, is found: %s', async (messageBody, body) => {
    const { h, id, message } = await lost(1, messageBody)
    Object.assign(message, { body })
    await h.settle(8)
    expect(h.twilio.messages).toHaveLength(1)
    expect(await h.rows(id)).toMatchObject([{ status: 'accepted', sid: message.sid }])
  })

  it('with words that are nobody’s, is left to a person after the grace, never sent again', async () => {
    const { h, id, message } = await lost()
    Object.assign(message, { body: '*** ** ****, Person' })
    await h.settle(1)
    expect(await h.rows(id)).toMatchObject([{ status: 'unknown', needsPerson: 0 }])
    await h.settle(8)
    expect(h.twilio.messages).toHaveLength(1)
    expect(await h.rows(id)).toMatchObject([{ status: 'unknown', needsPerson: 1, sid: null }])
    expect((await h.log(id)).finishedAt).not.toBeNull()
  })

  it('with words of another blast whose answer was lost, is that one’s: it keeps nobody from being texted', async () => {
    const { h, id: other } = await lost()
    await h.deps.db.run(sql`UPDATE message_deliveries SET needs_person = 1 WHERE log_id = ${other}`)
    h.twilio.script({ kind: 'drop', when: 'before' })
    const id = await h.blast({ messageBody: 'Bring a friend, {first_name}' })
    await h.settle(8)
    expect(h.phones()).toEqual([phoneOf(0), phoneOf(0)])
    expect(await h.rows(id)).toMatchObject([{ status: 'accepted', sid: h.twilio.messages[1]?.sid }])
    expect(await h.rows(other)).toMatchObject([{ status: 'unknown', sid: null }])
  })

  it('with words of another blast that holds it, or from another sender, keeps nobody from being texted either', async () => {
    const h = await createSending()
    await h.addMembers(1)
    await h.blast({ messageBody: 'Bring a friend, {first_name}' })
    await h.settle(0)
    h.twilio.script(null, { kind: 'drop', when: 'before' })
    await h.blast({ messageBody: 'From elsewhere' })
    await h.settle(0)
    Object.assign(h.twilio.messages[1] ?? {}, { from: '+13230000009' })
    await h.deps.db.run(sql`UPDATE message_deliveries SET provider_sid = NULL, status = 'failed' WHERE log_id = 2`)
    const id = await h.blast()
    await h.settle(8)
    expect(h.twilio.messages).toHaveLength(3)
    expect(await h.rows(id)).toMatchObject([{ status: 'accepted', sid: h.twilio.messages[2]?.sid }])
  })

  it('but the message of an attempt that failed before is not this one', async () => {
    const h = await createSending()
    await h.addMembers(1)
    const id = await h.blast()
    await h.settle(0)
    await tell(h, id, 0, 30_017)
    h.twilio.script({ kind: 'drop', when: 'before' })
    await h.settle(8)
    expect(h.twilio.messages).toHaveLength(2)
    expect(await h.rows(id)).toMatchObject([{ status: 'accepted', sid: h.twilio.messages[1]?.sid }])
  })
})

describe('a failure that only their list tells of', () => {
  async function lostAndFailed(errorCode: number | null) {
    const h = await createSending()
    await h.addMembers(2)
    h.twilio.script({ kind: 'drop', when: 'after' })
    const id = await h.blast()
    await runJob(h.deps, { type: 'send' })
    const [message] = h.twilio.messages
    if (!message) throw new Error('nothing was taken')
    Object.assign(message, { status: 'undelivered', errorCode })
    h.clock.now += 60_000
    await runJob(h.deps, { type: 'reconcile' })
    return { h, id, message }
  }

  it('pauses the blast where it is ours to mend, and its delivery waits for Resume', async () => {
    const { h, id } = await lostAndFailed(30_034)
    expect(await h.log(id)).toMatchObject({ status: 'paused', pauseCode: 30_034 })
    await h.settle(3)
    expect(h.twilio.messages).toHaveLength(2)
    expect(await resumeBlast(h.deps, id)).toMatchObject({ kind: 'done', queued: 1 })
    await h.settle()
    expect(h.twilio.sentTo(phoneOf(0))).toHaveLength(2)
    expect(await h.deps.db.all(sql`SELECT phone FROM suppressed_contacts`)).toEqual([])
  })

  it('is tried again after a wait where it passes', async () => {
    const { h, id, message } = await lostAndFailed(30_017)
    expect((await h.rows(id))[0]).toMatchObject({ status: 'queued', attempts: 1, sid: null })
    expect(h.nudges).toContainEqual({ job: { type: 'send' }, delayMs: 15_000 })
    await h.settle(3)
    expect(h.twilio.sentTo(phoneOf(0))).toHaveLength(2)
    expect((await h.rows(id))[0]).toMatchObject({ status: 'accepted', sid: h.twilio.messages.at(-1)?.sid })
    expect(h.twilio.messages.at(-1)?.sid).not.toBe(message.sid)
  })

  it('blocks the contact where it is the recipient’s', async () => {
    const { h, id } = await lostAndFailed(30_006)
    expect((await h.rows(id))[0]).toMatchObject({ status: 'undelivered', code: 30_006 })
    expect(await h.deps.db.all(sql`SELECT phone FROM suppressed_contacts`)).toEqual([{ phone: phoneOf(0) }])
  })
})
