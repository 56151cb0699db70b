import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { build } from './build'
import { at, createFormerApp, fillFormerApp } from './former-app'

/* npm run doctor -- --import-legacy, as a process. */
let folder: string
let former: ReturnType<typeof createFormerApp>

beforeAll(() => build(), 120_000)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sms-admin-doctor-'))
  for (const name of ['dist', 'migrations', 'node_modules']) symlinkSync(resolve(name), join(folder, name))
  former = createFormerApp()
})

afterEach(() => {
  former.remove()
  rmSync(folder, { recursive: true, force: true })
})

async function doctor(...args: string[]) {
  const { PATH = '', HOME = '' } = process.env
  const settings = { APP_ENV: 'development', SECRET_KEY: 'k'.repeat(64), DATABASE_PATH: 'data/app.sqlite' }
  const child = spawn(process.execPath, ['dist/doctor.js', ...args], {
    cwd: folder,
    env: { PATH, HOME, NODE_COMPILE_CACHE: resolve('dist/.cache'), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [said, complained] = ['', '']
  child.stdout.on('data', (chunk) => (said += chunk))
  child.stderr.on('data', (chunk) => (complained += chunk))
  const [code] = await once(child, 'close')
  return { code, said, complained }
}

const database = () => join(folder, 'data/app.sqlite')
const digest = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')

function count(table: string): unknown {
  const file = new BetterSqlite3(database(), { readonly: true })
  const n = file.prepare(`SELECT count(*) FROM ${table}`).pluck().get()
  file.close()
  return n
}

/** `community_members  3  2  0  1` */
const lineOf = (said: string, table: string) =>
  said
    .split('\n')
    .find((line) => line.startsWith(table))
    ?.trim()
    .split(/\s+/)
    .slice(-4)
    .map(Number)

it('tells beforehand exactly what it does then, and leaves the file as it was', async () => {
  fillFormerApp(former, 'pbkdf2:sha256:1$s$00')
  former.add('community_members', { name: 'Nobody', phone: 'soon', created_at: at })
  former.log([{ phone: '+13235550150', name: 'Gone', success: false, error: '21606' }])
  const untouched = digest(former.path)
  const dry = await doctor('--import-legacy', former.path, '--dry-run', '--restore-deleted')
  expect([dry.code, dry.complained]).toEqual([0, ''])
  expect(existsSync(database())).toBe(false)
  expect(lineOf(dry.said, 'community_members')).toEqual([3, 2, 0, 1])
  expect(dry.said).toContain('Not taken: community_members 3: no phone: This is not a phone number')
  expect(dry.said).toMatch(/Look at: {3}users 1: password cannot be read, give a new one with --reset-password/)
  expect(dry.said).toContain('Gone, …0150')
  expect(dry.said).not.toMatch(/\+1323|3235550/)

  await doctor('--apply')
  const before = digest(database())
  const again = await doctor('--import-legacy', former.path, '--dry-run', '--restore-deleted')
  expect(digest(database())).toBe(before)
  expect(readdirSync(join(folder, 'data')).filter((name) => name.includes('trying'))).toEqual([])

  const real = await doctor('--import-legacy', former.path, '--restore-deleted')
  expect(real.code).toBe(0)
  expect(real.said.split('\n').slice(0, -2)).toEqual(again.said.split('\n').slice(0, -2))
  expect(again.said).toContain('Nothing was changed')
  expect([count('community_members'), count('message_deliveries')]).toEqual([3, 2])
  expect(lineOf((await doctor('--import-legacy', former.path)).said, 'community_members')).toEqual([3, 0, 2, 1])
  expect(readdirSync(former.folder)).toEqual(['former.sqlite'])
  expect(digest(former.path)).toBe(untouched)
})

it('is one line and exit 1 for what is no such file', async () => {
  await doctor('--apply')
  writeFileSync(join(folder, 'notes.txt'), 'no database at all')
  const empty = new BetterSqlite3(join(folder, 'empty.sqlite'))
  empty.exec('CREATE TABLE users (id INTEGER PRIMARY KEY, password_hash TEXT)')
  empty.close()
  const wrong: [string[], RegExp][] = [
    [['--import-legacy', 'nowhere'], /^There is no file .*nowhere\.\n$/],
    [['--import-legacy', 'notes.txt'], /^The file cannot be read as a database \(.*\)\.\n$/],
    [['--import-legacy', 'empty.sqlite'], /^The file is no database of the Flask app: it has no community_members\.phone\.\n$/],
    [['--import-legacy', 'data/app.sqlite'], /^That is the database itself\. Give the file of the Flask app\.\n$/],
    [['--print', '--dry-run'], /^--dry-run does not go with --print\.\n$/],
    [['--import-legacy'], /^Option '--import-legacy <value>' argument missing\n$/],
  ]
  for (const [args, line] of wrong) {
    const { code, said, complained } = await doctor(...args)
    expect(complained).toMatch(line)
    expect([code, said]).toEqual([1, ''])
  }
  expect(count('legacy_rows')).toBe(0)
})
