import { describe, expect, it } from 'vitest'
import { communityMembers, suppressedContacts, unsubscribedContacts } from '../../src/db/schema'
import { createHarness } from '../support/harness'

type Harness = Awaited<ReturnType<typeof createHarness>>
const stored = async (h: Harness) => (await h.deps.db.select().from(communityMembers)).map(({ name, phone }) => [name, phone])
/** The word of the page before. */
const flashOf = (html: string) => /<div class="note[^"]* flash"[\s\S]*?<\/div>/.exec(html)?.[0] ?? ''
const add = (h: Harness, people: [string, string][]) =>
  h.deps.db.insert(communityMembers).values(people.map(([name, phone], i) => ({ name, phone, createdAt: i + 1, updatedAt: i + 1 })))

describe('adding a member', () => {
  it('stores the phone as E.164, however it was written', async () => {
    const h = await createHarness()
    const admin = await h.signIn()
    const answer = await admin.post('/community/add', { name: '  Maria   Alvarez ', phone: '(323) 555-0142' })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/community'])
    expect(await stored(h)).toEqual([['Maria Alvarez', '+13235550142']])
    const list = await admin.text('/community')
    expect(list).toContain('Maria Alvarez was added.')
    expect(await admin.text('/community')).not.toContain('was added')
  })

  it.each(['', '12', 'N/A', '1.3035E+10', '323-555-0142 ext 12'])(
    'refuses %s with the reason at the field and keeps what was typed',
    async (phone) => {
      const h = await createHarness()
      const admin = await h.signIn()
      const answer = await admin.post('/community/add', { name: 'Ann <b>', phone })
      expect(answer.status).toBe(422)
      const page = await answer.text()
      expect(page).toContain('value="Ann &lt;b&gt;"')
      expect(page).toMatch(/aria-invalid="true"/)
      expect(page).toMatch(/role="alert"/)
      expect(await stored(h)).toEqual([])
    },
  )

  it('refuses a phone that another member has, and says who', async () => {
    const h = await createHarness()
    await add(h, [['Maria', '+13235550142']])
    const admin = await h.signIn()
    const answer = await admin.post('/community/add', { name: 'Other', phone: '323.555.0142' })
    expect(answer.status).toBe(422)
    expect(await answer.text()).toContain('Maria has this phone already')
  })

  it.each([
    ['inbound', 'No blast reaches this number until they text START.', null],
    ['message_failure', 'No blast reaches this number until they text START.', null],
    ['staff', 'No blast reaches this number. You can change that, when they ask for it.', '/unsubscribed/1/delete'],
    ['import', 'No blast reaches this number. You can change that, when they ask for it.', '/unsubscribed/1/delete'],
  ])('warns of a number that is opted out (%s), says who can change that, and stores it', async (source, text, href) => {
    const h = await createHarness()
    await h.deps.db.insert(unsubscribedContacts).values({ phone: '+13235550142', source, createdAt: 1 })
    const admin = await h.signIn()
    await admin.post('/community/add', { name: 'Maria', phone: '3235550142' })
    const flash = flashOf(await admin.text('/community'))
    expect(flash).toContain('Maria was added, but has opted out.')
    expect(flash).toContain(text)
    expect(/href="([^"]+)"/.exec(flash)?.[1] ?? null).toBe(href)
    expect(await stored(h)).toHaveLength(1)
  })

  it('warns of a number that does not work, also when an entry is changed to it, with the way to lift the block', async () => {
    const h = await createHarness()
    const block = { category: 'hard_fail', reason: 'Landline', source: 'message_failure', createdAt: 1 }
    for (const phone of ['+13235550142', '+13235550143']) await h.deps.db.insert(suppressedContacts).values({ phone, ...block })
    const admin = await h.signIn()
    await admin.post('/community/add', { name: 'Maria', phone: '3235550142' })
    const added = flashOf(await admin.text('/community'))
    expect(added).toContain('Maria was added, but this number does not work.')
    expect(added).toContain('This number does not work: Landline. No blast reaches it. Lift the block if it is right.')
    expect(added).toContain('href="/unsubscribed/suppressed/1/delete"')
    await admin.post('/community/1/edit', { name: 'Maria', phone: '3235550143' })
    expect(flashOf(await admin.text('/community'))).toContain('href="/unsubscribed/suppressed/2/delete"')
    await h.deps.db.insert(unsubscribedContacts).values({ phone: '+13235550143', source: 'inbound', createdAt: 1 })
    await admin.post('/community/1/edit', { name: 'Maria A.', phone: '3235550143' })
    expect(flashOf(await admin.text('/community'))).toContain('Maria A. was changed, but has opted out.')
  })

  it('survives control characters, 4-byte characters and very long names', async () => {
    const h = await createHarness()
    const admin = await h.signIn()
    await admin.post('/community/add', { name: 'A\u0000B\r\nC 👩‍👩‍👧', phone: '3235550142' })
    expect(await stored(h)).toEqual([['A B C 👩‍👩‍👧', '+13235550142']])
    expect((await admin.post('/community/add', { name: 'x'.repeat(201), phone: '3235550143' })).status).toBe(422)
  })
})

