import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { type AuditEvent, recordAudit } from '../../src/audit/audit'
import { auditTypeNames, auditTypes } from '../../src/audit/types'
import { communityMembers, events, scheduledMessages } from '../../src/db/schema'
import { seedBlast } from '../blasts/seed'
import { wordsOf } from '../compose/office'
import { createHarness } from '../support/harness'

const rosa = { id: 1, username: 'rosa' }

/** An admin at the log, in Los Angeles unless `settings` say otherwise. */
async function openLog(settings: Record<string, string> = {}) {
  const h = await createHarness({ APP_TIMEZONE: 'America/Los_Angeles', ...settings })
  const admin = await h.signIn('admin', 'rosa')
  const record = (event: Partial<AuditEvent>, at?: string) => {
    const now = at === undefined ? h.clock.now : Date.parse(at)
    return recordAudit({ db: h.deps.db, now: () => now }, { type: 'blast_sent', by: rosa, address: '192.0.2.1', ...event })
  }
  const rows = (html: string) => [...html.matchAll(/<tr role="row" id="list-\d+">([\s\S]*?)<\/tr>/g)].map(([, row = '']) => row)
  const show = async (query = '') => {
    const answer = await admin.get(`/security/events${query}`)
    const html = await answer.text()
    return { status: answer.status, html, words: wordsOf(html), rows: rows(html), told: rows(html).map((row) => wordsOf(row).trim()) }
  }
  const exported = async (query = '') => (await admin.text(`/security/events/export${query}`)).replace(/^\uFEFF/, '').split('\r\n')
  return { ...h, admin, record, show, exported }
}

