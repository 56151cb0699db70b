import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { seedBlast } from '../blasts/seed'
import { aisha, type Blocked, createBlocked, maria, tom } from './blocked'

/** The phones of the page's rows, as they stand. */
const phones = (page: string) => [...page.matchAll(/\((\d{3})\) (\d{3})-(\d{4})<\/td>/g)].map(([, a, b, c]) => `+1${a}${b}${c}`)

async function three(h: Blocked) {
  await h.optOut(maria, 'inbound', { name: 'maria', reason: 'Replied STOP', createdAt: 3000 })
  await h.optOut(tom, 'staff', { name: 'Tom', reason: 'asked', createdAt: 1000 })
  await h.suppress(aisha, { name: 'Aisha', reason: 'Number does not exist, or no longer', createdAt: 2000 })
}

describe('the list of opt-outs and suppressions', () => {
  it.each([
    ['name', [aisha, maria, tom]],
    ['phone', [maria, tom, aisha]],
    ['reason', [tom, aisha, maria]],
    ['category', [aisha, maria, tom]],
    ['source', [maria, aisha, tom]],
    ['created_at', [tom, aisha, maria]],
  ])('sorts by %s, and the other way', async (sort, order) => {
    const h = await createBlocked()
    await three(h)
    expect(phones(await h.admin.text(`/unsubscribed?sort=${sort}`))).toEqual(order)
    expect(phones(await h.admin.text(`/unsubscribed?sort=${sort}&dir=desc`))).toEqual(order.toReversed())
  })

  it.each([
    ['mar', [maria]],
    ['(323) 555-0143', [tom]],
    ['0144', [aisha]],
    ['to', [tom]],
    ['%', []],
    ['zzz', []],
  ])('finds %s', async (search, found) => {
    const h = await createBlocked()
    await three(h)
    expect(phones(await h.admin.text(`/unsubscribed?search=${encodeURIComponent(search)}`))).toEqual(found)
  })

  it('tells the two kinds apart, and the chips add up', async () => {
    const h = await createBlocked()
    await three(h)
    const page = await h.admin.text('/unsubscribed')
    expect(page).toMatch(/All<b> 3<\/b>.*Opted out<b> 2<\/b>.*Number does not work<b> 1<\/b>/s)
    expect(phones(await h.admin.text('/unsubscribed?kind=opt_out'))).toEqual([maria, tom])
    expect(phones(await h.admin.text('/unsubscribed?kind=suppression'))).toEqual([aisha])
    expect(phones(await h.admin.text('/unsubscribed?kind=x'))).toHaveLength(3)
  })

  it.each(['name', 'phone', 'reason', 'category', 'source', 'created_at'])('has every row once over its pages by %s', async (sort) => {
    const h = await createBlocked()
    const rows = JSON.stringify(Array.from({ length: 70 }, (_, i) => i))
    await h.deps.db.run(sql`INSERT INTO unsubscribed_contacts (phone, name, source, created_at)
      SELECT printf('+1323555%04d', value), CASE value % 3 WHEN 0 THEN '' ELSE 'P' || value % 7 END, 'staff', value % 5 FROM json_each(${rows}) WHERE true`)
    await h.deps.db.run(sql`INSERT INTO suppressed_contacts (phone, name, category, source, created_at)
      SELECT printf('+1213555%04d', value), 'P' || value % 7, 'hard_fail', 'message_failure', value % 5 FROM json_each(${rows}) WHERE true`)
    for (const dir of ['asc', 'desc']) {
      const seen: string[] = []
      for (const page of [1, 2, 3]) seen.push(...phones(await h.admin.text(`/unsubscribed?sort=${sort}&dir=${dir}&page=${page}`)))
      expect([seen.length, new Set(seen).size]).toEqual([140, 140])
    }
    expect(await h.admin.text('/unsubscribed?page=3')).toContain('101 to 140 of 140')
  })

  it('calls whoever has no name here by the member’s, and finds them by it', async () => {
    const h = await createBlocked()
    await h.text(tom, 'STOP')
    await h.addMember('Tomasz', tom)
    expect(await h.admin.text('/unsubscribed?search=tomasz')).toContain('>Tomasz</a>')
  })

  it('says where each came from, with the way to the blast', async () => {
    const h = await createBlocked()
    const blast = await seedBlast(h, { status: 'sent' }, [{ status: 'failed', errorCode: 30005, phone: aisha }])
    await h.text(maria, 'STOP')
    await h.suppress(aisha, { logId: blast })
    await h.optOut('+13235550145', 'message_failure', { logId: 99 })
    await h.admin.post('/unsubscribed/add', { phone: tom })
    const page = await h.admin.text('/unsubscribed')
    for (const words of ['They texted us', `<a href="/logs/${blast}">Blast ${blast}</a>`, 'A blast that was cleared', 'rosa, by hand']) {
      expect(page).toContain(words)
    }
    expect(page).toContain('Number does not exist, or no longer')
  })

  it('is for admins', async () => {
    const h = await createBlocked()
    const manager = await h.signIn('social_manager')
    for (const path of ['', '/add', '/import', '/export', '/1/delete', '/suppressed/1/delete', '/bulk-delete']) {
      expect([path, (await manager.get(`/unsubscribed${path}`)).status]).toEqual([path, 403])
    }
  })

  it('says what to do while it is empty', async () => {
    const h = await createBlocked()
    const page = await h.admin.text('/unsubscribed')
    expect(page).toContain('Nobody opted out')
    expect(page).toContain('/unsubscribed/import')
  })
})

