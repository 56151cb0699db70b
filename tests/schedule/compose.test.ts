import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { communityMembers } from '../../src/db/schema'
import { runJob } from '../../src/jobs'
import { runDue } from '../../src/schedule/due'
import { type Fields, openOffice, phoneOf, sendForm, wordsOf } from '../compose/office'

const later: Fields = { schedule_later: '1', schedule_date: '2026-11-23', schedule_time: '10:00', client_timezone: 'America/Los_Angeles' }

const soon: Fields = { ...later, schedule_date: '2026-11-22', schedule_time: '09:10' }

type Office = Awaited<ReturnType<typeof openOffice>>

const scheduled = ({ deps }: Office) =>
  deps.db.all<{ id: number; status: string; due_at: number; time_zone: string; message_body: string; schedule_id: number | null }>(
    sql`SELECT * FROM scheduled_messages ORDER BY due_at`,
  )

async function refused(answer: Response, field: string) {
  const html = await answer.text()
  expect(answer.status).toBe(422)
  const fault = new RegExp(`id="${field}-fault">[\\s\\S]*?</p>`).exec(html)?.[0] ?? ''
  return { html, words: wordsOf(html), fault: wordsOf(`<p ${fault}`).trim() }
}

describe('a text for later', () => {
  it('is reviewed like any other, and the page says when', async () => {
    const office = await openOffice(undefined, { APP_TIMEZONE: 'America/Los_Angeles' })
    const answer = await office.review(later)
    const words = wordsOf(await answer.text())
    expect(answer.status).toBe(200)
    expect(words).toContain('Check before you schedule')
    expect(words).toContain('When Mon Nov 23, 10:00 AM Los Angeles, 18:00 UTC')
    expect(words).toContain('Schedule for Nov 23, 10:00 AM')
    expect(words).toContain('who gets it is decided when it starts sending. This is the list as of now.')
    expect(words).not.toMatch(/Text \d+ people now/)
  })

  it('is stored once however often the button is pressed, and sends nothing', async () => {
    const office = await openOffice()
    const form = await office.reviewed(later)
    const [first, second] = await Promise.all([office.browser.post('/dashboard', form), office.browser.post('/dashboard', form)])
    expect([first.status, first.headers.get('location')]).toEqual([303, '/scheduled'])
    expect([second.status, second.headers.get('location')]).toEqual([303, '/scheduled'])
    expect(await scheduled(office)).toMatchObject([
      { status: 'pending', due_at: Date.parse('2026-11-23T18:00:00Z'), time_zone: 'America/Los_Angeles' },
    ])
    expect(await office.blasts()).toEqual([])
    expect(office.nudges).toEqual([])
    const again = await office.browser.post('/dashboard', form)
    expect(again.headers.get('location')).toBe('/scheduled')
    expect(wordsOf(await office.browser.text('/scheduled'))).toContain('This is scheduled already. You pressed twice; it goes out once.')
  })

  it('pressed again after its time is the same one still', async () => {
    const office = await openOffice()
    const form = await office.reviewed(soon)
    await office.browser.post('/dashboard', form)
    office.clock.now += 20 * 60_000
    const again = await office.browser.post('/dashboard', form)
    expect([again.status, again.headers.get('location')]).toEqual([303, '/scheduled'])
    expect(await scheduled(office)).toHaveLength(1)
  })

  it('is scheduled as reviewed though the audience changed, and reaches the audience of its time', async () => {
    const office = await openOffice(['Maria'])
    const form = await office.reviewed(later)
    await office.deps.db.insert(communityMembers).values({ name: 'Wei', phone: phoneOf(2), createdAt: 1, updatedAt: 1 })
    const answer = await office.browser.post('/dashboard', form)
    expect(answer.headers.get('location')).toBe('/scheduled')
    office.clock.now = Date.parse('2026-11-23T18:00:00Z')
    await runDue(office.deps)
    await runJob(office.deps, { type: 'send' })
    expect(await office.recipients()).toEqual([phoneOf(1), phoneOf(2)])
    expect((await office.blasts())[0]?.message_body).toBe('Hi {first_name|friend}, supper at 6.\nReply STOP to unsubscribe')
  })

  it.each<[string, Fields]>([
    ['another text', { message_body: 'Something else' }],
    ['another time', { schedule_time: '10:01' }],
    ['another day', { schedule_date: '2026-11-24' }],
    ['another zone', { client_timezone: 'America/Denver' }],
    ['now', { schedule_later: '' }],
    ['again and again', { repeat: 'daily' }],
  ])('with %s is reviewed anew', async (_, change) => {
    const office = await openOffice()
    const form = await office.reviewed(later)
    const answer = await office.browser.post('/dashboard', { ...form, ...change })
    expect(answer.status).toBe(409)
    expect(await scheduled(office)).toEqual([])
    expect(await office.blasts()).toEqual([])
  })

  it('without a review schedules nothing: the review comes', async () => {
    const office = await openOffice()
    const { review_token, ...form } = await office.reviewed(later)
    const answer = await office.browser.post('/dashboard', form)
    expect(answer.status).toBe(200)
    expect(wordsOf(await answer.text())).toContain('Check before you schedule')
    expect(await scheduled(office)).toEqual([])
  })

  it('is meant on the clock of the browser, and without a script on that of the organisation', async () => {
    const office = await openOffice(undefined, { APP_TIMEZONE: 'America/Denver' })
    await office.browser.post('/dashboard', await office.reviewed({ ...later, client_timezone: '' }))
    expect(await scheduled(office)).toMatchObject([{ time_zone: 'America/Denver', due_at: Date.parse('2026-11-23T17:00:00Z') }])
    const html = await office.browser.text('/dashboard')
    expect(html).toMatch(/name="client_timezone" value=""[^>]*data-zone/)
    expect(wordsOf(html)).toContain('Time, Denver')
  })

  it('goes back into the form with all that was chosen', async () => {
    const office = await openOffice()
    const form = await office.reviewed({ ...later, repeat: 'weekly', repeat_1: '1', repeat_4: '1', repeat_count: '5' })
    const html = await (await office.browser.post('/dashboard/edit', form)).text()
    expect(html).toMatch(/name="schedule_later"[^>]*checked/)
    expect(html).toContain('value="2026-11-23"')
    expect(html).toMatch(/value="weekly" selected/)
    expect(html).toMatch(/name="repeat_4"[^>]*checked/)
    expect(html).not.toMatch(/name="repeat_2"[^>]*checked/)
    expect(html).toContain('value="America/Los_Angeles"')
  })
})

