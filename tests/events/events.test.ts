import { describe, expect, it } from 'vitest'
import { communityMembers, events, recurringSchedules, scheduledMessages } from '../../src/db/schema'
import { createGathering, rowsOf } from './gathering'

describe('adding an event', () => {
  it('stores a title and a day, and goes to its guests', async () => {
    const h = await createGathering()
    const answer = await h.manager.post('/events/add', { title: ' Harvest \r\n Supper ', date: '2026-12-01' })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/events/1'])
    expect(await h.titles()).toEqual([['Harvest Supper', '2026-12-01']])
    expect(await h.audited()).toEqual([['event_created', 'event 1']])
    const page = await h.manager.text('/events/1')
    expect(page).toContain('Harvest Supper was added.')
    expect(page).toContain('Dec 1. No guests yet.')
  })

  it('needs no date', async () => {
    const h = await createGathering()
    expect((await h.manager.post('/events/add', { title: 'Some day', date: '' })).status).toBe(303)
    expect((await h.manager.post('/events/add', { title: 'Some day' })).status).toBe(303)
    expect(await h.titles()).toEqual([
      ['Some day', null],
      ['Some day', null],
    ])
  })

  it.each([
    ['', '2026-12-01', 'Give it a title'],
    ['   ', '2026-12-01', 'Give it a title'],
    ['x'.repeat(201), '2026-12-01', 'longer than 200 characters'],
    ['Supper', '2026-02-30', 'There is no such day'],
    ['Supper', '2026-13-01', 'There is no such day'],
    ['Supper', '2026-00-10', 'There is no such day'],
    ['Supper', '2027-02-29', 'There is no such day'],
    ['Supper', '0026-11-22', 'This year cannot be right'],
    ['Supper', '202611-11-22', 'This year cannot be right'],
    ['Supper', '11/22/2026', 'This is not a date'],
    ['Supper', 'tomorrow', 'This is not a date'],
    ['Supper', '2026-11-22T10:00', 'This is not a date'],
  ])('refuses “%s” on %s and keeps what was typed', async (title, date, fault) => {
    const h = await createGathering()
    const answer = await h.manager.post('/events/add', { title, date })
    expect(answer.status).toBe(422)
    const page = await answer.text()
    expect(page).toContain(fault)
    expect(page).toContain('role="alert"')
    expect(page).toContain(`value="${title}"`)
    expect(page).toContain(`value="${date}"`)
    expect(await h.titles()).toEqual([])
  })

  it('takes a leap day and marks of any alphabet as they are', async () => {
    const h = await createGathering()
    await h.manager.post('/events/add', { title: 'Fête <b>“été”</b> 🎉', date: '2028-02-29' })
    expect(await h.titles()).toEqual([['Fête <b>“été”</b> 🎉', '2028-02-29']])
    expect(await h.manager.text('/events')).toContain('Fête &lt;b&gt;')
  })
})

describe('editing an event', () => {
  it('shows what is stored, and changes it', async () => {
    const h = await createGathering()
    await h.addEvent('Supper')
    const form = await h.manager.text('/events/1/edit')
    expect(form).toContain('value="Supper"')
    expect(form).toContain('value="2026-12-01"')
    const answer = await h.manager.post('/events/1/edit', { title: 'Dinner', date: '' })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/events/1'])
    expect(await h.titles()).toEqual([['Dinner', null]])
    expect(await h.audited()).toEqual([['event_updated', 'event 1']])
    expect((await h.manager.post('/events/1/edit', { title: '', date: '2026-12-01' })).status).toBe(422)
    expect(await h.titles()).toEqual([['Dinner', null]])
  })

  it.each(['99', '0', 'x', '99999999999999999999'])('event %s is 404 everywhere', async (id) => {
    const h = await createGathering()
    for (const path of [`/events/${id}`, `/events/${id}/edit`, `/events/${id}/delete`, `/events/${id}/import`, `/events/${id}/export`])
      expect([path, (await h.admin.get(path)).status]).toEqual([path, 404])
    for (const act of ['edit', 'delete', 'register', 'import', 'unregister/1', 'registrations/1/unsubscribe'])
      expect([act, (await h.admin.post(`/events/${id}/${act}`, { title: 'x', phone: '3235550142' })).status]).toEqual([act, 404])
  })
})

