import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { cancelBlast } from '../../src/blasts/acts'
import { decideUnknown } from '../../src/deliveries/decisions'
import { runCron, runJob } from '../../src/jobs'
import { createSending, phoneOf } from '../support/sending'

describe('no clear answer', () => {
  it.each([
    ['the connection dropped', { kind: 'drop', when: 'after' }],
    ['a server error', { kind: 'server-error', when: 'after' }],
    ['an answer that is no JSON', { kind: 'garbled', when: 'after' }],
  ] as const)('%s, but they have it: found in their list, never sent again', async (_, fault) => {
    const h = await createSending()
    await h.addMembers(4)
    h.twilio.script(null, fault)
    const id = await h.blast()
    await runJob(h.deps, { type: 'send' })
    expect((await h.rows(id)).map(({ status }) => status)).toEqual(['accepted', 'unknown', 'accepted', 'accepted'])
    expect((await h.log(id)).status).toBe('processing')
    await h.settle(5)
    expect(h.twilio.sentTo(phoneOf(1))).toHaveLength(1)
    const [, row] = await h.rows(id)
    expect(row).toMatchObject({ status: 'accepted', sid: h.twilio.sentTo(phoneOf(1))[0]?.sid })
    expect((await h.log(id)).status).toBe('sent')
  })

  it('and they do not have it: sent again, but only after the grace', async () => {
    const h = await createSending({ RECONCILE_GRACE_SECONDS: '300' })
    await h.addMembers(1)
    h.twilio.script({ kind: 'drop', when: 'before' })
    const id = await h.blast()
    await h.settle(3)
    expect(h.twilio.messages).toHaveLength(0)
    expect(await h.rows(id)).toMatchObject([{ status: 'unknown' }])
    await h.settle(5)
    expect(h.twilio.sentTo(phoneOf(0))).toHaveLength(1)
    expect(await h.rows(id)).toMatchObject([{ status: 'accepted' }])
  })

  it('their list is late: it is not taken for absent', async () => {
    const h = await createSending({ RECONCILE_GRACE_SECONDS: '300' }, { listDelayMs: 200_000 })
    await h.addMembers(1)
    h.twilio.script({ kind: 'drop', when: 'after' })
    const id = await h.blast()
    await h.settle(10)
    expect(h.twilio.messages).toHaveLength(1)
    expect(await h.rows(id)).toMatchObject([{ status: 'accepted' }])
  })

  it('an older text of ours with the same words is no match', async () => {
    const h = await createSending()
    await h.addMembers(1)
    await h.blast()
    await h.settle(0)
    h.clock.now += 1000
    h.twilio.script({ kind: 'drop', when: 'before' })
    const second = await h.blast()
    await h.settle(6)
    expect(await h.rows(second)).toMatchObject([{ status: 'accepted' }])
    expect(h.twilio.messages).toHaveLength(2)
  })

  it('their list stays unavailable for a day: left to a person, and the blast is finished', async () => {
    const h = await createSending()
    await h.addMembers(2)
    h.twilio.script({ kind: 'drop', when: 'before' })
    h.twilio.listUnavailable = true
    const id = await h.blast()
    await h.settle(5)
    expect((await h.log(id)).status).toBe('processing')
    h.clock.now += 25 * 3_600_000
    await h.settle(2)
    expect(await h.rows(id)).toMatchObject([{ status: 'unknown', needsPerson: 1 }, { status: 'accepted' }])
    expect((await h.log(id)).status).toBe('sent')
    expect(h.twilio.messages).toHaveLength(1)
  })
})

