import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { migrate } from '../../src/db/migrate'
import { D1OnBetterSqlite3 } from '../../src/platform/d1-on-better-sqlite3'
import { shareDatabase } from '../../src/platform/database-lock'
import { tablesOf } from '../../src/platform/database-tables'
import { readMigrations } from '../../src/platform/node-env'
import { build } from './build'

/* A database moves to D1 and back, by the built command and by wrangler itself. */
const dayMs = 86_400_000
// No line break beside a written \n: of the two in one text wrangler's export makes two line breaks (docs/deployment-cloudflare.md).
const longText = `é👩‍🌾'"\\n;`.repeat(12_000)
const oddTexts = [
  "it's; BEGIN TRANSACTION;\nCOMMIT;\r\n",
  '-- no comment',
  'C:\\new\\n "x" `y` [z]',
  'tab\tand \u0001',
  '🙂 ümläut 日本',
  '1e3',
  '',
]

let folder: string

beforeAll(() => build(), 120_000)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sms-admin-move-'))
  for (const name of ['dist', 'migrations', 'node_modules']) symlinkSync(resolve(name), join(folder, name))
  const toml = readFileSync('wrangler.toml', 'utf8').replace(/^\[build\]\n(.+\n)+/m, '')
  writeFileSync(join(folder, 'wrangler.toml'), toml)
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function run(program: string, args: string[], settings: Record<string, string> = {}) {
  const { PATH = '' } = process.env
  const quiet = { WRANGLER_SEND_METRICS: 'false', CLOUDFLARE_CF_FETCH_ENABLED: 'false', WRANGLER_HIDE_BANNER: 'true', CI: '1' }
  const env = { PATH, HOME: folder, APP_ENV: 'development', SECRET_KEY: 'k'.repeat(64), ...quiet, ...settings }
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk))
  const [code] = await once(child, 'close')
  return { code, said }
}

const doctor = (args: string[], path = 'vps.sqlite') => run('dist/doctor.js', args, { DATABASE_PATH: path })
const wrangler = (...args: string[]) => run('node_modules/wrangler/bin/wrangler.js', ['d1', ...args])
/** `community_members 3 rows 0123456789abcdef` */
const sumsIn = (said: string) => [...said.matchAll(/^(\w+) +([\d,]+) rows {2}([0-9a-f]{16})$/gm)].map(([, ...each]) => each.join(' '))