describe('the security log', () => {
  it('tells who did what, to what, from where, when and how it ended, the newest first', async () => {
    const h = await openLog()
    h.clock.now = Date.parse('2026-11-22T17:20:05Z')
    await h.record({ type: 'logs_cleared', outcome: 'failure', subject: 'wrong password', address: '198.51.100.7' })
    await h.record({ type: 'login_blocked', outcome: 'blocked', by: null, username: 'tom' })
    await h.record({ by: null, username: 'nia', address: '', subject: 'blast 9, scheduled message 3' })
    await h.record({ type: 'user_created', by: null, address: '', subject: 'user rosa, admin' })
    expect((await h.show()).told).toEqual([
      'Added a user user rosa , admin By itself Done today, 9:20:05 AM',
      'Sent a blast blast 9, scheduled message 3 nia on schedule Done today, 9:20:05 AM',
      'Was kept from signing in Somebody as tom from 192.0.2.1 Locked out today, 9:20:05 AM',
      'Tried to clear finished blasts wrong password rosa from 198.51.100.7 Refused today, 9:20:05 AM',
      'Signed in rosa from 192.0.2.1 Done today, 9:00:00 AM',
    ])
  })

  it('is among the places of admins alone', async () => {
    const h = await openLog()
    expect(await h.admin.text('/dashboard')).toContain('href="/security/events"')
    expect(await (await h.signIn('social_manager')).text('/dashboard')).not.toContain('/security/events')
  })

  it('leads to what an event names while there is a page of it', async () => {
    const h = await openLog()
    const at = { createdAt: 0, updatedAt: 0 }
    await seedBlast(h, { status: 'sent' }, [])
    await h.deps.db.insert(events).values({ title: 'Supper', ...at })
    await h.deps.db.insert(communityMembers).values({ phone: '+13235550142', ...at })
    const text = { messageBody: 'Supper', target: 'community' as const, timeZone: 'UTC', dueAt: 0, ...at }
    await h.deps.db.insert(scheduledMessages).values({ ...text, status: 'pending', submissionId: '1' })
    await h.deps.db.insert(scheduledMessages).values({ ...text, status: 'sent', submissionId: '2' })
    await h.addUser('nia, the second', 'social_manager')
    const subjects: [string, string[]][] = [
      ['blast 1', ['/logs/1']],
      ['blast 1, scheduled message 1', ['/logs/1', '/scheduled/1/edit']],
      ['blast 2', []],
      ['scheduled message 2', []],
      ['registration 7 of event 1', ['/events/1']],
      ['event 9, 3 registrations', []],
      ['member 1', ['/community/1/edit']],
      ['3 members', []],
      ['import 1', []],
      ['user nia, the second: phone changed', ['/users/2/edit']],
      ['user tom, admin', []],
      ['suppression 4: <b>blast 1</b> & co', ['/logs/1']],
    ]
    for (const [subject] of subjects) await h.record({ subject })
    const { rows, html } = await h.show()
    const led = rows.map((row) => [...row.matchAll(/href="([^"?]*)"/g)].map(([, href]) => href)).reverse()
    expect(led.slice(1)).toEqual(subjects.map(([, hrefs]) => hrefs))
    expect(html).toContain('suppression 4: &lt;b&gt;')
  })

  it('has words of its own for every kind of event', async () => {
    const h = await openLog()
    expect(new Set(auditTypeNames.map((type) => auditTypes[type].done)).size).toBe(auditTypeNames.length)
    const { html } = await h.show()
    for (const type of auditTypeNames) expect(html).toContain(`<option value="${type}">${auditTypes[type].done}</option>`)
    await h.deps.db.run(sql`INSERT INTO audit_events (event_type, outcome, created_at) VALUES ('of_long_ago', 'success', ${h.clock.now})`)
    expect((await h.show()).told[0]).toContain('of_long_ago')
  })
})

describe('narrowing the log', () => {
  async function openMixed() {
    const h = await openLog()
    await h.record({ subject: 'blast 1' })
    await h.record({ subject: 'blast 2', by: { id: 2, username: 'nia' } })
    await h.record({ type: 'login_failure', outcome: 'failure', by: null, username: 'nia', subject: 'x1' })
    await h.record({ type: 'password_changed', outcome: 'failure', subject: 'x2' })
    await h.record({ type: 'password_changed', outcome: 'blocked', subject: 'x3' })
    const found = async (query: string) => (await h.show(query)).told.map((row) => / (blast \d|x\d) /.exec(row)?.[1] ?? 'sign-in')
    return { ...h, found }
  }

  it.each([
    ['', ['x3', 'x2', 'x1', 'blast 2', 'blast 1', 'sign-in']],
    ['?username=NIA', ['x1', 'blast 2']],
    ['?username=ni', []],
    ['?event_type=password_changed', ['x3', 'x2']],
    ['?outcome=failure', ['x2', 'x1']],
    ['?outcome=success', ['blast 2', 'blast 1', 'sign-in']],
    ['?outcome=blocked', ['x3']],
    ['?username=rosa&event_type=password_changed&outcome=failure', ['x2']],
    ['?username=+rosa+&outcome=success&dir=asc', ['sign-in', 'blast 1']],
    ['?event_type=no_such_type&outcome=perhaps', ['x3', 'x2', 'x1', 'blast 2', 'blast 1', 'sign-in']],
    ['?sort=username', ['x3', 'x2', 'blast 1', 'sign-in', 'x1', 'blast 2']],
    ['?sort=event_type&dir=asc', ['blast 1', 'blast 2', 'x1', 'sign-in', 'x2', 'x3']],
    ['?outcome=success&sort=username&dir=asc', ['blast 2', 'sign-in', 'blast 1']],
  ])('%s', async (query, expected) => {
    const h = await openMixed()
    expect(await h.found(query)).toEqual(expected)
    // The file is in the order of time, and says of itself that it was taken out.
    const lines = (await h.exported(query)).slice(1, -1).filter((line) => !line.includes(',audit_exported,'))
    expect(lines.map((line) => line.split(',')[4] || 'sign-in').sort()).toEqual([...expected].sort())
  })

  it('says so where nothing matches, and leads back to all', async () => {
    const h = await openMixed()
    const { words, html } = await h.show('?username=nobody')
    expect(words).toContain('Nothing here')
    expect(html).toContain('href="/security/events?sort=created_at&amp;dir=desc"')
    expect(html).toContain('value="nobody"')
  })

  it('keeps all of it on the way to another page, another order and the file', async () => {
    const h = await openLog()
    for (let i = 0; i < 60; i++) await h.record({ subject: `blast ${i}` })
    const query = 'event_type=blast_sent&outcome=success&username=rosa&date_from=2026-11-22&date_to=2026-11-22'
    const first = await h.show(`?${query}`)
    expect(first.rows).toHaveLength(50)
    const escaped = query.replaceAll('&', '&amp;')
    expect(first.html).toContain(`href="/security/events?${escaped}&amp;sort=created_at&amp;dir=desc&amp;page=2"`)
    expect(first.html).toContain(`href="/security/events?${escaped}&amp;sort=username&amp;dir=asc"`)
    expect(first.html).toContain(`href="/security/events/export?${escaped}&amp;sort=created_at&amp;dir=desc"`)
    expect((await h.show(`?${query}&page=2`)).told[9]).toContain('blast 0 ')
  })
})

describe('days', () => {
  // Nov 1, 2026 has 25 hours in Los Angeles.
  const moments = ['2026-11-01T06:59:59.999Z', '2026-11-01T07:00:00Z', '2026-11-02T07:59:59.999Z', '2026-11-02T08:00:00Z']
  async function openDays() {
    const h = await openLog()
    for (const [at, moment] of moments.entries()) await h.record({ subject: `blast ${at}` }, moment)
    const found = async (query: string) =>
      (await h.show(`${query}&event_type=blast_sent&dir=asc`)).told.map((row) => /blast (\d)/.exec(row)?.[1])
    return { ...h, found }
  }

  it.each([
    ['?date_from=2026-11-01&date_to=2026-11-01', ['1', '2']],
    ['?date_from=2026-11-01', ['1', '2', '3']],
    ['?date_to=2026-11-01', ['0', '1', '2']],
    ['?date_from=2026-10-31&date_to=2026-10-31', ['0']],
    ['?date_from=2026-11-02&date_to=2026-11-30', ['3']],
  ])('are those of the organisation, both ends with them: %s', async (query, expected) => {
    const h = await openDays()
    expect(await h.found(query)).toEqual(expected)
    const exported = (await h.exported(`${query}&event_type=blast_sent`)).slice(1, -1)
    expect(exported.map((line) => /blast (\d)/.exec(line)?.[1]).reverse()).toEqual(expected)
  })

  it.each([
    ['date_from', '2026-02-30'],
    ['date_from', 'yesterday'],
    ['date_to', '11/30/2026'],
    ['date_to', '0000-00-00'],
  ])('that are none are told at their field: %s=%s', async (field, value) => {
    const h = await openDays()
    const { status, html, rows } = await h.show(`?username=rosa&${field}=${value}`)
    expect(status).toBe(422)
    expect(html).toContain(`id="${field}-fault"`)
    expect(html).toContain('This is no day. Write it like 2026-11-30.')
    expect(html).toContain(`value="${value}"`)
    expect(html).toContain('value="rosa"')
    expect(rows).toEqual([])
  })

  it('that are the wrong way round are told too', async () => {
    const h = await openDays()
    const { status, html } = await h.show('?date_from=2026-11-02&date_to=2026-11-01')
    expect(status).toBe(422)
    expect(html).toContain('The last day is before the first. Swap them.')
  })

  it('that are none give no file, and leave nothing in the trail', async () => {
    const h = await openDays()
    const answer = await h.admin.get('/security/events/export?date_from=2026-02-30')
    expect([answer.status, answer.headers.get('content-disposition')]).toEqual([422, null])
    expect((await h.show('?event_type=audit_exported')).rows).toEqual([])
  })
})

describe('the file', () => {
  it('that was only asked about, by HEAD, was not exported', async () => {
    const h = await openLog()
    const paths = ['/security/events/export', '/community/export', '/unsubscribed/export']
    const answers = await Promise.all(paths.map((path) => h.admin.request(path, { method: 'HEAD' })))
    expect(answers.map(({ status, headers }) => [status, headers.get('content-type')])).toEqual(
      paths.map(() => [200, 'text/csv; charset=utf-8']),
    )
    expect((await h.show()).told.filter((line) => line.startsWith('Downloaded'))).toEqual([])
  })

  it('holds all that match, the newest first, and no cell that a spreadsheet would run', async () => {
    const h = await openLog()
    await h.record({ type: 'login_failure', outcome: 'failure', by: null, username: '=HYPERLINK("x")' })
    await h.record({ subject: 'blast 1, "quoted"' })
    expect(await h.exported('?outcome=failure')).toEqual([
      'created_at,username,event_type,outcome,subject,address',
      `2026-11-22T17:00:00.000Z,"'=HYPERLINK(""x"")",login_failure,failure,,192.0.2.1`,
      '',
    ])
    expect((await h.exported('?event_type=blast_sent'))[1]).toBe(
      '2026-11-22T17:00:00.000Z,rosa,blast_sent,success,"blast 1, ""quoted""",192.0.2.1',
    )
  })

  it('goes beyond what the list shows, a page at a time', async () => {
    const h = await openLog()
    await addMany(h, 10_050)
    const answer = await h.admin.get('/security/events/export?event_type=blast_sent')
    const reader = answer.body?.getReader()
    let chunks = 0
    let text = ''
    const decoder = new TextDecoder()
    for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
      chunks++
      text += decoder.decode(read.value, { stream: true })
    }
    const subjects = text
      .split('\r\n')
      .slice(1, -1)
      .map((line) => Number(/blast (\d+)/.exec(line)?.[1]))
    expect(subjects).toEqual(Array.from({ length: 10_050 }, (_, i) => 10_050 - i))
    expect(chunks).toBeGreaterThan(5)
  })
})

