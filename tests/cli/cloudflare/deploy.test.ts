import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { migrate } from '../../../src/db/migrate'
import { D1OnBetterSqlite3 } from '../../../src/platform/d1-on-better-sqlite3'
import { readMigrations } from '../../../src/platform/node-env'
import { build } from '../build'

/* The built command against a stand-in for wrangler, which keeps an account in a file and records every call. */
const uuid = '11111111-2222-3333-4444-555555555555'
const nothing = { signedIn: true, accounts: [{ id: 'a1', name: 'Ours' }], databases: [], queues: [], secrets: {}, worker: false }
const everything = {
  ...nothing,
  databases: [{ name: 'sms-admin', uuid }],
  queues: ['sms-admin-jobs', 'sms-admin-jobs-dead'],
  secrets: { SECRET_KEY: 'of before', PUBLIC_URL: 'https://before.example.org', SMS_PROVIDER: 'simulator', ADMIN_PASSWORD: 'of before' },
  worker: true,
}
const secrets = { SECRET_KEY: 's3cret-'.repeat(6), ADMIN_PASSWORD: 'Tolu-Vare-Nika-4817', TWILIO_AUTH_TOKEN: 'token-0123456789abcdef' }
let folder: string
let worker: Server
let health: number
let settings: Record<string, string>

beforeAll(() => build(), 120_000)

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sms-admin-cloudflare-'))
  for (const name of ['dist', 'migrations']) symlinkSync(resolve(name), join(folder, name))
  mkdirSync(join(folder, 'node_modules/wrangler/bin'), { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  cpSync('tests/cli/cloudflare/fake-wrangler.js', join(folder, 'node_modules/wrangler/bin/wrangler.js'))
  writeFileSync(join(folder, 'node_modules/wrangler/package.json'), '{"type":"module"}')
  cpSync('wrangler.toml', join(folder, 'wrangler.toml'))
  health = 200
  worker = createServer((_, answer) => answer.writeHead(health).end(health === 200 ? 'OK' : 'Bad'))
  await new Promise<void>((listening) => worker.listen(0, '127.0.0.1', listening))
  const PUBLIC_URL = `http://127.0.0.1:${(worker.address() as AddressInfo).port}`
  settings = { ...secrets, PUBLIC_URL, TWILIO_ACCOUNT_SID: 'AC0', TWILIO_FROM_NUMBER: '+13236300201' }
})

afterEach(async () => {
  await new Promise((closed) => worker.close(closed))
  rmSync(folder, { recursive: true })
})

let everSaid = ''
let everCalled = ''
afterAll(() => {
  // Of all runs of this file.
  for (const secret of [...Object.values(secrets), 'of before'])
    expect([everSaid.includes(secret), everCalled.includes(secret)]).toEqual([false, false])
})

/** A table's name, its rows and their checksum. */
const sumsIn = (said: string) => [...said.matchAll(/^\w+ +[\d,]+ rows {2}[0-9a-f]{16}$/gm)].map(([line]) => line)

async function run(program: string, args: string[], given: Record<string, string>) {
  const { PATH = '', HOME = '' } = process.env
  const env = { PATH, HOME, NODE_COMPILE_CACHE: resolve('dist/.cache'), ...given }
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, env, stdio: 'pipe' })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk))
  const [code] = await once(child, 'close')
  return { code, said }
}

async function deploy(account: object, args: string[] = [], given: Record<string, string> = settings) {
  writeFileSync(join(folder, 'account.json'), JSON.stringify(account))
  const { code, said } = await run('dist/deploy-cloudflare.js', args, given)
  const calls = existsSync(join(folder, 'calls.jsonl')) ? readFileSync(join(folder, 'calls.jsonl'), 'utf8') : ''
  everSaid += said
  everCalled += calls
  const each = calls
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { args: string[]; env: string[] })
  return { code, said, calls: each.map(({ args }) => args.join(' ')), env: each.flatMap(({ env }) => env) }
}

