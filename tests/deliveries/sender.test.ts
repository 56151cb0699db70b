import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { runSender } from '../../src/deliveries/sender'
import { optOut } from '../../src/suppressions/opt-outs'
import { createSending, phoneOf } from '../support/sending'

describe('a blast', () => {
  it('texts everyone once, personalised, and is sent', async () => {
    const h = await createSending()
    await h.addMembers(45)
    const id = await h.blast()
    await h.settle()
    expect(h.phones().toSorted()).toEqual(Array.from({ length: 45 }, (_, i) => phoneOf(i)))
    expect(h.twilio.messages.every(({ body }) => body === 'Hi Person')).toBe(true)
    expect((await h.rows(id)).every(({ status, sid }) => status === 'accepted' && sid !== null)).toBe(true)
    expect(await h.log(id)).toMatchObject({ status: 'sent', totalRecipients: 45 })
  })

  it('never has more in flight than SEND_CONCURRENCY', async () => {
    const h = await createSending({ SEND_CONCURRENCY: '7' })
    await h.addMembers(60)
    await h.blast()
    const { send } = h.deps.sms
    let inFlight = 0
    let most = 0
    h.deps.sms.send = async (request) => {
      most = Math.max(most, ++inFlight)
      await new Promise((resolve) => setTimeout(resolve, 0))
      inFlight--
      return send(request)
    }
    await h.settle()
    expect(h.twilio.messages).toHaveLength(60)
    expect(most).toBe(7)
  })

  it('sends nothing before the hold is over', async () => {
    const h = await createSending({ SEND_HOLD_SECONDS: '15' })
    await h.addMembers(3)
    const id = await h.blast()
    await runSender(h.deps)
    expect(h.twilio.requests).toHaveLength(0)
    expect((await h.log(id)).status).toBe('held')
    await h.settle()
    expect(h.twilio.messages).toHaveLength(3)
  })

  it('carries delivery and attempt in the callback URL', async () => {
    const h = await createSending()
    await h.addMembers(1)
    const id = await h.blast()
    await h.settle()
    const [row] = await h.rows(id)
    const url = new URL(h.twilio.requests[0]?.form.get('StatusCallback') ?? '')
    expect(url.pathname).toBe('/webhooks/twilio/status')
    expect(Object.fromEntries(url.searchParams)).toEqual({ delivery: String(row?.id), attempt: row?.token })
  })

  it('keeps to SEND_RATE_PER_SECOND', async () => {
    const h = await createSending({ SEND_RATE_PER_SECOND: '10' })
    await h.addMembers(50)
    await h.blast()
    const before = h.clock.now
    await h.settle(0)
    expect(h.twilio.messages).toHaveLength(50)
    expect(h.clock.now - before).toBeGreaterThanOrEqual(4800)
  })

  it('lets a small blast finish beside a large one', async () => {
    const h = await createSending({ SEND_CONCURRENCY: '2' })
    await h.addMembers(40)
    await h.blast({ messageBody: 'large' })
    await h.deps.db.run(sql`DELETE FROM community_members WHERE id > 4`)
    await h.blast({ messageBody: 'small' })
    await h.settle()
    const order = h.twilio.messages.map(({ body }) => body)
    expect(order.lastIndexOf('small')).toBeLessThan(20)
    expect(order).toHaveLength(44)
  })

  it('says nobody was reached when nobody was', async () => {
    const h = await createSending()
    await h.addMembers(2)
    h.twilio.decide = () => ({ kind: 'refuse', code: 21211 })
    const id = await h.blast()
    await h.settle()
    expect((await h.log(id)).status).toBe('failed')
  })
})