describe('editing and deleting', () => {
  it('changes name and phone; an unknown id is 404', async () => {
    const h = await createHarness()
    await add(h, [
      ['Maria', '+13235550142'],
      ['Tom', '+13235550143'],
    ])
    const admin = await h.signIn()
    expect(await admin.text('/community/1/edit')).toContain('(323) 555-0142')
    expect((await admin.post('/community/1/edit', { name: 'Mary', phone: '3235550199' })).status).toBe(303)
    expect(await stored(h)).toContainEqual(['Mary', '+13235550199'])
    expect((await admin.post('/community/1/edit', { name: 'Mary', phone: '3235550143' })).status).toBe(422)
    for (const path of ['/community/99/edit', '/community/0/edit', '/community/x/edit', '/community/99999999999999999999/edit']) {
      expect((await admin.get(path)).status).toBe(404)
      expect((await admin.post(path, { name: 'x', phone: '3235550100' })).status).toBe(404)
    }
  })

  it('deletes after saying what will happen; twice is 404', async () => {
    const h = await createHarness()
    await add(h, [['Maria', '+13235550142']])
    const admin = await h.signIn()
    expect(await admin.text('/community/1/delete')).toContain('Opt-outs and what they were sent are kept')
    expect((await admin.post('/community/1/delete')).status).toBe(303)
    expect(await stored(h)).toEqual([])
    expect((await admin.post('/community/1/delete')).status).toBe(404)
  })

  it('deletes exactly those picked, whatever else is posted', async () => {
    const h = await createHarness()
    await add(h, [
      ['A', '+13235550101'],
      ['B', '+13235550102'],
      ['C', '+13235550103'],
    ])
    const admin = await h.signIn()
    const confirm = await admin.text('/community/bulk-delete?member_ids=1&member_ids=3')
    expect(confirm).toContain('Delete 2 members')
    await admin.post('/community/bulk-delete', { member_ids: ['1', '3', '3', 'x', '-1', '99'] })
    expect(await stored(h)).toEqual([['B', '+13235550102']])
    expect((await admin.post('/community/bulk-delete')).status).toBe(303)
    // Back, after they were deleted.
    await admin.get('/community/bulk-delete?member_ids=1&member_ids=3')
    expect(await admin.text('/community')).toContain('Nobody was picked, or they are gone already.')
    expect(await stored(h)).toHaveLength(1)
  })

  it('opting out is for both roles and is final', async () => {
    const h = await createHarness()
    await add(h, [['Maria', '+13235550142']])
    const manager = await h.signIn('social_manager')
    expect((await manager.post('/community/1/unsubscribe')).status).toBe(303)
    expect((await manager.post('/community/1/unsubscribe')).status).toBe(303)
    expect(await h.deps.db.select().from(unsubscribedContacts)).toMatchObject([{ phone: '+13235550142', source: 'staff' }])
    expect((await manager.post('/community/99/unsubscribe')).status).toBe(404)
  })
})