const account = () => JSON.parse(readFileSync(join(folder, 'account.json'), 'utf8'))
const writes = (calls: string[]) =>
  calls.filter((call) => !/^(whoami|d1 list|queues info|secret list|deploy --dry-run|d1 execute)/.test(call))

describe('npm run deploy:cloudflare', { timeout: 60_000 }, () => {
  it('makes everything where there is nothing', async () => {
    const { code, said, calls, env } = await deploy(nothing)
    expect({ code, said }).toMatchObject({ code: 0, said: expect.stringContaining('says OK') })
    expect(writes(calls)).toEqual([
      'd1 create sms-admin',
      'queues create sms-admin-jobs',
      'queues create sms-admin-jobs-dead',
      'd1 migrations apply sms-admin --remote',
      'secret bulk',
      'deploy',
    ])
    expect(account().secrets).toEqual(settings)
    expect(said).toContain(`database_id is ${uuid} now`)
    expect(readFileSync(join(folder, 'wrangler.toml'), 'utf8')).toContain(`database_id = "${uuid}"`)
    expect(env).not.toContain('SECRET_KEY')
    expect(said).toContain('322.44 KiB compressed')
  })

  it('makes nothing anew where everything is there, and needs no settings', async () => {
    writeFileSync(
      join(folder, 'wrangler.toml'),
      readFileSync('wrangler.toml', 'utf8').replace('00000000-0000-0000-0000-000000000000', uuid),
    )
    const { code, said, calls } = await deploy(everything, [], {})
    expect({ code, writes: writes(calls) }).toEqual({ code: 0, writes: ['d1 migrations apply sms-admin --remote', 'deploy'] })
    expect(said).toContain('open PUBLIC_URL/health')
    expect(account().secrets).toEqual(everything.secrets)
  })

  it('makes what is missing of a half, and keeps the secrets that are there', async () => {
    const half = { ...everything, queues: ['sms-admin-jobs'] }
    const { code, said, calls } = await deploy(half)
    expect({ code, writes: writes(calls) }).toEqual({
      code: 0,
      writes: ['queues create sms-admin-jobs-dead', 'd1 migrations apply sms-admin --remote', 'secret bulk', 'deploy'],
    })
    expect(said).toContain('left as they are (--rotate replaces them): PUBLIC_URL, SECRET_KEY, ADMIN_PASSWORD')
    expect(account().secrets).toMatchObject({ SECRET_KEY: 'of before', TWILIO_AUTH_TOKEN: settings.TWILIO_AUTH_TOKEN })
  })

  it('replaces them with --rotate, from a file too', async () => {
    writeFileSync(join(folder, 'production.env'), `SECRET_KEY=${secrets.SECRET_KEY}\nPORT=1\n`)
    const { code } = await deploy(everything, ['--rotate', '--secrets', 'production.env'], {})
    expect({ code, secrets: account().secrets }).toEqual({ code: 0, secrets: { ...everything.secrets, SECRET_KEY: secrets.SECRET_KEY } })
  })

  it('says how to sign in, and changes nothing', async () => {
    const { code, said, calls } = await deploy({ ...nothing, signedIn: false })
    expect({ code, writes: writes(calls) }).toEqual({ code: 1, writes: [] })
    expect(said).toContain('npx wrangler login')
  })

  it('asks which of several accounts', async () => {
    const accounts = [...nothing.accounts, { id: 'a2', name: 'Theirs' }]
    const { code, said, calls } = await deploy({ ...nothing, accounts })
    expect({ code, writes: writes(calls) }).toEqual({ code: 1, writes: [] })
    expect(said).toContain('CLOUDFLARE_ACCOUNT_ID')
    expect(said).toContain('a2  Theirs')
  })

  it('changes nothing while settings are wrong', async () => {
    const { code, said, calls } = await deploy(nothing, [], { ...settings, PUBLIC_URL: '', QUIET_HOURS: 'night' })
    expect({ code, writes: writes(calls) }).toEqual({ code: 1, writes: [] })
    expect(said).toContain('QUIET_HOURS is not like')
    expect(said).toContain('PUBLIC_URL is missing')
  })

  it('deploys nothing where a migration fails, and says why', async () => {
    const { code, said, calls } = await deploy({ ...nothing, fails: 'd1 migrations', saysWhenItFails: 'no such table: members' })
    expect(code).toBe(1)
    expect(said).toContain('nothing was deployed')
    expect(said).toContain('no such table: members')
    expect(calls.filter((call) => /^(deploy$|secret bulk)/.test(call))).toEqual([])
  })

  it('repeats no secret that wrangler repeats', async () => {
    const { code, said } = await deploy({
      ...nothing,
      fails: 'secret bulk',
      saysWhenItFails: `refused: ${Object.values(secrets).join(' ')}`,
    })
    expect(code).toBe(1)
    expect(said).toContain('refused: ••• ••• •••')
  })

  it('fails where the Worker does not answer as it should', async () => {
    health = 500
    const { code, said } = await deploy(nothing)
    expect(code).toBe(1)
    expect(said).toContain('/health answers 500 Bad')
    expect(said).toContain('npx wrangler tail')
  })

  it('goes as far as it can without an account, with --dry-run', async () => {
    const { code, said, calls } = await deploy({ ...nothing, signedIn: false }, ['--dry-run'])
    expect({ code, calls }).toEqual({ code: 0, calls: ['deploy --dry-run'] })
    expect(said).toContain('Would: Create the D1 database sms-admin, if it is not there')
    expect(said).toContain('Would: Deploy the Worker sms-admin')
    expect(said).toContain('sound for production')
    expect((await deploy(nothing, ['--dry-run'], {})).said).toContain('SECRET_KEY has fewer than 32 characters')
  })

  it('downloads the database page by page, for its owner’s eyes only', async () => {
    await fillD1(25_000)
    const { code, said } = await deploy(everything, ['--download', 'out.sql'])
    expect({ code, said }).toMatchObject({ code: 0, said: expect.stringMatching(/^community_members +25,000 rows/m) })
    const text = readFileSync(join(folder, 'out.sql'), 'utf8')
    expect(text.match(/\+1303\d{7}/g)).toHaveLength(25_000)
    expect(new Set(text.match(/\+1303\d{7}/g)).size).toBe(25_000)
    expect(text).not.toContain('_fts')
    const server = await run('dist/doctor.js', ['--import-d1', 'out.sql'], {
      DATABASE_PATH: 'server.sqlite',
      APP_ENV: 'development',
      SECRET_KEY: 'k'.repeat(32),
    })
    expect(sumsIn(server.said)).toEqual(sumsIn(said))
    expect(statSync(join(folder, 'out.sql')).mode & 0o777).toBe(0o600)
    const again = await deploy(everything, ['--download', 'out.sql'])
    expect(again).toMatchObject({ code: 1, said: expect.stringContaining('is there already') })
  })

  it('keeps no download of a database that changes meanwhile', async () => {
    await fillD1(1)
    const { code, said } = await deploy({ ...everything, works: true }, ['--download', 'out.sql'])
    expect({ code, said }).toMatchObject({ code: 1, said: expect.stringContaining('It changed while it was read') })
    expect(existsSync(join(folder, 'out.sql'))).toBe(false)
  })
})

async function fillD1(members: number): Promise<void> {
  const file = new D1OnBetterSqlite3(join(folder, 'd1.sqlite'))
  await migrate(file as unknown as D1Database, readMigrations())
  await file.exec("INSERT INTO job_runs (name, ran_at) VALUES ('minute', 1)")
  await file.exec(`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${members})
    INSERT INTO community_members (phone, created_at, updated_at) SELECT '+1303' || (1000000 + i), 1, 1 FROM n`)
  file.close()
}