describe('the fence', () => {
  it('skips who opted out or was suppressed after the snapshot', async () => {
    const h = await createSending()
    await h.addMembers(5)
    const id = await h.blast()
    await optOut(h.deps, { phone: phoneOf(1), reason: 'Replied STOP', source: 'inbound' })
    await h.deps.db.run(
      sql`INSERT INTO suppressed_contacts (phone, category, source, created_at) VALUES (${phoneOf(3)}, 'hard_fail', 'staff', 1)`,
    )
    await h.settle()
    expect(h.phones()).toEqual([phoneOf(0), phoneOf(2), phoneOf(4)])
    const reasons = (await h.rows(id)).map(({ status, skipReason }) => `${status} ${skipReason ?? ''}`.trim())
    expect(reasons).toEqual(['accepted', 'skipped opted_out', 'accepted', 'skipped suppressed', 'accepted'])
  })

  it('a test to the office phone goes out though its number is suppressed, but not after its STOP', async () => {
    const h = await createSending()
    const test = { audience: { target: 'community', eventId: null, testPhone: phoneOf(1) } } as const
    await h.deps.db.run(sql`
      INSERT INTO suppressed_contacts (phone, name, category, reason, source, created_at)
      VALUES (${phoneOf(1)}, '', 'hard_fail', 'Landline', 'manual', 1)`)
    await h.blast(test)
    await h.settle()
    expect(h.phones()).toEqual([phoneOf(1)])
    await optOut(h.deps, { phone: phoneOf(1), reason: 'Replied STOP', source: 'inbound' })
    const id = await h.blast(test)
    await h.settle()
    expect(h.phones()).toEqual([phoneOf(1)])
    expect(await h.rows(id)).toMatchObject([{ status: 'skipped', skipReason: 'opted_out' }])
  })

  it('takes no more once another has its lease: two would send at twice the rate', async () => {
    const h = await createSending({ SEND_CONCURRENCY: '1' })
    await h.addMembers(10)
    const takeOver = async () => {
      await h.deps.db.run(sql`UPDATE sender_lease SET holder = 'another', expires_at = ${h.clock.now + 60_000}`)
    }
    h.twilio.decide = (_form, index) => {
      if (index === 0) {
        // Frozen for longer than its lease.
        h.clock.now += 16_000
        void takeOver()
      }
      return null
    }
    await h.blast()
    await runSender(h.deps)
    expect(h.twilio.messages.length).toBeLessThanOrEqual(2)
  })

  it('says in the log what each chunk came to, without a phone or a word of the text', async () => {
    const h = await createSending()
    await h.addMembers(5)
    h.twilio.script({ kind: 'refuse', code: 21614 }, { kind: 'drop', when: 'after' })
    const id = await h.blast({ messageBody: 'Supper, {first_name}' })
    await optOut(h.deps, { phone: phoneOf(0), reason: 'Replied STOP', source: 'inbound' })
    await runSender(h.deps)
    const lines = h.logged.filter(({ event }) => event === 'chunk')
    const sum = (name: string) => lines.reduce((total, { fields }) => total + Number(fields?.[name] ?? 0), 0)
    const counts = Object.fromEntries(['claimed', 'skipped', 'accepted', 'failed', 'unknown'].map((name) => [name, sum(name)]))
    expect(counts).toEqual({ claimed: 4, skipped: 1, accepted: 2, failed: 1, unknown: 1 })
    expect(lines.every(({ fields }) => fields?.blast === id)).toBe(true)
    expect(lines.map(({ fields }) => fields?.codes).join()).toContain('21614 × 1')
    expect(JSON.stringify(lines)).not.toMatch(/323555|Supper|Person/)
  })

  it('spares who texts STOP while the blast is under way', async () => {
    const h = await createSending({ SEND_CONCURRENCY: '5' })
    await h.addMembers(60)
    const stopped = [20, 30, 40, 50].map(phoneOf)
    h.twilio.decide = (_form, index) => {
      if (index === 0) for (const phone of stopped) void optOut(h.deps, { phone, reason: 'Replied STOP', source: 'inbound' })
      return null
    }
    const id = await h.blast()
    await h.settle()
    expect(h.phones().filter((phone) => stopped.includes(phone))).toEqual([])
    expect((await h.rows(id)).filter(({ skipReason }) => skipReason === 'opted_out').map(({ phone }) => phone)).toEqual(stopped)
    expect(h.twilio.messages).toHaveLength(56)
  })
})

describe('who may send', () => {
  it('is one at a time; the other is told when to look again', async () => {
    const h = await createSending()
    await h.addMembers(3)
    await h.blast()
    h.nudges.length = 0
    await h.deps.db.run(sql`INSERT INTO sender_lease (id, holder, expires_at) VALUES (1, 'another', ${h.clock.now + 9000})`)
    await runSender(h.deps)
    expect(h.twilio.requests).toHaveLength(0)
    expect(h.nudges).toEqual([{ job: { type: 'send' }, delayMs: 9100 }])
    await h.settle(0)
    expect(h.twilio.messages).toHaveLength(3)
  })

  it('two at once text nobody twice', async () => {
    const h = await createSending()
    await h.addMembers(50)
    await h.blast()
    await Promise.all([runSender(h.deps), runSender(h.deps), runSender(h.deps)])
    await h.settle()
    expect(new Set(h.phones()).size).toBe(50)
    expect(h.twilio.messages).toHaveLength(50)
  })

  it('ends when the process is to end, and the rest goes on later', async () => {
    const h = await createSending({ SEND_CONCURRENCY: '4' })
    await h.addMembers(30)
    const id = await h.blast()
    let stopping = false
    const stop = h.deps.stopping
    h.deps.stopping = () => stopping
    h.twilio.decide = (_form, index) => {
      if (index === 6) stopping = true
      return null
    }
    await runSender(h.deps)
    const handedOver = h.twilio.messages.length
    expect(handedOver).toBeLessThan(30)
    const states = (await h.rows(id)).map(({ status }) => status)
    expect(states.filter((status) => status === 'accepted')).toHaveLength(handedOver)
    expect(states.filter((status) => status === 'queued')).toHaveLength(30 - handedOver)
    h.deps.stopping = stop
    await h.settle()
    expect(h.twilio.messages).toHaveLength(30)
  })
})
