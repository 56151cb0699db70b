import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { cancelBlast, resumeBlast } from '../src/blasts/acts'
import { readBlast } from '../src/blasts/view'
import { communityMembers } from '../src/db/schema'
import { describeFault } from '../src/faults'
import { runCron, runJob, tryJob } from '../src/jobs'
import { createTwilioProvider } from '../src/twilio/client'
import { sendForm, written } from './compose/office'
import { createMortal, Died } from './deliveries/mortal'
import { createHarness, origin } from './support/harness'
import { createSending, phoneOf } from './support/sending'

async function queryFault(): Promise<unknown> {
  const { deps } = await createHarness()
  try {
    await deps.db.run(sql`INSERT INTO nowhere (phone, body) VALUES (${'+13235550142'}, ${'Supper,\n  at Maria’s'})`)
  } catch (fault) {
    return fault
  }
  throw new Error('the statement did not fail')
}

it('a database fault is told with its cause and its place, without what was to be stored', async () => {
  const fault = await queryFault()
  expect(String(fault)).toMatch(/5550142/)
  const told = describeFault(fault)
  expect(told).toMatch(/no such table: nowhere/)
  expect(told).toMatch(/\n\s+at /)
  expect(told).not.toMatch(/5550142|Maria|Supper/)
  expect(describeFault({ phone: '+13235550142' })).not.toMatch(/5550142/)
})

it('a recurring job that fails leaves no phone in the log, and the others run', async () => {
  const h = await createSending()
  await h.addMembers(1)
  h.twilio.script({ kind: 'drop', when: 'after' })
  await h.blast()
  await runJob(h.deps, { type: 'send' })
  await h.d1.prepare('ALTER TABLE message_deliveries RENAME COLUMN provider_sid TO gone').run()
  await runCron(h.deps)
  await h.d1.prepare('ALTER TABLE message_deliveries RENAME COLUMN gone TO provider_sid').run()
  const failed = h.logged.filter(({ event }) => event === 'recurring job failed')
  expect(failed.map(({ fields }) => fields.job)).toContain('sweep deliveries')
  expect(failed.map(({ fields }) => fields.job)).not.toContain('prune audit trail')
  expect(JSON.stringify(h.logged)).not.toContain(phoneOf(0))
})

it('a job that fails is told, and reported as failed', async () => {
  const { deps, d1, logged } = await createHarness()
  expect(await tryJob(deps, { type: 'send' })).toBe(true)
  await d1.prepare('ALTER TABLE sender_lease RENAME TO gone').run()
  const again = await tryJob(deps, { type: 'send' })
  await d1.prepare('ALTER TABLE gone RENAME TO sender_lease').run()
  expect(again).toBe(false)
  expect(logged).toMatchObject([{ event: 'job failed', fields: { job: 'send' } }])
})

type Sending = Awaited<ReturnType<typeof createSending>>

const blocked = async (h: Sending) => [
  ...(await h.deps.db.all(sql`SELECT phone FROM suppressed_contacts`)),
  ...(await h.deps.db.all(sql`SELECT phone FROM unsubscribed_contacts`)),
]
const everyone = (count: number) => Array.from({ length: count }, (_, n) => phoneOf(n))
const hear = async (h: Sending, callback: Request) => expect((await h.app.request(callback)).status).toBeLessThan(300)

/** A process is killed in the middle of sending: its `at`-th call takes effect, and it never hears of it. Its nudges are lost, too. */
async function killed(h: Sending, at: number) {
  const { deps, death } = createMortal(h.deps, h.d1, at, 'after')
  await expect(Promise.race([runJob(deps, { type: 'send' }), death])).rejects.toBeInstanceOf(Died)
  h.nudges.length = 0
}

/** Everyone has one text, and the log says so. */
async function expectEachOnce(h: Sending, id: number, count: number) {
  expect(h.phones().toSorted()).toEqual(everyone(count))
  const { counts, blast } = await readBlast(h.deps, id, { undecidedPage: 1, before: null })
  expect(counts).toMatchObject({ accepted: count, failed: 0, unknown: 0, queued: 0 })
  expect(blast.status).toBe('sent')
  const sids = new Set(h.twilio.messages.map(({ sid }) => sid))
  expect((await h.rows(id)).every(({ sid }) => sid !== null && sids.has(sid))).toBe(true)
}

