import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { codeIn } from '../../src/legacy/codes'
import { takeOver } from '../../src/legacy/legacy'
import { openLegacyFile } from '../../src/platform/legacy-file'
import { optOut } from '../../src/suppressions/opt-outs'
import { createHarness, type Harness, password } from '../support/harness'
import { at, atMs, createFormerApp, fillFormerApp } from './former-app'

/* The Flask app's database, taken over. */
// Of Correct-Horse-9, with few rounds.
const hash = 'pbkdf2:sha256:1000$r0und5alt$152bc70ebc338a09dd58a06cea2f9aa5a550e377c234886893853eaa3402db9f'

let former: ReturnType<typeof createFormerApp>
let h: Harness

beforeEach(async () => {
  former = createFormerApp()
  h = await createHarness({ APP_TIMEZONE: 'America/Denver' })
})

afterEach(() => former.remove())

async function take(restoreDeleted = false) {
  const source = openLegacyFile(former.path)
  try {
    const { report, deletions } = await takeOver(h.deps, source, { restoreDeleted })
    const tallies = Object.fromEntries(report.tallies)
    const told = report.notes.map(({ table, rows, reason }) => `${table} ${rows}: ${reason}`)
    return { tallies, told, deletions, of: (table: string) => tallies[table] ?? { source: 0, taken: 0, there: 0, refused: 0 } }
  } finally {
    source.close()
  }
}

const rows = <Row = Record<string, unknown>>(query: string) => h.deps.db.all<Row>(sql.raw(query))
const phones = async (table = 'community_members') =>
  (await rows<{ phone: string }>(`SELECT phone FROM ${table} ORDER BY phone`)).map(({ phone }) => phone)
const consents = (phone: string) =>
  rows(`SELECT kind, how, detail, created_at AS at FROM consent_events WHERE phone = '${phone}' ORDER BY id`)

const result = (phone: string, success: boolean | null, error: string | null = null, name = 'Ana') => ({ phone, name, success, error })

it('takes every row of every table, counts them like the source, and a second time nothing', async () => {
  fillFormerApp(former, hash)
  const before = createHash('sha256').update(readFileSync(former.path)).digest('hex')
  const first = await take()
  const copied = [
    'users',
    'events',
    'community_members',
    'message_deliveries',
    'inbox_messages',
    'survey_questions',
    'consent_events',
    'audit_events',
  ]
  const counts = () =>
    Promise.all(copied.map(async (table) => (await rows<{ n: number }>(`SELECT count(*) AS n FROM ${table}`))[0]?.n ?? 0))
  const stored = await counts()
  expect(stored).toEqual([1, 1, 2, 1, 2, 2, 5, 2])
  for (const [table, tally] of Object.entries(first.tallies)) {
    expect([table, tally.taken + tally.refused]).toEqual([table, tally.source])
    expect([table, tally.refused]).toEqual([table, table === 'login_attempts' ? 1 : 0])
    expect(tally.source).toBeGreaterThan(0)
  }
  const second = await take()
  for (const [table, tally] of Object.entries(second.tallies))
    expect([table, tally.taken, tally.there + tally.refused]).toEqual([table, 0, tally.source])
  expect(await counts()).toEqual([...stored.slice(0, -1), 3])
  expect(createHash('sha256').update(readFileSync(former.path)).digest('hex')).toBe(before)
})

it('keeps what belongs together', async () => {
  await h.deps.db.run(sql`INSERT INTO events (id, title, created_at, updated_at) VALUES (40, 'Here before', 0, 0)`)
  fillFormerApp(former, hash)
  await take()
  const [linked] = await rows(`
    SELECT e.title, e.date, r.phone AS guest, l.target, l.status, l.total_recipients AS total, l.finished_at AS finished, d.status AS result, s.time_zone AS zone,
      s.status AS waits, q.question, y.name AS survey, p.answer, k.log_id = l.id AS blocked, a.user_id = u.id AS signed
    FROM events e JOIN event_registrations r ON r.event_id = e.id JOIN message_logs l ON l.event_id = e.id JOIN message_deliveries d ON d.log_id = l.id
    JOIN scheduled_messages s ON s.event_id = e.id JOIN surveys y ON y.event_id = e.id JOIN survey_questions q ON q.survey_id = y.id AND q.position = 1
    JOIN survey_sessions w ON w.survey_id = y.id JOIN survey_responses p ON p.session_id = w.id, suppressed_contacts k, users u
    JOIN audit_events a ON a.event_type = 'login_success'`)
  expect(linked).toEqual({
    ...{
      title: 'Picnic',
      date: '2026-12-01',
      guest: '+13235550142',
      target: 'event',
      status: 'sent',
      total: 1,
      finished: atMs,
      result: 'accepted',
    },
    ...{ zone: 'America/Denver', waits: 'pending', question: 'How many?', survey: 'Guests', answer: 'Ana', blocked: 1, signed: 1 },
  })
})