describe('deleting an event', () => {
  it('says first what goes with it, and deletes it with its registrations', async () => {
    const h = await createGathering()
    const supper = await h.addEvent('Supper', [
      ['Maria', '+13235550142'],
      ['Tom', '+13235550143'],
    ])
    const other = await h.addEvent('Other', [['Maria', '+13235550142']])
    await h.deps.db.insert(communityMembers).values({ name: 'Maria', phone: '+13235550142', createdAt: 1, updatedAt: 1 })
    const confirm = await h.admin.text(`/events/${supper}/delete`)
    expect(confirm).toContain('2 registrations go with it.')
    expect(confirm).not.toContain('scheduled text')
    const answer = await h.admin.post(`/events/${supper}/delete`)
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/events'])
    expect(await h.admin.text('/events')).toContain('2 registrations went with it.')
    expect(await h.guests(supper)).toEqual([])
    expect(await h.guests(other)).toHaveLength(1)
    expect(await h.deps.db.select().from(communityMembers)).toHaveLength(1)
    expect(await h.audited()).toEqual([['event_deleted', 'event 1, 2 registrations']])
    expect(await h.consents('+13235550143')).toEqual([{ kind: 'removed', how: 'form', createdBy: 'rosa', eventId: supper }])
    expect((await h.admin.post(`/events/${supper}/delete`)).status).toBe(404)
  })

  it('says which scheduled texts and series lose their guests, and ends them with the event', async () => {
    const h = await createGathering()
    const { db } = h.deps
    await h.addEvent('Supper')
    await h.addEvent('Choir')
    const text = { messageBody: 'x', target: 'event', createdAt: 1 } as const
    const once = { ...text, timeZone: 'UTC', dueAt: 1, updatedAt: 1 }
    const rule = {
      repeat: 'daily',
      weekdays: [],
      monthDay: 1,
      time: '10:00',
      timeZone: 'UTC',
      startsOn: '2026-11-23',
      until: null,
      count: null,
    }
    const again = { ...text, rule: JSON.stringify(rule), refillAt: 1 }
    await db.insert(recurringSchedules).values([
      { ...again, eventId: 1, submissionId: 'a' },
      { ...again, eventId: 2, submissionId: 'b' },
    ])
    await db.insert(scheduledMessages).values([
      { ...once, eventId: 1, status: 'pending', submissionId: 'a', scheduleId: 1 },
      { ...once, eventId: 1, status: 'sent', submissionId: 'b' },
      { ...once, eventId: 2, status: 'pending', submissionId: 'c' },
      { ...once, eventId: null, target: 'community', status: 'pending', submissionId: 'd' },
      { ...once, eventId: 1, status: 'pending', submissionId: 'e' },
    ])
    const page = await h.admin.text('/events/1/delete')
    expect(page).toContain('2 scheduled texts will not go out.')
    expect(page).toContain('1 text that repeats ends.')
    await h.admin.post('/events/1/delete')
    expect(await h.admin.text('/events')).toContain('0 registrations went with it. 2 scheduled texts were cancelled.')
    const states = await db.select().from(scheduledMessages)
    expect(states.map(({ status, reason }) => [status, reason])).toEqual([
      ['cancelled', 'event_deleted'],
      ['sent', ''],
      ['pending', ''],
      ['pending', ''],
      ['cancelled', 'event_deleted'],
    ])
    const series = await db.select().from(recurringSchedules)
    expect(series.map(({ endedAt, refillAt }) => [endedAt, refillAt])).toEqual([
      [h.clock.now, null],
      [null, 1],
    ])
    expect(await h.admin.text('/scheduled?show=cancelled')).toContain('Its event was deleted.')
    await db.update(scheduledMessages).set({ status: 'cancelled' })
    expect(await h.admin.text('/events/2/delete')).toContain('<strong>1 text that repeats ends.</strong>')
  })

  it('counts more guests than it deletes at a time', async () => {
    const h = await createGathering()
    const id = await h.addEvent('Large')
    await h.d1
      .prepare(
        `INSERT INTO event_registrations (event_id, name, phone, created_at, updated_at)
        SELECT 1, 'Guest ' || value, '+1213' || (2000000 + value), 1, 1 FROM json_each(?)`,
      )
      .bind(JSON.stringify(Array.from({ length: 4500 }, (_, index) => index)))
      .run()
    await h.admin.post(`/events/${id}/delete`)
    expect(await h.admin.text('/events')).toContain('4,500 registrations went with it.')
    expect(await h.guests(id)).toEqual([])
  })

  it('deletes exactly those picked, whatever else is posted', async () => {
    const h = await createGathering()
    await h.addEvent('A', [['Maria', '+13235550142']])
    await h.addEvent('B', [['Maria', '+13235550142']])
    await h.addEvent('C', [
      ['Maria', '+13235550142'],
      ['Tom', '+13235550143'],
    ])
    const confirm = await h.admin.text('/events/bulk-delete?event_ids=1&event_ids=3&event_ids=77')
    expect(confirm).toContain('Delete 2 events')
    expect(confirm).toContain('3 registrations go with them.')
    await h.admin.post('/events/bulk-delete', { event_ids: ['1', '3', '3', 'x', '-1', '99'] })
    expect(await h.titles()).toEqual([['B', '2026-12-01']])
    expect(await h.audited()).toEqual([['event_deleted', '2 events, 3 registrations']])
    for (const again of [await h.admin.post('/events/bulk-delete', { event_ids: '1' }), await h.admin.post('/events/bulk-delete')]) {
      expect([again.status, again.headers.get('location')]).toEqual([303, '/events'])
    }
    expect((await h.admin.get('/events/bulk-delete')).headers.get('location')).toBe('/events')
    expect(await h.titles()).toHaveLength(1)
  })

  it('is for admins alone, and nobody else is offered it', async () => {
    const h = await createGathering()
    await h.addEvent('Supper')
    for (const page of ['/events', '/events/1', '/events/1/edit']) expect(await h.manager.text(page)).not.toMatch(/\/(bulk-)?delete/)
    expect(await h.manager.text('/events/1/edit')).toContain('Only admins can delete an event.')
    for (const path of ['/events/1/delete', '/events/bulk-delete?event_ids=1'])
      expect([path, (await h.manager.get(path)).status]).toEqual([path, 403])
    expect((await h.manager.post('/events/1/delete')).status).toBe(403)
    expect((await h.manager.post('/events/bulk-delete', { event_ids: '1' })).status).toBe(403)
    expect(await h.titles()).toHaveLength(1)
  })
})