describe('adding', () => {
  it('stores the opt-out, who did it and why', async () => {
    const h = await createBlocked()
    const answer = await h.admin.post('/unsubscribed/add', { name: ' Maria ', phone: '323 555 0142', reason: 'Told me at the door' })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/unsubscribed'])
    expect(await h.optOuts()).toEqual([{ phone: maria, source: 'staff', reason: 'Told me at the door' }])
    expect(await h.record(maria)).toEqual(['opted_out form rosa Told me at the door'])
    expect(await h.audited()).toContainEqual({ type: 'opt_out_added', subject: 'number ending 0142', username: 'rosa' })
    expect(await h.admin.text('/unsubscribed')).toContain('Maria is opted out.')
  })

  it('refuses a number that is on the list, and one that is none', async () => {
    const h = await createBlocked()
    await h.text(maria, 'STOP')
    for (const phone of ['3235550142', '12', '']) {
      const answer = await h.admin.post('/unsubscribed/add', { name: 'Kept <name>', phone, reason: 'Kept reason' })
      expect(answer.status).toBe(422)
      const page = await answer.text()
      expect(page).toContain('Kept &lt;name&gt;')
      expect(page).toContain('Kept reason')
    }
    expect(await h.optOuts()).toEqual([{ phone: maria, source: 'inbound', reason: 'Replied STOP' }])
  })
})

it('exports both kinds in one file', async () => {
  const h = await createBlocked()
  await h.optOut(maria, 'inbound', { name: '=Maria', reason: 'Replied STOP', createdAt: 1000 })
  await h.addMember('Aisha', aisha)
  await h.suppress(aisha, { reason: 'Landline', createdAt: 2000 })
  const answer = await h.admin.get('/unsubscribed/export')
  expect(answer.headers.get('content-disposition')).toContain('opt-outs.csv')
  expect((await answer.text()).replace('\uFEFF', '').split('\r\n')).toEqual([
    'name,phone,kind,category,reason,source,created_at',
    "'=Maria,+13235550142,opt_out,opt_out,Replied STOP,inbound,1970-01-01T00:00:01.000Z",
    'Aisha,+13235550144,suppression,hard_fail,Landline,message_failure,1970-01-01T00:00:02.000Z',
    '',
  ])
  expect(await h.audited()).toContainEqual({ type: 'opt_outs_exported', subject: '', username: 'rosa' })
})
