import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { resumeBlast, retryBlast } from '../../src/blasts/acts'
import { readBlast } from '../../src/blasts/view'
import { runJob } from '../../src/jobs'
import { createSending } from '../support/sending'

type Sending = Awaited<ReturnType<typeof createSending>>

const look = (h: Sending, id: number) => readBlast(h.deps, id, { undecidedPage: 1, before: null })

/** The blast's page, without its markup. */
async function pageOf(h: Sending, id: number) {
  const browser = await h.signIn('social_manager')
  return (await browser.text(`/logs/${id}`)).replace(/<[^>]+>/g, '')
}

describe('a blast that is being sent and does not move says why', () => {
  it('slowed down by the provider', async () => {
    const h = await createSending({ SEND_CONCURRENCY: '1' })
    await h.addMembers(3)
    h.twilio.script(null, { kind: 'throttle', retryAfter: '20' })
    const id = await h.blast()
    await runJob(h.deps, { type: 'send' })
    const { throttledUntil } = await h.log(id)
    expect(throttledUntil).toBeGreaterThan(h.clock.now)
    expect(await look(h, id)).toMatchObject({ stalled: { why: 'throttled', until: throttledUntil }, pace: null })
    expect((await pageOf(h, id)).match(/Twilio asked us to wait or does not answer; we go on at 5:00:2\d PM\./g)).toHaveLength(1)
    await h.settle()
    expect((await look(h, id)).stalled).toBeNull()
  })

  it('all who are left wait for another try', async () => {
    const h = await createSending()
    await h.addMembers(4)
    h.twilio.script({ kind: 'refuse', code: 30_008 }, { kind: 'refuse', code: 30_008 })
    const id = await h.blast()
    await runJob(h.deps, { type: 'send' })
    const [{ first } = { first: 0 }] = await h.deps.db.all<{ first: number }>(
      sql`SELECT min(not_before_at) AS first FROM message_deliveries WHERE status = 'queued'`,
    )
    expect(first).toBeGreaterThan(h.clock.now)
    expect(await look(h, id)).toMatchObject({ again: 2, stalled: { why: 'waiting', n: 2, until: first } })
    const page = await pageOf(h, id)
    expect(page).toMatch(/All 2 who are left wait for another try, from 5:00:1\d PM on\./)
    expect(page).toContain('2 wait for another try')
    await h.settle(2)
    expect(await look(h, id)).toMatchObject({ again: 0, stalled: null })
  })

  it('those who are left are looked up at the provider, and those that a person decides are not among them', async () => {
    const h = await createSending()
    await h.addMembers(3)
    h.twilio.script({ kind: 'drop', when: 'before' }, { kind: 'drop', when: 'before' })
    const id = await h.blast()
    const since = h.clock.now
    await runJob(h.deps, { type: 'send' })
    h.clock.now += 30_000
    expect((await look(h, id)).stalled).toEqual({ why: 'checking', n: 2, since: expect.closeTo(since, -4), restored: false })
    await h.deps.db.run(sql`UPDATE message_deliveries SET needs_person = 1 WHERE id = (SELECT min(id) FROM message_deliveries)`)
    expect(await pageOf(h, id)).toMatch(/We are looking up 1 text at Twilio since 5:00:0\d PM\./)
    await h.settle(5)
    expect((await look(h, id)).stalled).toBeNull()
  })

  it('nobody is sending: since when, and what to do', async () => {
    const h = await createSending({ SEND_CONCURRENCY: '1' })
    await h.addMembers(3)
    const id = await h.blast()
    let sent = 0
    h.deps.stopping = () => sent > 0
    h.twilio.decide = () => {
      sent++
      return null
    }
    await runJob(h.deps, { type: 'send' })
    h.deps.stopping = () => false
    const since = h.clock.now
    // A nudge may be on its way, and the minute's look comes after it.
    h.clock.now = since + 60_000
    expect((await look(h, id)).stalled).toBeNull()
    h.clock.now = since + 120_000
    expect((await look(h, id)).stalled).toEqual({ why: 'nobody', since: expect.closeTo(since, -4) })
    const page = await pageOf(h, id)
    expect(page).toMatch(/Nobody has been sending since 5:00:0\d PM\. Ask whoever runs this app to start it/)
    expect(page).not.toContain('Sending goes on')
    await h.deps.db.run(sql`INSERT INTO sender_lease (id, holder, expires_at) VALUES (1, 'another', ${h.clock.now + 9000})`)
    expect((await look(h, id)).stalled).toBeNull()
    await h.deps.db.run(sql`DELETE FROM sender_lease`)
    await h.settle()
    expect(await look(h, id)).toMatchObject({ stalled: null, blast: { status: 'sent' } })
  })

  it('its time to undo is over, and nobody has begun', async () => {
    const h = await createSending({ SEND_HOLD_SECONDS: '15' })
    await h.addMembers(2)
    const id = await h.blast()
    const { holdUntil } = await h.log(id)
    h.clock.now = holdUntil + 60_000
    expect((await look(h, id)).stalled).toBeNull()
    h.clock.now = holdUntil + 120_000
    expect((await look(h, id)).stalled).toEqual({ why: 'nobody', since: holdUntil })
    const page = await pageOf(h, id)
    expect(page).toMatch(/Nobody has been sending since 5:00:15\sPM\./)
    expect(page).not.toContain('Sending starts any moment')
    await h.settle()
    expect(await look(h, id)).toMatchObject({ stalled: null, blast: { status: 'sent' } })
  })

  it('nothing of the kind where staff paused it', async () => {
    const h = await createSending({ SEND_HOLD_SECONDS: '15' })
    await h.addMembers(2)
    const id = await h.blast()
    await h.deps.db.run(sql`UPDATE message_logs SET status = 'paused', started_at = ${h.clock.now}`)
    h.clock.now += 3_600_000
    expect((await look(h, id)).stalled).toBeNull()
  })
})

