import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { communityMembers, eventRegistrations, events, suppressedContacts, unsubscribedContacts } from '../../src/db/schema'
import { createGathering, rowsOf } from './gathering'

const maria = ['Maria Alvarez', '+13235550142'] as const
const tom = ['Tom', '+13235550143'] as const

describe('registering a guest', () => {
  it('stores the phone as E.164 in this event, and in no other list', async () => {
    const h = await createGathering()
    const id = await h.addEvent('Supper')
    const other = await h.addEvent('Other')
    const answer = await h.manager.post(`/events/${id}/register`, { name: ' Maria  Alvarez ', phone: '(323) 555-0142' })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `/events/${id}`])
    expect(await h.manager.text(`/events/${id}`)).toContain('Maria Alvarez is on the list.')
    expect(await h.guests(id)).toEqual([maria])
    expect(await h.guests(other)).toEqual([])
    expect(await h.deps.db.select().from(communityMembers)).toEqual([])
    expect(await h.consents('+13235550142')).toEqual([{ kind: 'added', how: 'form', createdBy: 'nia', eventId: id }])
  })

  it('refuses a phone that this event has, and says whose it is; another event may have it', async () => {
    const h = await createGathering()
    const id = await h.addEvent('Supper', [maria])
    const other = await h.addEvent('Other')
    const again = await h.manager.post(`/events/${id}/register`, { name: 'Somebody <b>', phone: '323.555.0142' })
    expect(again.status).toBe(422)
    const page = await again.text()
    expect(page).toContain('Maria Alvarez has this phone already')
    expect(page).toContain('value="Somebody &lt;b&gt;"')
    expect(await h.guests(id)).toEqual([maria])
    expect((await h.manager.post(`/events/${other}/register`, { name: 'M', phone: '3235550142' })).status).toBe(303)
    expect(await h.consents('+13235550142')).toHaveLength(1)
  })

  it.each(['', '12', 'N/A', '1.3035E+10', '323-555-0142 ext 12'])('refuses %s at the field, above the list as it is', async (phone) => {
    const h = await createGathering()
    const id = await h.addEvent('Supper', [tom])
    const answer = await h.manager.post(`/events/${id}/register?search=x`, { name: 'Ann', phone })
    expect(answer.status).toBe(422)
    const page = await answer.text()
    expect(page).toContain('aria-invalid="true"')
    expect(page).toContain('role="alert"')
    expect(page).toContain('value="Ann"')
    expect(page).not.toContain(`action="/events/${id}/register?`)
    expect(page).toContain(`action="/events/${id}"`)
    expect(await h.guests(id)).toEqual([tom])
  })

  it('warns of an opted-out number, but stores it', async () => {
    const h = await createGathering()
    const id = await h.addEvent('Supper')
    await h.deps.db.insert(unsubscribedContacts).values({ phone: maria[1], source: 'inbound', createdAt: 1 })
    await h.manager.post(`/events/${id}/register`, { name: maria[0], phone: maria[1] })
    expect(await h.manager.text(`/events/${id}`)).toContain('but has opted out')
    expect(await h.guests(id)).toEqual([maria])
    expect(await h.deps.db.select().from(unsubscribedContacts)).toHaveLength(1)
  })

  it('tells others than admins of what only an admin can take away, without a way there', async () => {
    const h = await createGathering()
    const id = await h.addEvent('Supper')
    await h.deps.db.insert(unsubscribedContacts).values({ phone: maria[1], source: 'staff', createdAt: 1 })
    const block = { category: 'hard_fail', reason: 'Landline', source: 'message_failure', createdAt: 1 }
    await h.deps.db.insert(suppressedContacts).values({ phone: tom[1], ...block })
    await h.manager.post(`/events/${id}/register`, { name: maria[0], phone: maria[1] })
    const optedOut = await h.manager.text(`/events/${id}`)
    expect(optedOut).toContain('but has opted out.')
    expect(optedOut).toContain('No blast reaches this number. An admin can change that, when they ask for it.')
    await h.manager.post(`/events/${id}/register`, { name: tom[0], phone: tom[1] })
    const suppressed = await h.manager.text(`/events/${id}`)
    expect(suppressed).toContain('is on the list, but this number does not work.')
    expect(suppressed).toContain('Landline. No blast reaches it. An admin can lift the block if it is right.')
    expect(optedOut + suppressed).not.toMatch(/reaches this number\.<|href="\/unsubscribed\//)
  })
})

