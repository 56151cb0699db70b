import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { type BlastStatus, eventRegistrations, events, messageDeliveries, messageLogs } from '../../src/db/schema'
import { openOffice, phoneOf, wordsOf } from '../compose/office'

type Office = Awaited<ReturnType<typeof openOffice>>
type Made = {
  daysAgo?: number
  counts?: Record<string, number>
  status?: BlastStatus
  pauseCode?: number | null
  pausedBy?: string
  body?: string
}

async function addBlast({ deps, clock }: Office, { daysAgo = 0, counts = {}, status = 'sent', ...made }: Made = {}) {
  const createdAt = clock.now - daysAgo * 86_400_000
  const [row] = await deps.db
    .insert(messageLogs)
    .values({
      status,
      messageBody: made.body ?? 'Hi {first_name}, pies on Saturday.',
      target: 'community',
      submissionId: deps.newToken(),
      totalRecipients: Object.values(counts).reduce((sum, n) => sum + n, 0),
      counts: JSON.stringify(counts),
      countsStale: false,
      holdUntil: createdAt,
      pauseCode: made.pauseCode ?? null,
      pausedBy: made.pausedBy ?? '',
      createdAt,
      finishedAt: ['sent', 'failed', 'cancelled'].includes(status) ? createdAt : null,
    })
    .returning()
  if (!row) throw new Error('no blast')
  return row
}

const pageOf = async (office: Office) => wordsOf(await office.browser.text('/dashboard'))