describe('many unknown ones', () => {
  async function unanswered(people: number, settings: Record<string, string> = {}) {
    const h = await createSending(settings)
    await h.addMembers(people)
    h.twilio.decide = () => ({ kind: 'drop', when: 'before' })
    const id = await h.blast()
    await runJob(h.deps, { type: 'send' })
    h.nudges.length = 0
    const asked: string[] = []
    const { listTo } = h.deps.sms
    h.deps.sms.listTo = (phone, since) => {
      asked.push(phone)
      return listTo(phone, since)
    }
    const reconcile = () => runJob(h.deps, { type: 'reconcile' })
    const again = () => h.nudges.splice(0).filter(({ job }) => job.type === 'reconcile')
    return { h, id, asked, reconcile, again }
  }

  it('are all asked about, pass after pass, before anyone is asked about again', async () => {
    const { h, asked, reconcile, again } = await unanswered(50)
    await reconcile()
    expect(again()).toEqual([{ job: { type: 'reconcile' }, delayMs: 1000 }])
    // What was asked about first is due again by now.
    h.clock.now += 20_000
    await reconcile()
    expect(again()).toHaveLength(1)
    h.clock.now += 20_000
    await reconcile()
    expect(new Set(asked).size).toBe(50)
  })

  it('that have waited longest come first, whatever their id', async () => {
    const { h, id, asked, reconcile } = await unanswered(30)
    await h.deps.db.run(sql`UPDATE message_deliveries SET not_before_at = id * -1 WHERE log_id = ${id}`)
    await reconcile()
    expect(asked.toSorted()).toEqual(Array.from({ length: 20 }, (_, n) => phoneOf(10 + n)))
  })

  it('are asked about a few at once, never more than there may be requests', async () => {
    for (const [concurrency, most] of [
      ['20', 5],
      ['2', 2],
    ] as const) {
      const { h, reconcile } = await unanswered(12, { SEND_CONCURRENCY: concurrency })
      let [now, peak] = [0, 0]
      h.deps.sms.listTo = async () => {
        peak = Math.max(peak, ++now)
        await new Promise((resolve) => setTimeout(resolve, 1))
        now--
        return { kind: 'listed', messages: [] }
      }
      await reconcile()
      expect(peak).toBe(most)
    }
  })

  it('wait longer from question to question, up to five minutes', async () => {
    const { h, id, reconcile } = await unanswered(1, { RECONCILE_GRACE_SECONDS: '86400' })
    const waits: number[] = []
    for (const minutes of [0, 2, 10, 60]) {
      await h.deps.db.run(sql`UPDATE message_deliveries SET not_before_at = 0, updated_at = ${h.clock.now - minutes * 60_000}`)
      await reconcile()
      const row = await h.deps.db.get<{ at: number }>(sql`SELECT not_before_at AS at FROM message_deliveries WHERE log_id = ${id}`)
      waits.push(((row?.at ?? 0) - h.clock.now) / 1000)
    }
    expect(waits).toEqual([15, 30, 150, 300])
  })

  it('are left until the next minute where the list is not to be had', async () => {
    const { h, reconcile, again } = await unanswered(50)
    h.twilio.listUnavailable = true
    await reconcile()
    expect(again()).toEqual([])
  })

  it('do not keep a pass longer than 20 seconds where the list hangs, nor the minute at all', async () => {
    const { h, asked, reconcile, again } = await unanswered(50)
    h.deps.sms.listTo = async (phone) => {
      asked.push(phone)
      h.clock.now += 15_000
      return { kind: 'unavailable', reason: 'no answer in time' }
    }
    await runCron(h.deps)
    expect(asked).toEqual([])
    expect(again()).toHaveLength(1)
    await reconcile()
    expect(asked.length).toBeLessThanOrEqual(5)
    expect(again()).toEqual([])
  })
})