describe('taking a guest off the list', () => {
  it('asks first, takes off one guest of one event, and twice is 404', async () => {
    const h = await createGathering()
    const id = await h.addEvent('Supper', [maria, tom])
    const other = await h.addEvent('Other', [maria])
    await h.deps.db.insert(communityMembers).values({ name: maria[0], phone: maria[1], createdAt: 1, updatedAt: 1 })
    expect(await h.manager.text(`/events/${id}/unregister/1`)).toContain('Take Maria Alvarez off the list?')
    const answer = await h.manager.post(`/events/${id}/unregister/1`)
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `/events/${id}`])
    expect([await h.guests(id), await h.guests(other)]).toEqual([[tom], [maria]])
    expect(await h.deps.db.select().from(communityMembers)).toHaveLength(1)
    expect(await h.audited()).toEqual([['registration_removed', 'registration 1 of event 1']])
    expect(await h.consents(maria[1])).toEqual([{ kind: 'removed', how: 'form', createdBy: 'nia', eventId: id }])
    expect((await h.manager.post(`/events/${id}/unregister/1`)).status).toBe(404)
  })

  it('of another event is 404', async () => {
    const h = await createGathering()
    const id = await h.addEvent('Supper', [maria])
    const other = await h.addEvent('Other')
    for (const path of [`/events/${other}/unregister/1`, `/events/${id}/unregister/x`, `/events/${id}/unregister/0`]) {
      expect([path, (await h.manager.get(path)).status]).toEqual([path, 404])
      expect([path, (await h.manager.post(path)).status]).toEqual([path, 404])
    }
    expect((await h.manager.post(`/events/${other}/registrations/1/unsubscribe`)).status).toBe(404)
    expect(await h.guests(id)).toEqual([maria])
  })
})

it('opting out from a guest list is final everywhere, and may be pressed twice', async () => {
  const h = await createGathering()
  const id = await h.addEvent('Supper', [maria])
  for (let press = 0; press < 2; press++) expect((await h.manager.post(`/events/${id}/registrations/1/unsubscribe`)).status).toBe(303)
  expect(await h.deps.db.select().from(unsubscribedContacts)).toMatchObject([{ phone: maria[1], source: 'staff', createdBy: 'nia' }])
  expect(await h.guests(id)).toEqual([maria])
  const page = await h.manager.text(`/events/${id}`)
  expect(page).toContain('1 guest. 0 can be texted.')
  expect(page).not.toContain('Write to these guests')
})