it('lets staff in with the password that they have', async () => {
  fillFormerApp(former, hash)
  await take()
  const browser = h.createBrowser()
  expect((await browser.post('/login', { username: 'rosa', password })).status).toBe(303)
  for (const path of [
    '/dashboard',
    '/community',
    '/logs',
    '/logs/1',
    '/scheduled',
    '/unsubscribed',
    '/users',
    '/security/events',
    '/contacts?search=5550142',
  ])
    expect([path, (await browser.get(path)).status]).toEqual([path, 200])
})

it('records for each phone how it came', async () => {
  fillFormerApp(former, hash)
  await take()
  const now = h.clock.now
  const added = { kind: 'added', how: 'import', detail: 'Import from the former app', at: now }
  expect(await consents('+13235550142')).toEqual([added, added])
  expect(await consents('+13235550144')).toEqual([{ kind: 'opted_out', how: 'keyword', detail: 'STOP (from the former app)', at: atMs }])
  expect(await consents('+13235550145')).toEqual([
    { kind: 'suppressed', how: 'provider', detail: 'Landline 21614 (from the former app)', at: atMs },
  ])
})

it('is in the audit trail, and takes the old one without phones', async () => {
  fillFormerApp(former, hash)
  await take()
  expect(await rows('SELECT event_type AS type, subject FROM audit_events ORDER BY id')).toEqual([
    { type: 'login_success', subject: 'in the former app, remember false, phone …0101' },
    { type: 'legacy_imported', subject: '19 rows taken, from the shell' },
  ])
})

it('keeps phones of the right shape that nobody has, and tells; refuses what is none', async () => {
  const add = (...some: string[]) => former.add('community_members', ...some.map((phone) => ({ name: 'Ana', phone, created_at: at })))
  add('+17200000000', '+17200000001', '3235550142', 'soon', '12345')
  const { told, of } = await take()
  expect(await phones()).toEqual(['+13235550142', '+17200000000', '+17200000001'])
  expect(of('community_members')).toEqual({ source: 5, taken: 3, there: 0, refused: 2 })
  expect(told).toContain('community_members 1-2: kept as it is, though there is no such number by libphonenumber')
  expect(told.filter((line) => /^community_members [45]: no phone:/.test(line))).toHaveLength(2)
})

it('leaves what is here as it is, and tells', async () => {
  fillFormerApp(former, hash)
  former.add('community_members', { name: 'Again', phone: '323-555-0142', created_at: at })
  await h.addUser('ROSA', 'social_manager')
  await h.deps.db.run(
    sql`INSERT INTO community_members (name, phone, created_at, updated_at) VALUES ('Anna, corrected', '+13235550142', 1, 1)`,
  )
  const { told, of } = await take()
  expect(of('users')).toEqual({ source: 1, taken: 0, there: 1, refused: 0 })
  expect(of('community_members')).toEqual({ source: 3, taken: 1, there: 2, refused: 0 })
  expect(await rows(`SELECT username, role FROM users`)).toEqual([{ username: 'ROSA', role: 'social_manager' }])
  expect(await rows(`SELECT name FROM community_members WHERE phone = '+13235550142'`)).toEqual([{ name: 'Anna, corrected' }])
  expect(told).toContain('community_members 1, 3: already here: this database keeps its own')
  expect(await consents('+13235550142')).toHaveLength(1)
})

it('takes nothing again that was changed or deleted here since', async () => {
  fillFormerApp(former, hash)
  await take()
  await h.deps.db.run(sql`DELETE FROM community_members`)
  await h.deps.db.run(sql`UPDATE events SET title = 'Winter picnic', date = NULL`)
  expect((await take()).of('community_members').taken).toBe(0)
  expect(await phones()).toEqual([])
  expect(await rows('SELECT title FROM events')).toEqual([{ title: 'Winter picnic' }])
})