describe('the list', () => {
  it('says what an event is for while there is none', async () => {
    const h = await createGathering()
    const page = await h.manager.text('/events')
    expect(page).toContain('No events yet')
    expect(page).toContain('Make the first event')
  })

  it('begins with those ahead, soonest first, and ends with those that were, newest first', async () => {
    const h = await createGathering({ APP_TIMEZONE: 'America/Los_Angeles' })
    // Late on the 21st in Los Angeles.
    h.clock.now = Date.parse('2026-11-22T06:00:00Z')
    const admin = await h.signIn('admin')
    const dates = ['2026-11-20', '2026-12-24', null, '2026-11-21', '2025-01-01', '2026-11-22', null]
    for (const [index, date] of dates.entries()) await h.addEvent(`Event ${index + 1}`, [], date)
    const page = await admin.text('/events')
    expect(rowsOf(page)).toEqual(['4', '6', '2', '7', '3', '1', '5'])
    expect(page).toContain('7 events. 3 ahead.')
    expect(rowsOf(await admin.text('/events?when=upcoming'))).toEqual(['4', '6', '2'])
    expect(rowsOf(await admin.text('/events?when=past'))).toEqual(['1', '5'])
    expect(rowsOf(await admin.text('/events?when=undated'))).toEqual(['7', '3'])
  })

  it.each([
    { upcoming: 45, undated: 30, past: 55 },
    { upcoming: 50, undated: 0, past: 51 },
    { upcoming: 0, undated: 120, past: 3 },
    { upcoming: 101, undated: 1, past: 0 },
  ])('holds each event once, in one order, over its pages: %o', async ({ upcoming, undated, past }) => {
    const h = await createGathering()
    const day = (n: number) => new Date(h.clock.now + n * 86_400_000).toISOString().slice(0, 10)
    const dates = [
      ...Array.from({ length: past }, (_, n) => day(-1 - n)),
      ...Array.from({ length: undated }, () => null),
      ...Array.from({ length: upcoming }, (_, n) => day(upcoming - 1 - n)),
    ]
    const at = { createdAt: 1, updatedAt: 1 }
    for (let n = 0; n < dates.length; n += 10)
      await h.deps.db.insert(events).values(dates.slice(n, n + 10).map((date, i) => ({ title: `Event ${n + i}`, date, ...at })))
    const pages = await Promise.all([1, 2, 3, 4].map((page) => h.manager.text(`/events?page=${page}`)))
    const count = dates.length
    const ids = (from: number, length: number) => Array.from({ length }, (_, n) => String(from - n))
    const ahead = ids(count, upcoming)
    const without = ids(past + undated, undated)
    const were = Array.from({ length: past }, (_, n) => String(n + 1))
    const whole = [...ahead, ...without, ...were]
    expect(pages.map(rowsOf)).toEqual([1, 2, 3, 4].map((page) => whole.slice((page - 1) * 50, page * 50)))
  })

  it('sorts by title, date and guests, both ways', async () => {
    const h = await createGathering()
    await h.addEvent('beans', [['Maria', '+13235550142']], '2026-12-03')
    await h.addEvent('Apples', [], '2026-12-01')
    const both = [
      ['Maria', '+13235550142'],
      ['Tom', '+13235550143'],
    ] as const
    await h.addEvent('Cake', both, null)
    const order = async (query: string) => rowsOf(await h.manager.text(`/events?${query}`))
    expect(await order('sort=title')).toEqual(['2', '1', '3'])
    expect(await order('sort=title&dir=desc')).toEqual(['3', '1', '2'])
    expect(await order('sort=date')).toEqual(['2', '1', '3'])
    expect(await order('sort=date&dir=desc')).toEqual(['1', '2', '3'])
    expect(await order('sort=registrations&dir=desc')).toEqual(['3', '1', '2'])
    expect(await order('sort=registrations&dir=asc')).toEqual(['2', '1', '3'])
    expect(await order('sort=x&dir=y&page=z&when=w')).toEqual(['2', '1', '3'])
  })

  it.each([
    ['supper', ['1', '2']],
    ['FETE', ['3']],
    ['11/22', ['2']],
    ['%', ['4']],
    ['_', []],
    ['"', []],
    ['su', ['1', '2']],
    ['100%', ['4']],
  ])('finds %s', async (search, found) => {
    const h = await createGathering()
    for (const title of ['Harvest Supper', 'Supper 11/22', 'Fête', '100% fun']) await h.addEvent(title)
    const page = await h.manager.text(`/events?sort=title&search=${encodeURIComponent(search)}`)
    expect(rowsOf(page).toSorted()).toEqual(found)
  })

  it('has pages of 50 over all three parts, each event once', async () => {
    const h = await createGathering()
    for (let index = 0; index < 120; index++)
      await h.addEvent(`Event ${index}`, [], index % 3 === 0 ? '2026-12-01' : index % 3 === 1 ? '2026-01-01' : null)
    const pages = await Promise.all([1, 2, 3].map((page) => h.manager.text(`/events?page=${page}`)))
    expect(pages.map((page) => rowsOf(page).length)).toEqual([50, 50, 20])
    expect(new Set(pages.flatMap(rowsOf)).size).toBe(120)
    expect(pages[1]).toContain('51 to 100 of 120')
  })
})