describe('a refused time', () => {
  const inDenver = { ...later, client_timezone: 'America/Denver' }
  it.each<[string, Fields, string, string]>([
    [
      'a gap',
      { ...inDenver, schedule_date: '2027-03-14', schedule_time: '02:30' },
      'schedule_time',
      '2:30 AM does not exist on March 14. Choose 1:30 or 3:30 AM.',
    ],
    [
      'half an hour',
      { ...later, client_timezone: 'Australia/Lord_Howe', schedule_date: '2027-10-03', schedule_time: '02:15' },
      'schedule_time',
      '2:15 AM does not exist on October 3. Choose 1:45 or 2:45 AM.',
    ],
    [
      'over midnight',
      { ...later, client_timezone: 'America/Santiago', schedule_date: '2027-09-05', schedule_time: '00:30' },
      'schedule_time',
      '12:30 AM does not exist on September 5. Choose 11:30 PM on September 4 or 1:30 AM.',
    ],
    [
      'a fold',
      { ...inDenver, schedule_date: '2027-11-07', schedule_time: '01:30' },
      'schedule_fold',
      '1:30 AM happens twice on November 7. Choose which one.',
    ],
    [
      'over today',
      { ...inDenver, schedule_date: '2026-11-22', schedule_time: '09:59' },
      'schedule_time',
      '9:59 AM is over. Choose a time ahead, or send it now.',
    ],
    ['over', { ...inDenver, schedule_date: '2026-11-21' }, 'schedule_date', 'November 21 is over. Choose a day ahead.'],
    ['no day', { ...later, schedule_date: '' }, 'schedule_date', 'Choose the day.'],
    ['not a day', { ...later, schedule_date: '2027-02-29' }, 'schedule_date', 'This is no day. Write it like 2027-03-14.'],
    ['no time', { ...later, schedule_time: '' }, 'schedule_time', 'Choose the time.'],
    ['not a time', { ...later, schedule_time: '25:00' }, 'schedule_time', 'This is no time. Write it like 18:30.'],
    [
      'no zone',
      { ...later, client_timezone: 'Mars/Olympus' },
      'client_timezone',
      '“Mars/Olympus” is no time zone. Write it like America/Denver.',
    ],
    ['no weekday', { ...later, repeat: 'weekly' }, 'repeat_1', 'Tick at least one day of the week.'],
    ['no month day', { ...later, repeat: 'monthly', repeat_month_day: '32' }, 'repeat_month_day', 'A day of the month is 1 to 31.'],
    ['an end before', { ...later, repeat: 'daily', repeat_until: '2026-11-22' }, 'repeat_until', 'The last day is before the first.'],
    ['no times', { ...later, repeat: 'daily', repeat_count: '0' }, 'repeat_count', 'How many times is 1 to 1,000, or nothing.'],
    [
      'nothing left',
      { ...later, repeat: 'weekly', repeat_5: '1', repeat_until: '2026-11-25' },
      'repeat_until',
      'Nothing is left to send until then. Choose a later day.',
    ],
    ['how often', { ...later, repeat: 'hourly' }, 'repeat', 'Choose how often.'],
  ])('%s', async (_, fields, field, words) => {
    const office = await openOffice()
    const { html, fault } = await refused(await office.review(fields), field)
    expect(fault).toBe(words)
    expect(html).toContain(`href="#${field}"`)
    expect(html).toContain(`id="${field}"`)
    expect(html).toMatch(/name="schedule_later"[^>]*checked/)
    expect(await scheduled(office)).toEqual([])
  })

  it('that comes twice is asked about, and each answer is its instant', async () => {
    const office = await openOffice()
    const twice = { ...inDenver, schedule_date: '2027-11-07', schedule_time: '01:30' }
    const { words } = await refused(await office.review(twice), 'schedule_fold')
    expect(words).toContain('The first Summer time, 07:30 UTC')
    expect(words).toContain('The second Winter time, 08:30 UTC')
    for (const fold of ['first', 'second'])
      await office.browser.post('/dashboard', await office.reviewed({ ...twice, schedule_fold: fold }))
    expect((await scheduled(office)).map(({ due_at }) => new Date(due_at).toISOString())).toEqual([
      '2027-11-07T07:30:00.000Z',
      '2027-11-07T08:30:00.000Z',
    ])
  })

  it('that is over by the time the button is pressed is refused, and sent by nobody', async () => {
    const office = await openOffice()
    const form = await office.reviewed(soon)
    office.clock.now += 10 * 60_000
    const { fault } = await refused(await office.browser.post('/dashboard', form), 'schedule_time')
    expect(fault).toContain('9:10 AM is over.')
    expect(await office.blasts()).toEqual([])
    expect(await scheduled(office)).toEqual([])
  })
})