async function fill(path = 'vps.sqlite'): Promise<void> {
  const opened = new D1OnBetterSqlite3(join(folder, path))
  await migrate(opened as unknown as D1Database, readMigrations())
  opened.close()
  const file = new BetterSqlite3(join(folder, path))
  const now = Date.now()
  const put = (table: string, row: Record<string, unknown>) => {
    const names = Object.keys(row)
    file.prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`).run(Object.values(row))
  }
  const times = { created_at: now, updated_at: now }
  put('users', { username: 'rosa', password_hash: 'x', role: 'admin', ...times })
  put('sessions', { id: 's', user_id: 1, data: '{}', created_at: 1, last_seen_at: 1, idle_expires_at: 1, expires_at: 1 })
  for (const [n, name] of oddTexts.entries()) put('community_members', { name, phone: `+1303555${1000 + n}`, ...times })
  put('community_members', { name: 'Left', phone: '+13035559999', ...times })
  file.exec("DELETE FROM community_members WHERE name = 'Left'")
  put('events', { title: 'Supper', ...times })
  put('event_registrations', { event_id: 1, name: 'Ana', phone: '+13035551000', ...times })
  put('unsubscribed_contacts', { phone: '+13035551001', source: 'inbound', created_at: now })
  put('audit_events', { event_type: 'signed_in', outcome: 'success', created_at: now })
  put('imports', { kind: 'members', filename: 'a.csv', status: 'reading', created_at: now })
  put('import_chunks', { import_id: 1, position: 0, rows: longText })
  const blast = { message_body: 'Hello', target: 'community', hold_until_at: now }
  put('message_logs', { ...blast, status: 'processing', submission_id: 'one', created_at: now })
  put('message_deliveries', { log_id: 1, phone: '+13035551002', status: 'queued', updated_at: now })
  put('message_deliveries', { log_id: 1, phone: '+13035551003', status: 'accepted', updated_at: now })
  const message = { status: 'pending', message_body: 'Later', target: 'community', time_zone: 'UTC', ...times }
  put('scheduled_messages', { ...message, submission_id: 'missed', due_at: now - 1000 })
  put('scheduled_messages', { ...message, submission_id: 'ahead', due_at: now + dayMs })
  file.close()
}

describe('a database that moves', () => {
  it('to D1 and back is the same, and nobody is texted by both hosts', async () => {
    await fill()
    const out = await doctor(['--export-d1', 'out.sql'])
    expect(out.said).toContain('1 unfinished blast is paused; 1 text is looked up')
    expect(statSync(join(folder, 'out.sql')).mode & 0o777).toBe(0o600)
    const longest = Math.max(
      ...readFileSync(join(folder, 'out.sql'), 'utf8')
        .split(';\n')
        .map((each) => Buffer.byteLength(each)),
    )
    expect(longest).toBeLessThan(100_000)
    const sums = sumsIn(out.said)
    expect(sums).toContainEqual(expect.stringMatching(/^community_members 7 /))
    expect(sums).toContainEqual(expect.stringMatching(/^sessions 0 /))

    const executed = await wrangler('execute', 'sms-admin', '--local', '--file', 'out.sql')
    expect(executed).toMatchObject({ code: 0, said: expect.stringContaining('"success": true') })
    const tables = namesOfTables().flatMap((name) => ['--table', name])
    const exported = await wrangler('export', 'sms-admin', '--local', '--output', 'back.sql', ...tables)
    expect(exported).toMatchObject({ code: 0, said: expect.stringContaining('Done!') })

    const back = await doctor(['--import-d1', 'back.sql'], 'new.sqlite')
    expect(back).toMatchObject({ code: 0 })
    expect(sumsIn(back.said)).toEqual(sums)
    look('new.sqlite', (file) => {
      const all = (sql: string) => file.prepare(sql).all()
      expect(all('SELECT status FROM message_logs')).toEqual([{ status: 'paused' }])
      expect(all('SELECT status FROM message_deliveries ORDER BY id')).toEqual([{ status: 'unknown' }, { status: 'accepted' }])
      expect(all('SELECT status, reason FROM scheduled_messages ORDER BY id')).toEqual([
        { status: 'expired', reason: 'restored' },
        { status: 'pending', reason: '' },
      ])
      // The consent record and the audit trail are what they were: no trigger wrote anything.
      expect(all('SELECT kind FROM consent_events')).toHaveLength(1)
      expect(() => file.exec('DELETE FROM audit_events')).toThrow('kept until')
      expect(all("SELECT rowid FROM community_members_fts WHERE community_members_fts MATCH 'ümläut'")).toHaveLength(1)
      // The number of a member who left is not given to another.
      const next = file.prepare("INSERT INTO community_members (phone, created_at, updated_at) VALUES ('+1', 1, 1)").run()
      expect(next.lastInsertRowid).toBe(oddTexts.length + 2)
      expect(file.prepare('SELECT rows FROM import_chunks').pluck().get()).toBe(longText)
    })
  }, 120_000)

  const namesOfTables = () => look('vps.sqlite', (file) => [...tablesOf(file).map(({ name }) => name), 'sqlite_sequence'])

  function look<T>(path: string, at: (file: BetterSqlite3.Database) => T): T {
    const file = new BetterSqlite3(join(folder, path))
    try {
      return at(file)
    } finally {
      file.close()
    }
  }

  /** What D1 does with the file, without wrangler: all of it or nothing. */
  const arrive = (sql: string) =>
    look('d1.sqlite', (file) => {
      file.exec(`BEGIN; ${sql}; COMMIT`)
      return file.prepare('SELECT status FROM scheduled_messages ORDER BY id').pluck().all()
    })

  it('is fenced where it arrives, too: what was due meanwhile does not go out again', async () => {
    await fill()
    look('vps.sqlite', (file) => file.exec(`UPDATE scheduled_messages SET due_at = ${Date.now() + 5000} WHERE submission_id = 'ahead'`))
    const before = Date.now()
    await doctor(['--export-d1', 'out.sql'])
    const sql = readFileSync(join(folder, 'out.sql'), 'utf8')
    // An hour later by the clock of D1.
    const later = before + 3_600_000
    expect(arrive(sql.replaceAll("unixepoch('subsec')", `${later / 1000}`))).toEqual(['expired', 'expired'])
    look('d1.sqlite', (file) => {
      expect(file.prepare('SELECT restored_at FROM message_logs').pluck().get()).toBe(later)
      expect(file.prepare("SELECT not_before_at FROM message_deliveries WHERE status = 'unknown'").pluck().get()).toBe(later + 120_000)
      expect(file.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'arriving'").pluck().get()).toBe(0)
    })
  })

  it('does not arrive a day late, by when a series may have gone on', async () => {
    await fill()
    await doctor(['--export-d1', 'out.sql'])
    const sql = readFileSync(join(folder, 'out.sql'), 'utf8').replaceAll("unixepoch('subsec')", `${(Date.now() + dayMs) / 1000}`)
    expect(() => arrive(sql)).toThrow('this export is more than a day old')
  })

  it('is exported while the app works on it, and says what that means', async () => {
    await fill()
    const app = shareDatabase(join(folder, 'vps.sqlite'))
    const writer = new BetterSqlite3(join(folder, 'vps.sqlite'))
    writer.exec("BEGIN IMMEDIATE; UPDATE message_logs SET message_body = 'half done'")
    try {
      const { code, said } = await doctor(['--export-d1', 'out.sql'])
      expect({ code, said }).toMatchObject({ code: 0, said: expect.stringContaining('is in use') })
      expect(readFileSync(join(folder, 'out.sql'), 'utf8')).not.toContain('half done')
    } finally {
      writer.close()
      app?.release()
    }
  })

  it('takes no place that is taken', async () => {
    await fill()
    writeFileSync(join(folder, 'out.sql'), 'mine')
    expect(await doctor(['--export-d1', 'out.sql'])).toMatchObject({ code: 1, said: expect.stringContaining('is there already') })
    expect(readFileSync(join(folder, 'out.sql'), 'utf8')).toBe('mine')
    expect(await doctor(['--import-d1', 'out.sql'])).toMatchObject({ code: 1, said: expect.stringContaining('is there already') })
  })

  describe('is refused, and nothing is left behind,', () => {
    const begin = 'CREATE TABLE d1_migrations (id);\nINSERT INTO "d1_migrations" ("id","name") VALUES(1,\'0000_core.sql\');\n'
    const end = 'INSERT INTO "sqlite_sequence" ("name","seq") VALUES(\'users\',1);'
    it.each([
      ['where it is no export', 'SELECT 1;', 'is no export of a database of this app'],
      ['where it ends within a statement', `${begin}INSERT INTO users VALUES ('a`, 'is cut off'],
      ['where it ends too early', begin, 'is not a whole export'],
      ['where tables are missing', `${begin}${end}`, 'lacks audit_events, community_members'],
      [
        'where it is of a newer version',
        `${begin.replace('0000_core', '9999_newer')}${end}`,
        'of a newer version of this app: it has 9999_newer',
      ],
    ])('%s', async (_, sql, words) => {
      writeFileSync(join(folder, 'in.sql'), sql)
      expect(await doctor(['--import-d1', 'in.sql'])).toMatchObject({ code: 1, said: expect.stringContaining(words) })
      for (const name of ['vps.sqlite', 'vps.sqlite.importing']) expect(existsSync(join(folder, name))).toBe(false)
    })
  })
})
