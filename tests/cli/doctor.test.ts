import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type AppUnderTest, startApp } from '../browser/support/app'
import { FakeTwilio } from '../support/fake-twilio'
import { build } from './build'

/* The built command as a process. */
const good = { APP_ENV: 'development', SECRET_KEY: 'k'.repeat(64), PORT: '1', DATABASE_PATH: 'data/app.sqlite' }
const number = '+13236300201'

let folder: string
let twilio: FakeTwilio
let provider: Server
let standIn: Record<string, string>

beforeAll(async () => {
  await build()
  // A Twilio over a socket; what it has is each test's own.
  provider = createServer(async (incoming, outgoing) => {
    const headers = incoming.headers as Record<string, string>
    const answer = await twilio.fetch(`${twilio.baseUrl}${incoming.url}`, { method: incoming.method, headers })
    outgoing.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text())
  })
  await new Promise<void>((listening) => provider.listen(0, '127.0.0.1', listening))
}, 120_000)

afterAll(() => new Promise((closed) => provider.close(closed)))

beforeEach(() => {
  twilio = new FakeTwilio()
  twilio.account.numbers.push({ phone: number, sms: true, smsUrl: 'http://127.0.0.1:1/webhooks/twilio/inbound' })
  standIn = {
    TWILIO_ACCOUNT_SID: twilio.accountSid,
    TWILIO_AUTH_TOKEN: twilio.authToken,
    TWILIO_FROM_NUMBER: number,
    TWILIO_API_BASE_URL: `http://127.0.0.1:${(provider.address() as AddressInfo).port}`,
  }
  folder = mkdtempSync(join(tmpdir(), 'sms-admin-doctor-'))
  for (const name of ['dist', 'migrations', 'node_modules']) symlinkSync(resolve(name), join(folder, name))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function doctor(args: string[], settings: Record<string, string> = {}, input: string | null = null) {
  const { PATH = '', HOME = '' } = process.env
  // As npm run has it: a command that is compiled anew each time takes twice as long.
  const env = { PATH, HOME, NODE_COMPILE_CACHE: resolve('dist/.cache'), ...good, ...settings }
  const child = spawn(process.execPath, ['dist/doctor.js', ...args], {
    cwd: folder,
    env,
    stdio: [input === null ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  })
  if (input !== null) child.stdin?.end(input)
  let [said, complained] = ['', '']
  child.stdout?.on('data', (chunk) => (said += chunk))
  child.stderr?.on('data', (chunk) => (complained += chunk))
  const [code] = await once(child, 'close')
  return { code, said, complained }
}

type Found = { name: string; state: string; what: string; mend?: string }

async function health(settings: Record<string, string> = {}) {
  const { code, said } = await doctor(['--doctor', '--json'], settings)
  const { ok, checks } = JSON.parse(said) as { ok: boolean; checks: Found[] }
  expect(code).toBe(ok ? 0 : 1)
  return {
    said,
    of: (name: string) => checks.filter((check) => check.name === name),
    faults: checks.filter(({ state }) => state === 'fault'),
  }
}

const database = () => join(folder, 'data/app.sqlite')

function change(sql: string): void {
  const file = new BetterSqlite3(database())
  file.exec(sql)
  file.close()
}

it('asked wrongly, it is one line and exit 1', async () => {
  writeFileSync(join(folder, 'package.json'), '{}')
  const wrong: [string[], RegExp][] = [
    [['--bogus'], /^Unknown option '--bogus'\n$/],
    [['--json', '--print'], /^--json does not go with --print.\n$/],
    [['--backup', 'x'], /^There is no database at .*app.sqlite. Check DATABASE_PATH.\n$/],
    [['--restore', 'nowhere'], /^There is no file .*nowhere.\n$/],
    [['--restore', 'package.json'], /^The file cannot be read as a database .*\n$/],
    [['--reset-password', 'nobody'], /^There is no user nobody.\n$/],
    [['--reset-second-factor', 'nobody'], /^There is no user nobody.\n$/],
    [
      [],
      /--print.*\n.*--apply.*\n.*--doctor.*\n.*--backup FILE.*\n.*--restore FILE.*\n.*--export-d1 FILE.*\n.*--import-d1 FILE.*\n.*--import-legacy FILE.*\n.*--reset-password USER/,
    ],
  ]
  for (const [args, line] of wrong) {
    const { code, complained } = await doctor(args)
    expect(complained).toMatch(line)
    expect(code).toBe(1)
  }
})

it('calls itself and the settings what they are called on this machine', async () => {
  const mends = async (names: Record<string, string>) => {
    const { of } = await health({ ...names, SECRET_KEY: 'short' })
    return ['database', 'settings'].map((name) => of(name)[0]?.mend)
  }
  expect(await mends({})).toEqual(['npm run doctor -- --apply makes it.', 'Set it in the environment or in .dev.vars.'])
  const server = { DOCTOR_COMMAND: 'dbdoctor', SETTINGS_FILE: '/etc/sms-admin/sms-admin.env' }
  expect(await mends(server)).toEqual(['dbdoctor --apply makes it.', 'Set it in /etc/sms-admin/sms-admin.env.'])
  expect((await doctor(['--help'], server)).said).toMatch(/^ {2}dbdoctor --print/)
})

it('prints the path and what is applied, touches nothing, and applies', async () => {
  const before = await doctor(['--print'])
  expect(before.said).toMatch(/data\/app.sqlite \(not there yet\)\npending +0000_core.sql\n/)
  expect(existsSync(database())).toBe(false)
  expect((await doctor(['--apply'])).said).toMatch(/applied {2}0000_core.sql\n[\s\S]*has every migration now/)
  expect(statSync(database()).mode & 0o777).toBe(0o600)
  expect((await doctor(['--print'])).said).toMatch(/applied 20\d\d-[\d: -]+ 0000_core.sql/)
  expect((await doctor(['--apply'])).said).toContain('nothing was changed')
})

describe('its health check', () => {
  let applied: Buffer | null = null

  beforeEach(async () => {
    if (applied === null) {
      await doctor(['--apply'])
      applied = readFileSync(database())
      return
    }
    mkdirSync(join(folder, 'data'), { mode: 0o700 })
    writeFileSync(database(), applied, { mode: 0o600 })
  })

  it('finds a development machine sound, and says what is only pretended', async () => {
    const { faults, of } = await health()
    expect(faults).toEqual([])
    expect(of('provider')[0]).toMatchObject({ state: 'note', what: expect.stringContaining('simulator') })
    expect(of('address')[0]).toMatchObject({ state: 'note' })
    const { said } = await doctor(['--doctor'])
    expect(
      said
        .trimEnd()
        .split('\n')
        .every((line) => /^(ok|note|FAULT) +\w+ +\S/.test(line)),
    ).toBe(true)
  })

  it('names each fault of the settings, and looks at the database all the same', async () => {
    const { of } = await health({ SECRET_KEY: 'short', APP_TIMEZONE: 'Mars' })
    expect(of('settings').map(({ what }) => what.split(' ')[0])).toEqual(['APP_TIMEZONE', 'SECRET_KEY'])
    expect(of('integrity')[0]?.state).toBe('ok')
  })

  it('asks Twilio, and tells neither secret nor number', async () => {
    const { said, of } = await health(standIn)
    expect(of('provider')[0]).toMatchObject({ state: 'ok' })
    expect(of('sender')[0]).toMatchObject({ state: 'ok', what: expect.stringContaining('…0201') })
    expect(of('clock')[0]?.state).toBe('ok')
    expect(twilio.requests.every(({ method }) => method === 'GET')).toBe(true)
    for (const secret of [twilio.authToken, twilio.accountSid, number, number.slice(1), good.SECRET_KEY]) expect(said).not.toContain(secret)
  })

  it('ends with 1 where Twilio refuses', async () => {
    const { of } = await health({ ...standIn, TWILIO_AUTH_TOKEN: 'another' })
    expect(of('provider')[0]).toMatchObject({ state: 'fault', what: expect.stringContaining('code 20003') })
  })

  it('in production asks for a scheduler, a backup and an address that Twilio reaches', async () => {
    const production = { APP_ENV: 'production', SMS_PROVIDER: 'simulator', PUBLIC_URL: 'http://127.0.0.1:1' }
    const { faults } = await health(production)
    expect(faults.map(({ name }) => name).sort()).toEqual(['address', 'backup', 'scheduler'])
    change(`INSERT INTO job_runs (name, ran_at) VALUES ('minute', ${Date.now() - 60_000}), ('backup', ${Date.now() - 47 * 3_600_000})`)
    expect((await health(production)).faults.map(({ name }) => name)).toEqual(['address'])
    change(`UPDATE job_runs SET ran_at = ran_at - 2 * 3600000`)
    expect((await health(production)).faults.map(({ name }) => name).sort()).toEqual(['address', 'backup', 'scheduler'])
  })

  it('finds work that nobody does', async () => {
    change(`INSERT INTO scheduled_messages (status, message_body, target, submission_id, time_zone, due_at, created_at, updated_at)
      VALUES ('pending', 'Hi', 'community', 'a', 'UTC', 1, 1, 1)`)
    change(`INSERT INTO message_logs (id, status, message_body, target, submission_id, total_recipients, hold_until_at, created_at, started_at)
      VALUES (7, 'processing', 'Hi', 'community', 'b', 1, 1, 1, 1);
      INSERT INTO message_deliveries (log_id, phone, status, updated_at) VALUES (7, '+13235550100', 'queued', 1)`)
    const { of } = await health()
    expect(of('queue')[0]).toMatchObject({ state: 'fault', what: expect.stringMatching(/^1 scheduled/) })
    expect(of('blasts')[0]).toMatchObject({ state: 'fault', what: expect.stringContaining('Blast 7') })
  })

  it('finds a file that others can read, migrations that are missing, and damage', async () => {
    chmodSync(database(), 0o644)
    chmodSync(join(folder, 'data'), 0o755)
    expect((await health()).of('permissions')[0]).toMatchObject({ state: 'fault', mend: `chmod 600 ${database()}` })
    change("DELETE FROM d1_migrations WHERE name LIKE '0009%'")
    expect((await health()).of('migrations')[0]).toMatchObject({ state: 'fault', mend: expect.stringContaining('--apply') })
    writeFileSync(database(), 'no database')
    for (const end of ['-wal', '-shm']) rmSync(database() + end, { force: true })
    expect((await health()).of('database')[0]).toMatchObject({ state: 'fault', mend: expect.stringContaining('--restore') })
  })
})

describe('beside a running server', () => {
  let app: AppUnderTest
  const settings = () => ({
    DATABASE_PATH: join(app.folder, 'data/sms-admin.sqlite'),
    PORT: new URL(app.origin).port,
    SECRET_KEY: 'k'.repeat(64),
  })

  beforeEach(async () => {
    app = await startApp('node', { TWILIO_AUTH_TOKEN: twilio.authToken, AUTH_MAX_ATTEMPTS_IP_ACCOUNT: '2' })
  })

  afterEach(() => app.remove())

  it('the health check reaches it by signed and unsigned requests, and sees its passes', async () => {
    const { faults, of } = await health({ ...settings(), TWILIO_AUTH_TOKEN: twilio.authToken })
    expect(faults).toEqual([])
    expect(of('scheduler')[0]?.state).toBe('ok')
    expect(of('webhook')[0]).toMatchObject({ state: 'ok', what: expect.stringContaining('takes what is') })
    // Another token: it is another program's address.
    expect((await health({ ...settings(), TWILIO_AUTH_TOKEN: 'another' })).of('webhook')[0]?.state).toBe('fault')
  })

  it('a backup is whole and for nobody else; a restore is refused until it stops, and keeps what was there', async () => {
    const backup = join(folder, 'backup.sqlite')
    const made = await doctor(['--backup', backup], settings())
    expect(made).toMatchObject({ code: 0, said: expect.stringContaining('1 user,') })
    expect(statSync(backup).mode & 0o777).toBe(0o600)
    expect((await doctor(['--backup', backup], settings())).complained).toContain('add --overwrite')
    expect((await doctor(['--backup', backup, '--overwrite'], settings())).code).toBe(0)

    const refused = await doctor(['--restore', backup], settings())
    expect(refused).toMatchObject({ code: 1, complained: expect.stringMatching(/is in use by process \d+ \(.*server.js\)/) })
    expect((await fetch(`${app.origin}/health`)).status).toBe(200)

    await app.stop()
    const restored = await doctor(['--restore', backup], settings())
    expect(restored).toMatchObject({ code: 0, said: expect.stringContaining('is restored from a backup of 20') })
    const kept = readdirSync(join(app.folder, 'data')).sort()
    expect(kept.filter((name) => name.includes('before-restore'))).toHaveLength(1)
    expect(kept.filter((name) => /restoring|-wal|-shm/.test(name))).toEqual([])
    await app.restart()
    expect((await fetch(`${app.origin}/health`)).status).toBe(200)
  })

  it('a new password ends the sessions, opens the door, and has to be changed', async () => {
    const signIn = async (password: string) => {
      const body = new URLSearchParams({ username: app.username, password })
      const answer = await fetch(`${app.origin}/login`, { method: 'POST', body, redirect: 'manual' })
      return { location: answer.headers.get('location'), cookie: answer.headers.getSetCookie().at(-1)?.split(';')[0] ?? '' }
    }
    const before = await signIn(app.password)
    for (let tries = 0; tries < 3; tries++) await signIn('wrong')
    const { said } = await doctor(['--reset-password', app.username.toUpperCase()], settings())
    const password = said.match(/^New password of admin: (\S+)$/m)?.[1] ?? ''
    expect(password.length).toBeGreaterThanOrEqual(12)
    const look = await fetch(`${app.origin}/dashboard`, { headers: { cookie: before.cookie }, redirect: 'manual' })
    expect(look.headers.get('location')).toContain('/login')
    const after = await signIn(password)
    const page = await fetch(`${app.origin}/dashboard`, { headers: { cookie: after.cookie }, redirect: 'manual' })
    expect(page.headers.get('location')).toBe('/account/password')

    expect(await doctor(['--reset-password', 'admin'], settings(), 'short\n')).toMatchObject({
      code: 1,
      complained: expect.stringMatching(/at least 12/),
    })
    const given = await doctor(['--reset-password', 'admin'], settings(), 'Bena-Kilo-Sora-2291\n')
    expect(given.code).toBe(0)
    expect(given.said).not.toContain('Bena')
    expect((await signIn('Bena-Kilo-Sora-2291')).location).not.toBeNull()
  })

  it('a sign-in code is taken away: the password alone signs in', async () => {
    expect(await doctor(['--reset-second-factor', 'admin'], settings())).toMatchObject({
      code: 1,
      complained: 'admin has no sign-in code.\n',
    })
    const file = new BetterSqlite3(settings().DATABASE_PATH)
    file.prepare("UPDATE users SET second_factor_secret = 'c2VhbGVk', second_factor_at = 1 WHERE username = 'admin'").run()
    const signIn = async () => {
      const body = new URLSearchParams({ username: app.username, password: app.password })
      return (await fetch(`${app.origin}/login`, { method: 'POST', body, redirect: 'manual' })).headers.get('location')
    }
    expect(await signIn()).toBe('/login/code')
    const done = await doctor(['--reset-second-factor', 'Admin'], settings())
    expect(done).toMatchObject({ code: 0, said: expect.stringMatching(/^admin has no sign-in code any more/) })
    expect(await signIn()).toBe('/dashboard')
    file.close()
  })
})

it('a database that another program has open is not replaced, nor one that is being restored started on', async () => {
  await doctor(['--apply'])
  await doctor(['--backup', 'copy'])
  const shell = new BetterSqlite3(database())
  shell.prepare('SELECT count(*) FROM users').get()
  expect(await doctor(['--restore', 'copy'])).toMatchObject({ code: 1, complained: expect.stringContaining('is in use') })
  shell.close()
  const restoring = new BetterSqlite3(`${database()}.lock`)
  restoring.exec('BEGIN EXCLUSIVE')
  expect(await doctor(['--apply'])).toMatchObject({ code: 1, complained: expect.stringContaining('is being restored') })
  restoring.close()
  const restored = await doctor(['--restore', 'copy'])
  expect(restored.code).toBe(0)
  // The copy knows when it was taken.
  const taken = Date.parse(restored.said.match(/backup of (\S+Z)\./)?.[1] ?? '')
  expect(Math.abs(Date.now() - taken)).toBeLessThan(60_000)
})

it('a backup takes the place of a database that is damaged, which is kept', async () => {
  await doctor(['--apply'])
  await doctor(['--backup', 'copy'])
  writeFileSync(database(), 'no database')
  const { code, said } = await doctor(['--restore', 'copy'])
  expect(code).toBe(0)
  expect(said).toContain('It could not be read')
  expect((await health()).faults).toEqual([])
})

it('a backup of a newer version is refused', async () => {
  await doctor(['--apply'])
  change("INSERT INTO d1_migrations (name) VALUES ('9999_future.sql')")
  await doctor(['--backup', 'copy'])
  expect(await doctor(['--restore', 'copy'])).toMatchObject({ code: 1, complained: expect.stringContaining('9999_future.sql') })
})