describe('the list', () => {
  const people: [string, string][] = [
    ['Maria Alvarez', '+13235550142'],
    ['ana Lucía', '+12135550121'],
    ['Zed 100%', '+16265550103'],
    ['<script>', '+17205550164'],
  ]

  it.each([
    ['maria', ['Maria Alvarez']],
    ['LUCIA', ['ana Lucía']],
    ['(323) 555-0142', ['Maria Alvarez']],
    ['5550', ['ana Lucía', 'Maria Alvarez', 'Zed 100%', '&lt;script&gt;']],
    ['0103', ['Zed 100%']],
    ['100%', ['Zed 100%']],
    ['%', ['Zed 100%']],
    ['_', []],
    ['"', []],
    ['al', ['Maria Alvarez']],
  ])('finds %s', async (search, names) => {
    const h = await createHarness()
    await add(h, people)
    const page = await (await h.signIn()).text(`/community?search=${encodeURIComponent(search)}`)
    const found = people.map(([name]) => name.replace('<', '&lt;').replace('>', '&gt;')).filter((name) => page.includes(`>${name}</a>`))
    expect(found.toSorted()).toEqual(names.toSorted())
  })

  it('sorts by name whatever the case, and the other way', async () => {
    const h = await createHarness()
    await add(h, people)
    const admin = await h.signIn()
    const order = async (query: string) => {
      const page = await admin.text(`/community?${query}`)
      return [...page.matchAll(/\/community\/(\d)\/edit">(?!<svg)/g)].map(([, id]) => id)
    }
    expect(await order('')).toEqual(['4', '2', '1', '3'])
    expect(await order('dir=desc')).toEqual(['3', '1', '2', '4'])
    expect(await order('sort=phone')).toEqual(['2', '1', '3', '4'])
    expect(await order('sort=created_at&dir=desc')).toEqual(['4', '3', '2', '1'])
    expect(await order('sort=name;DROP TABLE&dir=x&page=abc')).toEqual(['4', '2', '1', '3'])
  })

  it('has pages of 50, and keeps its state in their links', async () => {
    const h = await createHarness()
    await add(
      h,
      Array.from({ length: 20 }, (_, i) => [`Person ${i}`, `+132355501${String(i).padStart(2, '0')}`]),
    )
    for (let block = 0; block < 3; block++) {
      await add(
        h,
        Array.from({ length: 20 }, (_, i) => [`Guest ${block}${i}`, `+12135${block}501${String(i).padStart(2, '0')}`]),
      )
    }
    const admin = await h.signIn()
    const first = await admin.text('/community?search=guest&sort=phone')
    expect(first).toContain('1 to 50 of 60')
    expect(first).toMatch(/href="\/community\?search=guest&amp;sort=phone&amp;dir=asc&amp;page=2"/)
    expect(await admin.text('/community?search=guest&sort=phone&page=2')).toContain('51 to 60 of 60')
  })

  it('shows who cannot be texted, and counts them', async () => {
    const h = await createHarness()
    await add(h, people)
    await h.deps.db.insert(unsubscribedContacts).values({ phone: '+13235550142', source: 'inbound', createdAt: 1 })
    const admin = await h.signIn()
    expect(await admin.text('/community')).toContain('4 people. 3 can be texted.')
    const filtered = await admin.text('/community?texts=opted_out')
    expect(filtered).toContain('Maria Alvarez')
    expect(filtered).not.toContain('Zed')
  })
})

describe('export', () => {
  it('is a CSV of all, with a BOM, phones readable and formulas harmless', async () => {
    const h = await createHarness()
    await add(h, [
      ['=HYPERLINK("x")', '+13235550142'],
      ['Comma, "Quote"', '+13235550143'],
    ])
    const answer = await (await h.signIn()).get('/community/export')
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="members.csv"')
    const bytes = new Uint8Array(await answer.arrayBuffer())
    expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    expect(new TextDecoder().decode(bytes).split('\r\n')).toEqual([
      'name,phone,created_at',
      '"\'=HYPERLINK(""x"")",+13235550142,1970-01-01T00:00:00.001Z',
      '"Comma, ""Quote""",+13235550143,1970-01-01T00:00:00.002Z',
      '',
    ])
  })
})

describe('a social manager', () => {
  it('sees the list, and is refused what is for admins', async () => {
    const h = await createHarness()
    await add(h, [['Maria', '+13235550142']])
    const manager = await h.signIn('social_manager')
    const list = await manager.text('/community')
    expect(list).toContain('Maria')
    expect(list).not.toMatch(/\/community\/(add|import|export|1\/edit|1\/delete)/)
    for (const path of [
      '/community/add',
      '/community/1/edit',
      '/community/1/delete',
      '/community/bulk-delete',
      '/community/import',
      '/community/export',
    ]) {
      expect([path, (await manager.get(path)).status]).toEqual([path, 403])
    }
    for (const path of ['/community/add', '/community/1/edit', '/community/1/delete', '/community/bulk-delete', '/community/import']) {
      expect([path, (await manager.post(path)).status]).toEqual([path, 403])
    }
    expect(await stored(h)).toHaveLength(1)
  })

  it('nobody at all is sent to sign in', async () => {
    const h = await createHarness()
    const visitor = h.createBrowser()
    for (const path of ['/', '/dashboard', '/community', '/community/add', '/community/export', '/logs'])
      expect((await visitor.get(path)).status).toBe(303)
    expect((await visitor.post('/community/add', { name: 'x', phone: '3235550142' })).status).toBe(303)
    expect(await stored(h)).toEqual([])
  })
})
