import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { listContacts } from '../../src/contacts/queries'
import { openDatabase } from '../../src/db/database'
import { eventRegistrations, events } from '../../src/db/schema'
import { seedBlast } from '../blasts/seed'
import { aisha, type Blocked, createBlocked, maria, tom } from '../suppressions/blocked'

const hour = 3_600_000
const ago = (h: Blocked, hours: number) => h.clock.now - hours * hour
const page = (h: Blocked, query: string) => h.admin.text(`/contacts?${query}`)
const ofMaria = `phone=${encodeURIComponent(maria)}`
/** The rows of the list of blasts: text, outcome and why. */
const blasts = (html: string) =>
  [...html.matchAll(/<tr role="row" id="blast-(\d+)">(.*?)<\/tr>/gs)].map(([, id, cells = '']) => [
    Number(id),
    cells
      .replace(/<[^>]+>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  ])

async function guest(h: Blocked, name: string, phone: string) {
  await h.deps.db.insert(events).values({ id: 7, title: 'Harvest Supper', createdAt: 1, updatedAt: 1 }).onConflictDoNothing()
  await h.deps.db.insert(eventRegistrations).values({ eventId: 7, name, phone, createdAt: 1, updatedAt: 1 })
}

describe('finding a person', () => {
  it.each(['maria a', 'MARIA A', '(323) 555-0142', '323.555.0142', '+13235550142', '5550142', '0142'])('by %s', async (search) => {
    const h = await createBlocked()
    await h.addMember('Maria Alvarez', maria)
    await h.addMember('Tom', tom)
    const html = await page(h, `search=${encodeURIComponent(search)}`)
    expect(html).toContain('<h1>Maria Alvarez</h1>')
    expect(html).not.toContain('Tom')
  })

  it('lists one person a phone, whichever lists it is on', async () => {
    const h = await createBlocked()
    await h.addMember('Maria Alvarez', maria)
    await guest(h, 'Maria A.', maria)
    await guest(h, 'Maria Guest', tom)
    await h.optOut(aisha, 'staff', { name: 'Maria Optout' })
    await h.suppress('+13235550145', { name: 'Maria Dead' })
    await h.suppress(maria)
    const html = await page(h, 'search=maria')
    const names = [...html.matchAll(/\/contacts\?phone=[^"]+">([^<]+)</g)].map(([, name]) => name)
    expect(names).toEqual(['Maria Alvarez', 'Maria Dead', 'Maria Guest', 'Maria Optout'])
    expect(html).toContain('members, 1 event')
  })

  it('has pages', async () => {
    const h = await createBlocked()
    for (let i = 10; i < 70; i++) await h.addMember(`Guest ${i}`, `+132355501${i}`)
    expect(await page(h, 'search=guest')).toContain('1 to 50 of 60')
    expect(await page(h, 'search=guest&page=2')).toContain('51 to 60 of 60')
  })

  it('says so where there is nobody, and shows nobody unasked', async () => {
    const h = await createBlocked()
    await h.addMember('Zenobia', maria)
    expect(await page(h, 'search=zz%25')).toContain('Nothing matches')
    expect(await page(h, '')).not.toContain('Zenobia')
    for (const phone of ['%2B13235550199', 'x', '', '%00']) expect((await h.admin.get(`/contacts?phone=${phone}`)).status).toBe(404)
  })

  it('is for both roles, and offers others no act of an admin', async () => {
    const h = await createBlocked()
    await h.addMember('Maria', maria)
    await h.optOut(maria, 'staff')
    await h.suppress(maria)
    const manager = await h.signIn('social_manager')
    const html = await manager.text(`/contacts?${ofMaria}`)
    expect(html).toContain('An admin can lift the block')
    expect(html).not.toMatch(/href="\/(unsubscribed|community)\//)
    expect(await page(h, ofMaria)).toMatch(/href="\/unsubscribed\/1\/delete"/)
  })

  it.each(['gone gina', 'GINA', '(323) 555-0142', '323.555.0142', '+13235550142', '5550142'])(
    'who was deleted from every list, by %s',
    async (search) => {
      const h = await createBlocked()
      await h.admin.post('/community/add', { name: 'Gone Gina', phone: maria })
      const blast = await seedBlast(h, { status: 'sent' }, [{ phone: maria, name: 'Gone Gina', status: 'delivered' }])
      await h.admin.post('/community/1/delete')
      const html = await page(h, `search=${encodeURIComponent(search)}`)
      expect(html).toContain('<h1>Gone Gina</h1>')
      expect(html).toContain('On no list now.')
      expect(html).toContain(`href="/logs/${blast}"`)
    },
  )

  it('by the name under which they were a guest, or had another phone', async () => {
    const h = await createBlocked()
    const texted = [tom, maria].map((phone) => ({ phone, name: '', status: 'delivered' as const }))
    await seedBlast(h, { status: 'sent' }, texted)
    await guest(h, 'Guest Gus', tom)
    await h.admin.post('/events/7/unregister/1')
    await h.addMember('Mia', maria)
    await h.admin.post('/community/1/edit', { name: 'Moved Mia', phone: aisha })
    expect(await page(h, 'search=guest+gus')).toContain('<h1>Guest Gus</h1>')
    expect(await page(h, `phone=${encodeURIComponent(maria)}`)).toContain('<h1>Mia</h1>')
    await h.deps.db.run(sql`DELETE FROM events`)
    await guest(h, 'Gala Gwen', tom)
    await h.admin.post('/events/7/delete')
    expect(await page(h, 'search=gala')).toContain('<h1>Gala Gwen</h1>')
    expect(await page(h, 'search=guest+gus')).toContain('Nothing matches')
  })

  it('not by a name that nobody was ever texted under: it goes with the row', async () => {
    const h = await createBlocked()
    await h.addMember('Untexted Una', maria)
    await h.admin.post('/community/1/delete')
    expect(await page(h, 'search=untexted')).toContain('Nothing matches')
  })

  it('by a whole phone that was never on a list, where there is a text to it or a record of it', async () => {
    const h = await createBlocked()
    await seedBlast(h, { status: 'sent' }, [{ phone: maria, name: 'Legacy Lea', status: 'delivered' }])
    await h.deps.db.run(sql`INSERT INTO consent_events (phone, kind, how, created_at) VALUES (${tom}, 'removed', 'form', 1)`)
    expect(await page(h, 'search=3235550142')).toContain('<h1>Legacy Lea</h1>')
    expect(await page(h, 'search=(323)+555-0143')).toContain('<h1>(323) 555-0143</h1>')
    expect(await page(h, 'search=3235550199')).toContain('Nothing matches')
  })

  it('looks no table through', async () => {
    const h = await createBlocked()
    for (const search of ['gina', '5550142', '3235550142']) {
      const asked: string[] = []
      const watched = new Proxy(h.d1, {
        get(target, name) {
          if (name !== 'prepare') return Reflect.get(target, name).bind(target)
          return (text: string) => {
            asked.push(text)
            return target.prepare(text)
          }
        },
      })
      await listContacts(openDatabase(watched), { path: '', search, sort: 'name', dir: 'asc', page: 1, pageSize: 50, filters: {} })
      for (const text of asked) {
        const plan = await h.deps.db.all<{ detail: string }>(sql.raw(`EXPLAIN QUERY PLAN ${text.replaceAll('?', "'1'")}`))
        // The index of words is a virtual table, which SQLite calls a scan.
        expect(plan.filter(({ detail }) => /^SCAN (?!found|named|n$|CONSTANT|\(|\w+ VIRTUAL TABLE)/.test(detail))).toEqual([])
        expect(plan.some(({ detail }) => /former_contacts/.test(detail))).toBe(true)
      }
    }
  })

  it('links to an import of opt-outs for an admin, who alone may look at it', async () => {
    const h = await createBlocked()
    await h.addMember('Maria', maria)
    await h.deps.db.run(sql`INSERT INTO unsubscribed_contacts (phone, source, import_id, created_at) VALUES (${maria}, 'import', 3, 1)`)
    await h.deps.db.run(
      sql`INSERT INTO consent_events (phone, kind, how, import_id, created_at) VALUES (${maria}, 'added', 'import', 4, 1)`,
    )
    const manager = await h.signIn('social_manager')
    const links = (html: string) => [...html.matchAll(/href="(\/imports\/\d)"/g)].map(([, href]) => href)
    expect(links(await page(h, ofMaria)).sort()).toEqual(['/imports/3', '/imports/4'])
    expect(links(await manager.text(`/contacts?${ofMaria}`))).toEqual(['/imports/4'])
  })

  it('a list that narrows while one types stays a list', async () => {
    const h = await createBlocked()
    await h.addMember('Maria', maria)
    const answer = await h.admin.request('/contacts?search=maria', { headers: { 'hx-request': 'true' } })
    expect(await answer.text()).toContain('id="list"')
  })
})

describe('one person', () => {
  it('was sent these blasts, with what became of each', async () => {
    const h = await createBlocked()
    await h.addMember('Maria', maria)
    const first = await seedBlast(h, { status: 'sent', createdAt: ago(h, 30) }, [{ phone: maria, status: 'delivered' }])
    const second = await seedBlast(h, { status: 'sent', createdAt: ago(h, 20) }, [
      { phone: maria, status: 'undelivered', errorCode: 30003 },
    ])
    const third = await seedBlast(h, { status: 'cancelled', createdAt: ago(h, 10) }, [
      { phone: maria, status: 'skipped', skipReason: 'cancelled' },
    ])
    await seedBlast(h, { status: 'sent', createdAt: ago(h, 5) }, [{ phone: tom, status: 'delivered' }])
    const rows = blasts(await page(h, ofMaria))
    expect(rows.map(([id]) => id)).toEqual([third, second, first])
    expect(rows[0]?.[1]).toContain('Skipped Cancelled in time')
    expect(rows[1]?.[1]).toContain('Not delivered Phone off or out of reach')
    expect(rows[2]?.[1]).toContain('Delivered')
    expect(await page(h, ofMaria)).toContain(`href="/logs/${first}"`)
  })

  it('was left out of these, because they had replied STOP', async () => {
    const h = await createBlocked()
    h.clock.now -= 40 * hour
    await h.addMember('Maria', maria)
    h.clock.now += 10 * hour
    await h.text(maria, 'STOP')
    h.clock.now += 10 * hour
    const out = await seedBlast(h, { status: 'sent', createdAt: h.clock.now }, [{ phone: tom, status: 'delivered' }])
    await seedBlast(h, { status: 'sent', createdAt: h.clock.now, testMode: true }, [{ phone: tom, status: 'delivered' }])
    await seedBlast(h, { status: 'sent', createdAt: h.clock.now, target: 'event', eventId: 7 }, [{ phone: tom, status: 'delivered' }])
    h.clock.now += 10 * hour
    await h.text(maria, 'START')
    h.clock.now += hour
    await seedBlast(h, { status: 'sent', createdAt: h.clock.now }, [{ phone: tom, status: 'delivered' }])
    h.clock.now += 9 * hour
    const rows = blasts(await (await h.signIn()).text(`/contacts?${ofMaria}`))
    expect(rows.map(([id]) => id)).toEqual([out])
    expect(rows[0]?.[1]).toMatch(/Not planned Had replied STOP/)
  })

  it('was skipped at the last moment, because they replied STOP meanwhile', async () => {
    const h = await createBlocked()
    await h.addMember('Maria', maria)
    await seedBlast(h, { status: 'sent', createdAt: ago(h, 1) }, [{ phone: maria, status: 'skipped', skipReason: 'opted_out' }])
    await h.deps.db.run(sql`INSERT INTO unsubscribed_contacts (phone, source, reason, created_at)
      VALUES (${maria}, 'inbound', 'Replied STOP', ${ago(h, 1) + 25_000})`)
    expect(blasts(await page(h, ofMaria))[0]?.[1]).toContain('Skipped Had replied STOP at 4:00:25 PM')
  })

  it('has pages of blasts', async () => {
    const h = await createBlocked()
    await h.addMember('Maria', maria)
    for (let i = 0; i < 30; i++) await seedBlast(h, { status: 'sent', createdAt: ago(h, i) }, [{ phone: maria, status: 'delivered' }])
    expect(await page(h, ofMaria)).toContain('1 to 25 of 30')
    const second = await page(h, `${ofMaria}&page=2`)
    expect(blasts(second)).toHaveLength(5)
    expect(await page(h, 'search=maria')).toContain(`/contacts?phone=%2B13235550142&amp;sort=name&amp;dir=asc&amp;page=2`)
  })

  it('keeps a story when they are on no list any more', async () => {
    const h = await createBlocked()
    await h.admin.post('/community/add', { name: 'Maria', phone: maria })
    await seedBlast(h, { status: 'sent' }, [{ phone: maria, name: 'Maria', status: 'delivered' }])
    await h.admin.post('/community/1/delete')
    const html = await page(h, ofMaria)
    expect(html).toContain('<h1>Maria</h1>')
    expect(html).toContain('On no list now.')
    expect(html).toContain('Taken off members')
    expect(html).toContain('Added to members')
  })

  it('is on these lists, and that is why they can or cannot be texted', async () => {
    const h = await createBlocked()
    await h.addMember('Maria', maria)
    await guest(h, 'Maria A.', maria)
    const free = await page(h, ofMaria)
    expect(free).toContain('Can be texted')
    expect(free).toContain('<a href="/events/7">Harvest Supper</a>')
    await h.text(maria, 'STOP')
    expect(await page(h, ofMaria)).toContain('until they text START to our number')
  })
})