it('the rate and the wait for a sender begin anew with Resume', async () => {
  const h = await createSending()
  await h.addMembers(6)
  const id = await h.blast()
  await h.deps.db.run(sql`UPDATE message_logs SET status = 'paused', started_at = ${h.clock.now - 3_600_000}`)
  const [first = 0] = (await h.rows(id)).map((row) => row.id)
  const move = (from: number, to: number) =>
    h.deps.db.run(sql`UPDATE message_deliveries SET status = 'accepted' WHERE id >= ${first + from} AND id < ${first + to}`)
  await move(0, 2)
  await resumeBlast(h.deps, id)
  h.clock.now += 2000
  expect(await look(h, id)).toMatchObject({ pace: null, stalled: null })
  await move(2, 4)
  expect((await look(h, id)).pace).toEqual({ perSecond: 1, leftMs: 2000 })
})

it('so with a retry, for which the failed ones were not handled', async () => {
  const h = await createSending()
  await h.addMembers(6)
  const id = await h.blast()
  const [first = 0] = (await h.rows(id)).map((row) => row.id)
  await h.deps.db.run(sql`UPDATE message_deliveries SET status = CASE WHEN id < ${first + 4} THEN 'failed' ELSE 'delivered' END`)
  await h.deps.db.run(sql`UPDATE message_logs SET status = 'sent', finished_at = ${h.clock.now}, started_at = ${h.clock.now - 3_600_000}`)
  await retryBlast(h.deps, id)
  h.clock.now += 2000
  await h.deps.db.run(sql`UPDATE message_deliveries SET status = 'accepted' WHERE id < ${first + 2}`)
  expect((await look(h, id)).pace).toEqual({ perSecond: 1, leftMs: 2000 })
})

it('texts in flight and those to be tried again stand beside the rate', async () => {
  const h = await createSending()
  await h.addMembers(6)
  const id = await h.blast()
  await h.deps.db.run(sql`UPDATE message_logs SET status = 'processing', started_at = ${h.clock.now - 2000}`)
  const [first = 0] = (await h.rows(id)).map((row) => row.id)
  await h.deps.db.run(sql`UPDATE message_deliveries SET status = 'accepted' WHERE id < ${first + 2}`)
  await h.deps.db.run(sql`UPDATE message_deliveries SET status = 'sending' WHERE id = ${first + 2}`)
  await h.deps.db.run(sql`UPDATE message_deliveries SET attempts = 1, not_before_at = ${h.clock.now + 9000} WHERE id = ${first + 3}`)
  expect(await pageOf(h, id)).toContain('1 a second · about 4 seconds left · 1 in flight · 1 waits for another try')
})