describe('a process that died', () => {
  it('between claim and answer: its claims become unknown when the lease is over, and are found', async () => {
    const h = await createSending()
    await h.addMembers(3)
    const id = await h.blast()
    // Accepted by the provider, but the answer reaches nobody: the run never ends.
    h.deps.sms.send = (request) => {
      void h.twilio.fetch(`${h.twilio.baseUrl}/2010-04-01/Accounts/${h.twilio.accountSid}/Messages.json`, {
        method: 'POST',
        headers: {
          Authorization: `Basic ${btoa(`${h.twilio.accountSid}:${h.twilio.authToken}`)}`,
          'Content-Type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams({ To: request.to, From: '+13236300201', Body: request.body }),
      })
      return new Promise(() => {})
    }
    const sleep = h.deps.sleep
    h.deps.sleep = () => new Promise(() => {})
    void runJob(h.deps, { type: 'send' })
    while (h.twilio.messages.length < 3) await new Promise((resolve) => setTimeout(resolve, 0))
    h.deps.sleep = sleep
    expect((await h.rows(id)).map(({ status }) => status)).toEqual(['sending', 'sending', 'sending'])
    await h.settle(4)
    expect(h.twilio.messages).toHaveLength(3)
    expect((await h.rows(id)).map(({ status }) => status)).toEqual(['accepted', 'accepted', 'accepted'])
    expect((await h.log(id)).status).toBe('sent')
  })
})

describe('an answer that comes after its delivery was put back', () => {
  it('is news all the same: it is not sent again', async () => {
    const h = await createSending()
    await h.addMembers(1)
    const id = await h.blast()
    const { send } = h.deps.sms
    h.deps.sms.send = async (request) => {
      const outcome = await send(request)
      // The process was frozen; another server found nothing in the provider's list and put it back.
      await h.deps.db.run(sql`UPDATE message_deliveries SET status = 'queued', not_before_at = ${h.clock.now + 60_000}`)
      return outcome
    }
    await runJob(h.deps, { type: 'send' })
    h.deps.sms.send = send
    await h.settle(3)
    expect(h.twilio.messages).toHaveLength(1)
    expect(await h.rows(id)).toMatchObject([{ status: 'accepted', sid: h.twilio.messages[0]?.sid }])
  })
})

describe('a person decides', () => {
  async function undecided() {
    const h = await createSending()
    await h.addMembers(1)
    h.twilio.script({ kind: 'drop', when: 'before' })
    h.twilio.listUnavailable = true
    const id = await h.blast()
    await h.settle(1)
    h.clock.now += 25 * 3_600_000
    await h.settle(2)
    const [row] = await h.rows(id)
    if (row?.needsPerson !== 1) throw new Error('nothing is left to a person')
    return { h, id, deliveryId: row.id }
  }

  it('that it arrived', async () => {
    const { h, id, deliveryId } = await undecided()
    expect(await decideUnknown(h.deps, id, deliveryId, 'arrived')).toBe(true)
    expect(await h.rows(id)).toMatchObject([{ status: 'accepted', needsPerson: 0 }])
    expect((await h.log(id)).status).toBe('sent')
    expect(await decideUnknown(h.deps, id, deliveryId, 'again')).toBe(false)
    await h.settle(2)
    expect(h.twilio.messages).toHaveLength(0)
  })

  it('to send again: once', async () => {
    const { h, id, deliveryId } = await undecided()
    await Promise.all([decideUnknown(h.deps, id, deliveryId, 'again'), decideUnknown(h.deps, id, deliveryId, 'again')])
    await h.settle(2)
    expect(h.twilio.sentTo(phoneOf(0))).toHaveLength(1)
    expect((await h.log(id)).status).toBe('sent')
  })

  it('to send again: the text that the first try may have left is no other blast’s', async () => {
    const h = await createSending()
    await h.addMembers(1)
    h.twilio.script({ kind: 'drop', when: 'before' }, { kind: 'drop', when: 'after' })
    const lost = await h.blast()
    await runJob(h.deps, { type: 'send' })
    const arrived = await h.blast()
    await runJob(h.deps, { type: 'send' })
    await h.deps.db.run(sql`UPDATE message_deliveries SET needs_person = 1 WHERE log_id = ${arrived}`)
    const [doubtful] = await h.rows(arrived)
    expect(await decideUnknown(h.deps, arrived, doubtful?.id ?? 0, 'again')).toBe(true)
    await cancelBlast(h.deps, arrived)
    await h.settle(3)
    expect(h.twilio.messages).toHaveLength(1)
    expect(await h.rows(lost)).toMatchObject([{ status: 'unknown', needsPerson: 1, sid: null }])
  })

  it('to give up', async () => {
    const { h, id, deliveryId } = await undecided()
    expect(await decideUnknown(h.deps, id, deliveryId, 'gave_up')).toBe(true)
    expect(await h.rows(id)).toMatchObject([{ status: 'skipped', skipReason: 'gave_up' }])
  })

  it('to send again is refused where staff cancelled the blast', async () => {
    const { h, id, deliveryId } = await undecided()
    await h.deps.db.run(sql`UPDATE message_logs SET status = 'cancelled' WHERE id = ${id}`)
    expect(await decideUnknown(h.deps, id, deliveryId, 'again')).toBe(false)
    await h.settle(2)
    expect(h.twilio.messages).toHaveLength(0)
  })
})