it('holds every opt-out, also against what staff wrote down here, and only a START since undoes it', async () => {
  const [own, staff, back] = ['+13235550142', '+13235550143', '+13235550144'] as const
  for (const phone of [own, staff, back])
    former.add('unsubscribed_contacts', { name: '', phone, reason: 'STOP', source: 'inbound', created_at: at })
  await optOut(h.deps, { phone: staff, reason: 'On the phone', source: 'staff', by: 'rosa' })
  await h.deps.db.run(sql`INSERT INTO consent_events (phone, kind, how, created_at) VALUES (${back}, 'opted_in', 'keyword', ${atMs + 1})`)
  const { told } = await take()
  expect(await rows('SELECT phone, source FROM unsubscribed_contacts ORDER BY phone')).toEqual([
    { phone: own, source: 'inbound' },
    { phone: staff, source: 'inbound' },
  ])
  expect(told).toContain('unsubscribed_contacts 3: opted in again here since')
})

it('takes blocks of numbers, but none that our fault caused', async () => {
  const block = (phone: string, reason: string) =>
    former.add('suppressed_contacts', { phone, reason, category: 'hard_fail', source: 'message_failure', created_at: at })
  block('+13235550142', 'The number is unreachable 30003')
  block('+13235550143', "Invalid 'From' number 21606")
  block('+13235550144', 'invalid username')
  block('+13235550145', 'Carrier violation 30007')
  block('+13235550146', 'Blacklisted 21610')
  const { told, of } = await take()
  expect(await phones('suppressed_contacts')).toEqual(['+13235550142', '+13235550144', '+13235550146'])
  expect(await phones('unsubscribed_contacts')).toEqual(['+13235550146'])
  expect(of('suppressed_contacts')).toEqual({ source: 5, taken: 3, there: 0, refused: 2 })
  expect(told).toContain('suppressed_contacts 2: blocked for 21606, which is no fault of the number')
})

it.each([
  ['The number is unreachable 30003', 30003],
  ['HTTP 400: see https://www.twilio.com/docs/errors/21614', 21614],
  ['landline, not reachable, opted out', null],
  ['+17203000330003 is unreachable', null],
  ['(720) 30003 21 is unreachable', null],
  ['SM30003a', null],
  ['99999', null],
  ['30003 or 30005', null],
] as const)('reads the code of “%s” by our table alone', (message, code) => {
  expect(codeIn(message)).toBe(code)
})

it('makes every log a finished blast that adds up, with what is known and no more', async () => {
  former.log(
    [
      result('+13235550142', true),
      result('+13235550143', false, 'The number is unreachable 30003', 'Ben'),
      result('+13235550144', false, 'landline', ''),
      result('+13235550142', false),
      result('nobody', true),
      result('+13235550145', null),
    ],
    { status: 'processing', total_recipients: 9 },
  )
  former.log('not json', { success_count: 4, total_recipients: 4 })
  former.log([result('+13235550142', false, 'x')])
  const { told, of } = await take()
  expect(
    await rows(
      'SELECT status, total_recipients AS total, counts, counts_stale AS stale, finished_at IS NOT NULL AS finished FROM message_logs ORDER BY id',
    ),
  ).toEqual([
    { status: 'sent', total: 3, counts: '{"accepted":1,"failed":2}', stale: 0, finished: 1 },
    { status: 'sent', total: 0, counts: '{"accepted":0,"failed":0}', stale: 0, finished: 1 },
    { status: 'failed', total: 1, counts: '{"accepted":0,"failed":1}', stale: 0, finished: 1 },
  ])
  expect(await rows('SELECT name, phone, status, error_code AS code FROM message_deliveries WHERE log_id = 1 ORDER BY id')).toEqual([
    { name: 'Ana', phone: '+13235550142', status: 'accepted', code: null },
    { name: 'Ben', phone: '+13235550143', status: 'failed', code: 30003 },
    { name: '', phone: '+13235550144', status: 'failed', code: null },
  ])
  expect(of('recipients in message_logs')).toEqual({ source: 7, taken: 4, there: 0, refused: 3 })
  expect(told).toContain(
    'message_logs 1: its count says 9 recipients, it names 6: of the others it tells nothing; 1 recipient of a phone that is in the same blast twice; ' +
      '1 recipient without a phone; 1 recipient without a result',
  )
  expect(told).toContain('message_logs 2: its recipients cannot be read')
})