describe('a text that repeats', () => {
  it('shows its rule and its first times, and is scheduled once', async () => {
    const office = await openOffice()
    const fields = { ...later, repeat: 'monthly', repeat_month_day: '31', repeat_count: '4' }
    const html = await (await office.review(fields)).text()
    expect(wordsOf(html)).toContain('every month on day 31 (or its last) at 10:00 AM, from Nov 30, 4 times, Los Angeles')
    expect(wordsOf(html)).toContain('Mon Nov 30, 10:00 AM Los Angeles, 18:00 UTC')
    expect(wordsOf(html)).toContain('Thu Dec 31, 10:00 AM')
    expect(wordsOf(html)).toContain('Sun Feb 28, 2027, 10:00 AM')
    const form = sendForm(html)
    await Promise.all([office.browser.post('/dashboard', form), office.browser.post('/dashboard', form)])
    expect((await scheduled(office)).map(({ due_at, schedule_id }) => [new Date(due_at).toISOString().slice(0, 10), schedule_id])).toEqual([
      ['2026-11-30', 1],
      ['2026-12-31', 1],
      ['2027-01-31', 1],
    ])
  })

  it('counts from the first time that is still ahead', async () => {
    const office = await openOffice()
    const fields = { ...later, schedule_date: '2026-11-22', schedule_time: '08:00', repeat: 'daily', repeat_count: '2' }
    await office.browser.post('/dashboard', await office.reviewed(fields))
    expect((await scheduled(office)).map(({ due_at }) => new Date(due_at).toISOString())).toEqual([
      '2026-11-23T16:00:00.000Z',
      '2026-11-24T16:00:00.000Z',
    ])
  })
})