describe('the dashboard below the form', () => {
  it('tells a new office to begin with its people, and staff who cannot import whom to ask', async () => {
    const office = await openOffice([])
    expect(await pageOf(office)).toContain('First, the people')
    expect(await office.browser.text('/dashboard')).not.toContain('href="/community/import"')
    const admin = await office.signIn('admin')
    expect(await admin.text('/dashboard')).toContain('href="/community/import"')
    expect(await admin.text('/dashboard')).not.toContain('First, the people')
  })

  it('is silent about what there is nothing to say of', async () => {
    const office = await openOffice(['Maria'])
    const words = await pageOf(office)
    expect(words).toContain('Members 1')
    for (const absent of ['Needs you', 'Texts a day', 'Recent blasts', 'Delivered', 'First, the people'])
      expect(words).not.toContain(absent)
  })

  it('counts members, who can be texted, and what arrived in 7 and 30 days', async () => {
    const office = await openOffice(['A', 'B', 'C', 'D'])
    await office.optOut(phoneOf(1))
    await office.suppress(phoneOf(2))
    await addBlast(office, {
      daysAgo: 2,
      counts: { delivered: 50, accepted: 10, sent: 20, failed: 5, undelivered: 10, unknown: 5, skipped: 90 },
    })
    await addBlast(office, { daysAgo: 20, counts: { delivered: 100 } })
    await addBlast(office, { daysAgo: 40, counts: { failed: 1000 } })
    const words = await pageOf(office)
    expect(words).toContain('Members 4 2 can be texted Opted out 1 get no texts Number does not work 1 get no texts')
    expect(words).toContain('Delivered 75.0% 150 of 200 in 30 days, 50.0% in 7')
  })

  it('draws each day of the organisation by result', async () => {
    const office = await openOffice(['A'], { APP_TIMEZONE: 'America/Los_Angeles' })
    // 17:00 UTC is 9 am there; ten hours back it is the day before.
    await addBlast(office, { counts: { delivered: 3, sent: 1 } })
    await addBlast(office, { daysAgo: 10 / 24, counts: { delivered: 7, undelivered: 2 } })
    const words = await pageOf(office)
    expect(words).toContain('Texts a day Oct 24 to Nov 22')
    expect(words).toContain('Nov 21 7 0 2 0 Nov 22 3 1 0 0')
  })

  it('lists the last five blasts; one that changed since it was counted is counted now', async () => {
    const office = await openOffice(['A', 'B'])
    for (let n = 1; n <= 5; n++) await addBlast(office, { body: `Text number ${n}`, counts: { delivered: n, failed: 1 } })
    await office.browser.post('/dashboard', await office.reviewed({ message_body: 'The newest' }))
    const words = await pageOf(office)
    expect(words).toContain('The newest')
    expect(words).toContain('2 waiting')
    expect(words).toContain('Text number 5 Everyone · today, 5:00 PM 5 of 6 delivered')
    expect(words).not.toContain('Text number 1 ')
  })

  it('escapes the texts', async () => {
    const office = await openOffice(['A'])
    await addBlast(office, { body: '<img src=x>', counts: { delivered: 1 } })
    const html = await office.browser.text('/dashboard')
    expect(html).toContain('&lt;img src=x&gt;')
    expect(html).not.toContain('<img')
  })

  it('counts the guests of what is ahead, and only that', async () => {
    const office = await openOffice(['Maria'])
    expect(await pageOf(office)).not.toContain('Guests')
    for (const date of ['2026-11-21', '2026-11-22', '2026-12-24']) {
      const [event] = await office.deps.db.insert(events).values({ title: date, date, createdAt: 1, updatedAt: 1 }).returning()
      for (const n of [1, 2])
        await office.deps.db.insert(eventRegistrations).values({ eventId: event?.id ?? 0, phone: phoneOf(n), createdAt: 1, updatedAt: 1 })
    }
    expect(await pageOf(office)).toContain('Guests 4 of 2 events ahead')
  })

  it('says that many texts failed lately, from ten and a tenth on', async () => {
    const office = await openOffice(['A'])
    await addBlast(office, { counts: { failed: 9, undelivered: 1, delivered: 91 } })
    await addBlast(office, { counts: { failed: 500 }, daysAgo: 8 })
    expect(await pageOf(office)).not.toContain('Needs you')
    await addBlast(office, { counts: { failed: 2 } })
    expect(await pageOf(office)).toContain('12% of the texts of the last 7 days failed. 12 of 103. Each blast says whose fault it is.')
    const few = await openOffice(['A'])
    await addBlast(few, { counts: { failed: 9, delivered: 1 } })
    expect(await pageOf(few)).not.toContain('Needs you')
  })

  it('says that a blast stands because nobody sends', async () => {
    const office = await openOffice(['A'])
    const { id } = await addBlast(office, { status: 'held', body: 'Coat drive', counts: { queued: 1 } })
    office.clock.now += 60_000
    expect(await pageOf(office)).not.toContain('Needs you')
    office.clock.now += 60_000
    expect(await pageOf(office)).toMatch(/1 thing needs you.*“Coat drive” stands: nobody has been sending since 5:00:00\sPM\./s)
    expect(await office.browser.text('/dashboard')).toContain(`href="/logs/${id}"`)
    await office.deps.db.run(sql`INSERT INTO sender_lease (id, holder, expires_at) VALUES (1, 'a server', ${office.clock.now + 9000})`)
    expect(await pageOf(office)).not.toContain('Needs you')
  })

  it('says what needs a person: paused blasts with the reason, and texts nobody knows about', async () => {
    const office = await openOffice(['A'])
    await addBlast(office, { status: 'paused', pauseCode: 21606, body: 'Coat drive', counts: { queued: 926 } })
    await addBlast(office, { status: 'paused', pausedBy: 'rosa', body: 'Pie day', counts: { queued: 1 } })
    const unclear = await addBlast(office, { counts: { unknown: 3, delivered: 1 }, body: 'Supper' })
    for (const n of [1, 2, 3]) {
      await office.deps.db
        .insert(messageDeliveries)
        .values({ logId: unclear.id, phone: phoneOf(n), status: 'unknown', needsPerson: n < 3, updatedAt: 1 })
    }
    await addBlast(office, { counts: { unknown: 1 }, body: 'Still being asked about' })
    const words = await pageOf(office)
    expect(words).toContain('3 things need you')
    expect(words).toContain(
      '“Coat drive” is paused: Twilio refuses our sender number. 926 people are still waiting. Nobody was blocked or removed.',
    )
    expect(words).toContain('“Pie day” is paused by rosa. 1 person is still waiting.')
    expect(words).toContain('2 texts of “Supper” may or may not have arrived. They are not sent again unless you say so.')
    expect(words).not.toContain('“Still being asked about” may')
  })
})