const addMany = ({ deps }: Awaited<ReturnType<typeof openLog>>, count: number) =>
  deps.db.run(sql`
    INSERT INTO audit_events (event_type, outcome, user_id, username, subject, created_at)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
    SELECT 'blast_sent', 'success', 1, 'rosa', 'blast ' || i, 1000000000000 + i FROM n`)

it('a narrowed list says where it ends; the whole one is whole', async () => {
  const h = await openLog()
  await addMany(h, 10_000)
  expect((await h.show('?event_type=blast_sent')).words).not.toContain('There are more')
  await addMany(h, 1)
  for (const sort of ['created_at', 'username', 'event_type']) {
    const { words, html } = await h.show(`?event_type=blast_sent&sort=${sort}&page=200`)
    expect(words).toContain('9,951 to 10,000 of 10,000')
    expect(words).toContain('There are more: choose days to see further.')
    expect(html.length).toBeLessThan(60_000)
    expect((await h.show(`?sort=${sort}&page=201`)).words).toContain('10,001 to 10,002 of 10,002')
  }
})

it('the first admin is in it, by nobody, or is not made', async () => {
  const { createFirstAdmin } = await import('../../src/auth/sign-in')
  const h = await createHarness({ ADMIN_PASSWORD: 'Correct-Horse-9-Battery' })
  await h.d1.prepare("CREATE TRIGGER full BEFORE INSERT ON audit_events BEGIN SELECT RAISE(ABORT, 'disk full'); END").run()
  await expect(createFirstAdmin(h.deps)).rejects.toThrow()
  await h.d1.prepare('DROP TRIGGER full').run()
  await createFirstAdmin(h.deps)
  await createFirstAdmin(h.deps)
  const events = await h.deps.db.all(sql`SELECT event_type, username, address, subject FROM audit_events`)
  expect(events).toEqual([{ event_type: 'user_created', username: '', address: '', subject: 'user admin, admin' }])
})