describe('quiet hours', () => {
  // 17:00 UTC: 9 am in Los Angeles, 7 am in Honolulu, noon in New York.
  async function withPlaces(settings: Record<string, string> = {}) {
    const office = await openOffice(['Los Angeles'], settings)
    for (const [n, phone] of ['+18085550100', '+18085550101', '+12125550100', '+442079460958'].entries()) {
      await office.deps.db.insert(communityMembers).values({ name: `Far ${n}`, phone, createdAt: 1, updatedAt: 1 })
    }
    return office
  }

  it('are said of now, by area code, with the next time that is quiet for nobody', async () => {
    const office = await withPlaces({ APP_TIMEZONE: 'America/Los_Angeles' })
    const html = await (await office.review()).text()
    expect(wordsOf(html)).toContain('For 3 people it is still before 9 am.')
    expect(wordsOf(html)).toContain('For 1 of them it does not tell where the phone is: quiet while it is quiet in any state.')
    expect(wordsOf(html)).toContain('Send it Sun Nov 22, 11:00 AM instead')
    expect(wordsOf(html)).toContain('See the 3')
  })

  it('offer the next time, reviewed by one press and scheduled by another', async () => {
    const office = await withPlaces({ APP_TIMEZONE: 'America/Los_Angeles' })
    const html = await (await office.review()).text()
    const instead =
      (html.match(/<form method="post" action="\/dashboard\/review">[\s\S]*?<\/form>/g) ?? []).find((form) => form.includes('Send it')) ??
      ''
    const fields = sendForm(instead.replace('<form', '<form class="x" id="send"'))
    expect(fields).toMatchObject({ schedule_later: '1', schedule_date: '2026-11-22', schedule_time: '11:00' })
    const review = await (await office.browser.post('/dashboard/review', fields)).text()
    expect(wordsOf(review)).toContain('Check before you schedule')
    expect(wordsOf(review)).not.toContain('before 9 am')
    await office.browser.post('/dashboard', sendForm(review))
    expect((await scheduled(office)).map(({ due_at }) => new Date(due_at).toISOString())).toEqual(['2026-11-22T19:00:00.000Z'])
  })

  it('are said of the time for which it is planned', async () => {
    const office = await withPlaces()
    const words = wordsOf(await (await office.review({ ...later, schedule_time: '18:30' })).text())
    expect(words).toContain('For 2 people it will be past 9 pm then.')
  })

  it('list only those, from page to page', async () => {
    const office = await withPlaces()
    const words = wordsOf(await (await office.review({ only: 'quiet' })).text())
    expect(words).toContain('Only the 3 in quiet hours.')
    expect(words).toContain('(808) 555-0100')
    expect(words).not.toContain('(212) 555-0100')
  })

  const inQuietHours = [
    [{}, 'For 3 people it is still before 9 am.'],
    [{ ...later, schedule_time: '18:30' }, 'it will be past 9 pm then.'],
  ] as const

  it('are no more than a warning', async () => {
    const office = await withPlaces({ APP_TIMEZONE: 'America/Los_Angeles' })
    for (const [fields] of inQuietHours) {
      const form = sendForm(await (await office.review(fields)).text())
      expect((await office.browser.post('/dashboard', form)).status).toBe(303)
    }
  })

  it('are a rule where the setting says so: nothing is sent or scheduled in them', async () => {
    const office = await withPlaces({ APP_TIMEZONE: 'America/Los_Angeles', QUIET_HOURS_BLOCK: '1' })
    for (const [fields, words] of inQuietHours) {
      const html = await (await office.review(fields)).text()
      expect(wordsOf(html)).toContain(words)
      expect(wordsOf(html)).toContain('No text may start in quiet hours here: choose another time.')
      expect(html).not.toMatch(/Text 5 people now|Schedule for/)
      expect((await office.browser.post('/dashboard', sendForm(html))).status).toBe(422)
    }
    expect(await office.blasts()).toEqual([])
    expect(await office.deps.db.all(sql`SELECT id FROM scheduled_messages`)).toEqual([])
    const form = sendForm(await (await office.review({ ...later, schedule_time: '12:00' })).text())
    expect((await office.browser.post('/dashboard', form)).status).toBe(303)
    const edit = await office.browser.post('/scheduled/1/edit', { ...form, schedule_time: '18:30' })
    const html = await edit.text()
    expect(wordsOf(html)).toContain('No text may start in quiet hours here: choose another time.')
    expect(html).not.toContain('Save it for')
    expect((await office.browser.post('/scheduled/1/edit', sendForm(html))).status).toBe(422)
  })

  it('leave out who gets no text, and say nothing of a test or when they are off', async () => {
    const office = await withPlaces()
    await office.optOut('+18085550100')
    expect(wordsOf(await (await office.review()).text())).toContain('For 2 people it is still before 9 am.')
    expect(wordsOf(await (await office.review({ test_mode: '1' })).text())).not.toContain('before 9 am')
    const off = await withPlaces({ QUIET_HOURS: '' })
    expect(wordsOf(await (await off.review()).text())).not.toContain('before 9 am')
  })
})