it('schedules what is ahead, and makes history of what is over', async () => {
  const add = (scheduled_at: string, status: string, more = {}) =>
    former.add('scheduled_messages', { created_at: at, scheduled_at, message_body: 'Hi', target: 'community', status, ...more })
  add('2026-11-22 17:00:01', 'pending')
  add('2026-11-22 17:00:00', 'pending')
  add('2026-11-30 08:00:00', 'cancelled')
  add('2026-11-01 08:00:00', 'processing')
  add('2026-11-01 08:00:00', 'sent')
  add('2026-11-30 08:00:00', 'pending', { message_body: 'Hi {city}' })
  add('2026-11-30 08:00:00', 'pending', { target: 'event', event_id: 9 })
  const { told, of } = await take()
  const stored = await rows<{ status: string }>('SELECT status FROM scheduled_messages ORDER BY id')
  expect(stored.map(({ status }) => status)).toEqual(['pending', 'expired', 'cancelled', 'expired', 'sent'])
  expect(of('scheduled_messages').refused).toBe(2)
  expect(told).toContainEqual(expect.stringMatching(/^scheduled_messages 6: its text cannot be sent: .*city/))
  expect(told).toContain('scheduled_messages 7: its event is not here')
  expect(told).toContainEqual(expect.stringMatching(/^scheduled_messages 1: still ahead: .*former app must not run/))
})

it('offers back whom a failed text cost their place, takes them when asked, and none who opted out', async () => {
  const [gone, left, stopped, told610, member] = ['+13235550142', '+13235550143', '+13235550144', '+13235550145', '+13235550146'] as const
  const details = [
    result(gone, false, "Invalid 'From' 21606", 'Gone'),
    result(left, true),
    result(stopped, false, '21606'),
    result(told610, false, '21610'),
    result(member, false, '21606'),
  ]
  former.log(details)
  former.log([result(left, true)], { created_at: '2026-10-01 08:00:00' })
  former.log([result('+13235550147', false, '21606')], { target: 'event' })
  former.add('unsubscribed_contacts', { name: '', phone: stopped, reason: 'STOP', source: 'inbound', created_at: at })
  former.add('community_members', { name: 'Member', phone: member, created_at: at })
  const offered = await take()
  expect(offered.deletions).toEqual({ offered: [{ phone: gone, name: 'Gone' }], optedOut: 2, restored: 0 })
  expect(await phones()).toEqual([member])
  expect((await take(true)).deletions.restored).toBe(1)
  expect(await phones()).toEqual([gone, member])
  expect(await consents(gone)).toMatchObject([{ kind: 'added', how: 'import', detail: expect.stringContaining('deleted them') }])
  // Whom staff delete now stays deleted.
  await h.deps.db.run(sql`INSERT INTO consent_events (phone, kind, how, created_at) VALUES (${gone}, 'removed', 'form', 1)`)
  await h.deps.db.run(sql`DELETE FROM community_members WHERE phone = ${gone}`)
  expect((await take(true)).deletions).toEqual({ offered: [], optedOut: 2, restored: 0 })
})

it('takes what came since, from the same file a day later, in batches', async () => {
  former.change((file) => {
    const insert = file.prepare('INSERT INTO community_members (name, phone, created_at) VALUES (?, ?, ?)')
    file.transaction(() => {
      for (let n = 0; n < 1000; n++) insert.run(`Person ${n}`, `+1323555${String(n).padStart(4, '0')}`, at)
    })()
  })
  expect((await take()).of('community_members').taken).toBe(1000)
  former.add('community_members', { name: 'New', phone: '+13236300201', created_at: at })
  expect((await take()).of('community_members')).toEqual({ source: 1001, taken: 1, there: 1000, refused: 0 })
})

it('remembers by their last name whom it had texted and has on no list', async () => {
  former.add('community_members', { name: 'Ana', phone: '+13235550142', created_at: at })
  former.log([result('+13235550142', true), result('+13235550143', true, null, 'Old Ben'), result('+13235550144', true, null, '')])
  former.log([result('+13235550143', true, null, 'Gone Ben')])
  const remembered = () => rows('SELECT phone, name FROM former_contacts')
  await take()
  expect(await remembered()).toEqual([{ phone: '+13235550143', name: 'Gone Ben' }])
  await take()
  expect(await remembered()).toHaveLength(1)
})