describe('the guest list', () => {
  const people = [maria, ['ana Lucía', '+12135550121'], ['Zed 100%', '+16265550103'], ['', '+17205550164']] as const

  it.each([
    ['maria', ['1']],
    ['LUCIA', ['2']],
    ['(323) 555-0142', ['1']],
    ['5550', ['1', '2', '3', '4']],
    ['0103', ['3']],
    ['100%', ['3']],
    ['%', ['3']],
    ['_', []],
    ['"', []],
    ['al', ['1']],
    ['event', []],
    ['丁', []],
    ['maria OR zed', []],
  ])('finds %s, in this event only', async (search, found) => {
    const h = await createGathering()
    const id = await h.addEvent('Supper', people)
    await h.addEvent('Other', people)
    const page = await h.manager.text(`/events/${id}?search=${encodeURIComponent(search)}`)
    expect(rowsOf(page).toSorted()).toEqual(found)
  })

  it.each([8191, 8192, 8193, 67_108_863, 67_108_864, 549_755_813_888])('finds guests of event %i and of no neighbour', async (id) => {
    const h = await createGathering()
    for (const each of [id, id + 1, 1]) {
      await h.deps.db.insert(events).values({ id: each, title: `Event ${each}`, createdAt: 1, updatedAt: 1 })
      await h.addGuests(each, [['Maria', '+13235550142']])
    }
    expect(rowsOf(await h.manager.text(`/events/${id}?search=maria`))).toEqual(['1'])
    expect(rowsOf(await h.manager.text(`/events/${id + 1}?search=0142`))).toEqual(['2'])
  })

  it('finds whoever was renamed by the new name, and nobody who was taken off', async () => {
    const h = await createGathering()
    const id = await h.addEvent('Supper', [maria, tom])
    await h.deps.db.update(eventRegistrations).set({ name: 'Mary' }).where(eq(eventRegistrations.id, 1))
    await h.manager.post(`/events/${id}/unregister/2`)
    expect(rowsOf(await h.manager.text(`/events/${id}?search=alvarez`))).toEqual([])
    expect(rowsOf(await h.manager.text(`/events/${id}?search=mary`))).toEqual(['1'])
    expect(rowsOf(await h.manager.text(`/events/${id}?search=tom`))).toEqual([])
    await h.d1.prepare("INSERT INTO event_registrations_fts(event_registrations_fts) VALUES ('integrity-check')").run()
  })

  it('sorts by name, phone and time, nameless guests last', async () => {
    const h = await createGathering()
    const id = await h.addEvent('Supper', people)
    const order = async (query: string) => rowsOf(await h.manager.text(`/events/${id}?${query}`))
    expect(await order('')).toEqual(['2', '1', '3', '4'])
    expect(await order('dir=desc')).toEqual(['4', '3', '1', '2'])
    expect(await order('sort=phone')).toEqual(['2', '1', '3', '4'])
    expect(await order('sort=created_at&dir=desc')).toEqual(['4', '3', '2', '1'])
    expect(await order('sort=created_at&dir=desc&search=5550')).toEqual(['4', '3', '2', '1'])
    expect(await order('sort=name;DROP TABLE&dir=x&page=abc')).toEqual(['2', '1', '3', '4'])
  })

  it('counts and shows who cannot be texted, of this event', async () => {
    const h = await createGathering()
    const id = await h.addEvent('Supper', people)
    await h.addEvent('Other', [tom])
    await h.deps.db.insert(unsubscribedContacts).values([maria, tom].map(([, phone]) => ({ phone, source: 'inbound', createdAt: 1 })))
    const blocks = [maria, people[2], tom].map(([, phone]) => ({ phone, category: 'hard_fail', source: 'message_failure', createdAt: 1 }))
    await h.deps.db.insert(suppressedContacts).values(blocks)
    const page = await h.manager.text(`/events/${id}`)
    expect(page).toContain('4 guests. 2 can be texted.')
    expect(page).toContain('Write to these guests')
    expect(rowsOf(await h.manager.text(`/events/${id}?texts=opted_out`))).toEqual(['1'])
    expect(rowsOf(await h.manager.text(`/events/${id}?texts=suppressed`))).toEqual(['3'])
    expect(rowsOf(await h.manager.text(`/events/${id}?texts=opted_out&search=maria`))).toEqual(['1'])
  })

  it('has pages of 50, and keeps its state in their links', async () => {
    const h = await createGathering()
    const many = Array.from({ length: 60 }, (_, i) => [`Guest ${i}`, `+132355501${String(i).padStart(2, '0')}`] as const)
    const id = await h.addEvent('Supper', many)
    const first = await h.manager.text(`/events/${id}?search=guest&sort=phone`)
    expect(first).toContain('1 to 50 of 60')
    expect(first).toContain(`href="/events/${id}?search=guest&amp;sort=phone&amp;dir=asc&amp;page=2"`)
    expect(await h.manager.text(`/events/${id}?search=guest&sort=phone&page=2`)).toContain('51 to 60 of 60')
  })
})

describe('export', () => {
  it('is a CSV of this event’s guests in the order in which they came', async () => {
    const h = await createGathering()
    const id = await h.addEvent('Supper', [tom, ['=1+1', '+12135550121'], maria])
    await h.addEvent('Other', [['Other', '+16265550103']])
    const answer = await h.manager.get(`/events/${id}/export`)
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="guests-of-event-${id}.csv"`)
    const bytes = new Uint8Array(await answer.arrayBuffer())
    expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    expect(new TextDecoder().decode(bytes).split('\r\n')).toEqual([
      'name,phone,created_at',
      'Tom,+13235550143,1970-01-01T00:00:00.001Z',
      "'=1+1,+12135550121,1970-01-01T00:00:00.002Z",
      'Maria Alvarez,+13235550142,1970-01-01T00:00:00.003Z',
      '',
    ])
    expect(await h.audited()).toEqual([['registrations_exported', `event ${id}`]])
  })

  it('gives everybody once, though thousands came in the same instant', async () => {
    const h = await createGathering()
    const id = await h.addEvent('Large')
    await h.d1
      .prepare(
        `INSERT INTO event_registrations (event_id, name, phone, created_at, updated_at)
        SELECT 1, '', '+1213' || (2000000 + value), 5, 5 FROM json_each(?)`,
      )
      .bind(JSON.stringify(Array.from({ length: 4500 }, (_, index) => index)))
      .run()
    const lines = (await h.manager.text(`/events/${id}/export`)).trimEnd().split('\r\n').slice(1)
    expect([lines.length, new Set(lines).size]).toEqual([4500, 4500])
  })
})