describe('cannot happen here', () => {
  it('a job that runs out of time leaves the rest of 1,500 untexted and those it texted unrecorded', async () => {
    const h = await createSending()
    await h.addMembers(1500)
    const id = await h.blast()
    await killed(h, 1300)
    expect(h.twilio.messages.length).toBeGreaterThan(1000)
    expect(h.twilio.messages.length).toBeLessThan(1500)
    await h.settle(5)
    await expectEachOnce(h, id, 1500)
  })

  it('after kill -9 at 100 of 300 the others get nothing, or the first hundred get it twice', async () => {
    const h = await createSending()
    await h.addMembers(300)
    const id = await h.blast()
    await killed(h, 120)
    const before = h.twilio.messages.length
    expect(before).toBeGreaterThanOrEqual(80)
    expect(before).toBeLessThan(150)
    await h.settle(5)
    await expectEachOnce(h, id, 300)
  })

  it('the same form sent twice at once texts everyone twice', async () => {
    const h = await createSending()
    await h.addMembers(5)
    const browser = await h.signIn('social_manager')
    const form = sendForm(await (await browser.post('/dashboard/review', written)).text())
    const answers = await Promise.all([browser.post('/dashboard', form), browser.post('/dashboard', form)])
    expect(new Set(answers.map(({ headers }) => headers.get('location')))).toEqual(new Set(['/logs/1']))
    await h.settle()
    await expectEachOnce(h, 1, 5)
  })

  it.each([
    ['a wrong sender number', 21606, 400],
    ['a wrong account or key', 20003, 401],
  ])('%s blocks every member and deletes the list', async (_, code, httpStatus) => {
    const h = await createSending()
    await h.addMembers(30)
    h.twilio.decide = () => ({ kind: 'refuse', code, httpStatus })
    const id = await h.blast()
    await h.settle(3)
    expect(await h.log(id)).toMatchObject({ status: 'paused', pauseCode: code })
    expect(await blocked(h)).toEqual([])
    expect(await h.deps.db.$count(communityMembers)).toBe(30)
    h.twilio.decide = () => null
    await resumeBlast(h.deps, id)
    await h.settle()
    await expectEachOnce(h, id, 30)
  })

  it('who texts STOP during a blast is texted all the same', async () => {
    const h = await createSending({ SEND_CONCURRENCY: '5' })
    await h.addMembers(60)
    let stored: Promise<void> | null = null
    h.twilio.decide = () => {
      stored ??= hear(h, h.twilio.inbound(`${origin}/webhooks/twilio/inbound`, phoneOf(50), 'Stop.'))
      return null
    }
    const id = await h.blast()
    await h.settle()
    await stored
    expect(h.twilio.sentTo(phoneOf(50))).toEqual([])
    expect((await h.rows(id))[50]).toMatchObject({ status: 'skipped', skipReason: 'opted_out' })
    expect(h.twilio.messages).toHaveLength(59)
  })

  it('a blast that is cancelled while it is sent goes to all, and calls itself sent', async () => {
    const h = await createSending({ SEND_CONCURRENCY: '4' })
    await h.addMembers(60)
    let cancelled: ReturnType<typeof cancelBlast> | null = null
    h.twilio.decide = (_form, index) => {
      if (index === 10) cancelled = cancelBlast(h.deps, id)
      return null
    }
    const id = await h.blast()
    await h.settle(3)
    const handedOver = h.twilio.messages.length
    expect(handedOver).toBeLessThan(30)
    expect(await cancelled).toMatchObject({ kind: 'done', spared: 60 - handedOver })
    expect(await h.log(id)).toMatchObject({ status: 'cancelled', finishedAt: expect.any(Number) })
    expect((await h.rows(id)).filter(({ skipReason }) => skipReason === 'cancelled')).toHaveLength(60 - handedOver)
  })

  it('a provider that never answers stops everything, and what it took is unrecorded', async () => {
    const h = await createSending()
    await h.addMembers(30)
    const { accountSid, authToken, baseUrl, fetch } = h.twilio
    const from = h.deps.sms.sender
    h.deps.sms = createTwilioProvider({ accountSid, authToken, baseUrl, fetch, from, timeoutMs: 5, now: h.deps.now })
    h.twilio.script(...Array.from({ length: 10 }, () => ({ kind: 'hang', when: 'after' }) as const))
    const id = await h.blast()
    await runJob(h.deps, { type: 'send' })
    const statuses = (await h.rows(id)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 'unknown')).toHaveLength(10)
    expect(statuses.filter((status) => status === 'accepted')).toHaveLength(20)
    await h.settle(4)
    await expectEachOnce(h, id, 30)
  })

  it('one dropped connection and the log says that nobody got it', async () => {
    const h = await createSending()
    await h.addMembers(10)
    h.twilio.script(...Array.from({ length: 9 }, () => null), { kind: 'drop', when: 'after' })
    const id = await h.blast()
    await runJob(h.deps, { type: 'send' })
    const { sum } = await readBlast(h.deps, id, { undecidedPage: 1, before: null })
    expect(sum).toMatchObject({ planned: 10, withTwilio: 9, checking: 1, failed: 0 })
    await h.settle(4)
    await expectEachOnce(h, id, 10)
  })

  it('digits of a phone number are taken for an error code', async () => {
    const h = await createSending()
    const phone = '+12161021614'
    await h.deps.db.run(sql`INSERT INTO community_members (name, phone, created_at, updated_at) VALUES ('Maria', ${phone}, 1, 1)`)
    const fetch = async () =>
      Response.json({ code: 21408, message: `Permission to send to ${phone} (21610, 21614)`, status: 400 }, { status: 400 })
    const { accountSid, authToken, baseUrl } = h.twilio
    h.deps.sms = createTwilioProvider({
      accountSid,
      authToken,
      baseUrl,
      fetch,
      from: h.deps.sms.sender,
      timeoutMs: 15_000,
      now: h.deps.now,
    })
    const id = await h.blast()
    await h.settle()
    expect(await h.rows(id)).toMatchObject([{ phone, status: 'failed', code: 21408 }])
    expect(await blocked(h)).toEqual([])
  })

  it('a text that a phone company filters blocks who should have had it', async () => {
    const h = await createSending()
    await h.addMembers(3)
    const id = await h.blast()
    await h.settle()
    for (const message of h.twilio.messages) await hear(h, h.twilio.callback(message, 'undelivered', 30007))
    expect((await h.rows(id)).map(({ status, code }) => [status, code])).toEqual(Array.from({ length: 3 }, () => ['undelivered', 30007]))
    expect(await blocked(h)).toEqual([])
    expect(await h.deps.db.$count(communityMembers)).toBe(3)
  })

  it('what the provider took counts as delivered', async () => {
    const h = await createSending()
    await h.addMembers(3)
    const id = await h.blast()
    await h.settle()
    const look = async () => (await readBlast(h.deps, id, { undecidedPage: 1, before: null })).counts
    expect(await look()).toMatchObject({ accepted: 3, delivered: 0 })
    const [first, second] = h.twilio.messages
    if (!first || !second) throw new Error('nothing was sent')
    await hear(h, h.twilio.callback(first, 'delivered'))
    await hear(h, h.twilio.callback(second, 'undelivered', 30003))
    expect(await look()).toMatchObject({ accepted: 1, delivered: 1, undelivered: 1 })
  })

  it('phone numbers and texts of a blast that goes wrong stand in the log of the server', async () => {
    const h = await createSending()
    await h.addMembers(40)
    h.twilio.misbehave([
      { chance: 0.2, fault: { kind: 'drop', when: 'after' } },
      { chance: 0.2, fault: { kind: 'refuse', code: 21610 } },
      { chance: 0.2, fault: { kind: 'server-error', when: 'before' } },
    ])
    await h.blast({ messageBody: 'Supper at Maria’s, {first_name}' })
    await killed(h, 20)
    await h.settle(5)
    await hear(h, h.twilio.inbound(`${origin}/webhooks/twilio/inbound`, phoneOf(7), 'STOP'))
    expect(h.logged.map(({ event }) => event)).toContain('claims without a result')
    expect(JSON.stringify(h.logged)).not.toMatch(/323555|Supper|Maria|Person 0/)
  })

  it.each([
    ['160 plain characters', 'a'.repeat(160), 1],
    ['161 plain characters', 'a'.repeat(161), 2],
    ['a euro sign, which takes two places', `${'a'.repeat(159)}€`, 2],
    ['one emoji, which makes 70 the most', `${'a'.repeat(69)}🎉`, 2],
  ])('every text counts as plain: %s', async (_, messageBody, parts) => {
    const h = await createSending()
    await h.addMembers(1)
    const id = await h.blast({ messageBody })
    await h.settle()
    expect((await readBlast(h.deps, id, { undecidedPage: 1, before: null })).parts).toBe(parts)
    expect(await h.deps.db.all(sql`SELECT parts FROM message_deliveries WHERE log_id = ${id}`)).toEqual([{ parts }])
  })
})
