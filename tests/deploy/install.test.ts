import { execFile } from 'node:child_process'
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, delimiter, join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config'
import { freePort } from '../browser/support/app'
import { build } from '../cli/build'

/* deploy/install.sh below a folder of its own: releases of the real programs, built once, with real databases; npm is never asked. */
const files = ['package.json', 'package-lock.json', '.npmrc', 'tsconfig.json', 'wrangler.toml', '.dev.vars.example', 'README.md', 'LICENSE']
const folder = mkdtempSync(join(tmpdir(), 'sms-admin-install-'))
const prefix = join(folder, 'root')
const at = (path: string) => join(prefix, path)
const settings = at('etc/sms-admin/sms-admin.env')
const database = at('var/lib/sms-admin/sms-admin.sqlite')
let given: string

/** A clone with its packages, whose build brings what these tests have built. A later version has a migration more, and maybe its own server. */
function clone(name: string, later: { migration?: string; server?: string } = {}): string {
  const root = join(folder, name)
  for (const each of ['deploy', 'migrations', 'static', ...files])
    cpSync(each, join(root, each), { recursive: true, preserveTimestamps: true })
  for (const each of ['src', 'templates', 'docs']) mkdirSync(join(root, each))
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'))
  // As old as can be: installed packages are newer.
  utimesSync(join(root, 'package-lock.json'), 0, 0)
  if (later.migration) writeFileSync(join(root, 'migrations', later.migration), 'CREATE TABLE later (x);')
  const server = later.server ?? readFileSync('dist/server.js', 'utf8')
  mkdirSync(join(root, 'deploy/programs'))
  writeFileSync(join(root, 'deploy/programs/server.js'), server)
  cpSync('dist/doctor.js', join(root, 'deploy/programs/doctor.js'))
  writeFileSync(
    join(root, 'deploy/build.mjs'),
    `import { cpSync } from 'node:fs'
     export const buildNode = () => cpSync('deploy/programs', 'dist', { recursive: true })
     export const buildWorker = () => {}`,
  )
  return root
}

type Outcome = { code: number; said: string }
const run = (file: string, ...args: string[]) =>
  new Promise<Outcome>((done) => {
    const PATH = [join(folder, 'bin'), process.env.PATH].join(delimiter)
    execFile(file, args, { env: { PATH }, cwd: folder }, (fault, stdout, stderr) =>
      done({ code: fault ? Number(fault.code) : 0, said: stdout + stderr }),
    )
  })
const install = (root: string, ...args: string[]) => run(join(root, 'deploy/install.sh'), '--prefix', prefix, ...args)
const dbdoctor = (...args: string[]) => run(at('usr/local/bin/dbdoctor'), ...args)
const current = () => basename(readlinkSync(at('opt/sms-admin/current')))
const mode = (path: string) => (statSync(path).mode & 0o777).toString(8)

/** Every path with what changes when it is touched. SQLite's own files beside the database come and go with each look at it. */
function listing(below = prefix): string[] {
  if (!existsSync(below)) return []
  return readdirSync(below, { withFileTypes: true })
    .filter(({ name }) => !/^(node_modules|lock)$|-(shm|wal)$/.test(name))
    .flatMap((entry) => {
      const path = join(below, entry.name)
      const { mtimeMs, size, mode } = lstatSync(path)
      return [`${path} ${mtimeMs} ${size} ${mode}`, ...(entry.isDirectory() ? listing(path) : [])]
    })
}

beforeAll(async () => {
  await build()
  mkdirSync(join(folder, 'bin'))
  writeFileSync(join(folder, 'bin/npm'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
  given = `# mine\nPORT=${await freePort()}\nSMS_PROVIDER=simulator\nADMIN_PASSWORD=Tolu-Vare-Nika-4817`
})

afterAll(() => rmSync(folder, { recursive: true }))

describe.skipIf(process.platform !== 'linux')('deploy/install.sh', { timeout: 90_000 }, () => {
  let first: string
  let release: string

  beforeAll(() => {
    first = clone('first')
  })

  it('says what is missing before it does anything', async () => {
    expect(await install(first)).toEqual({ code: 1, said: expect.stringMatching(/^--domain NAME is needed once/) })
    expect(await install(first, '--domain', 'sms.example.org/x')).toMatchObject({ code: 1 })
    expect(await install(first, '--from', folder)).toEqual({ code: 1, said: `${folder} is no clone of SMS Admin.\n` })
  })

  it('touches nothing in a dry run', async () => {
    rmSync(prefix, { recursive: true, force: true })
    const { code, said } = await install(first, '--domain', 'sms.example.org', '--dry-run')
    expect(code).toBe(0)
    for (const words of ['build release', 'sms-admin.env', 'systemd units', 'sites-available/sms-admin']) expect(said).toContain(words)
    expect(listing()).toEqual([])
  })

  it('installs, with the settings that were there and those that were missing', async () => {
    mkdirSync(at('etc/sms-admin'), { recursive: true })
    writeFileSync(settings, given, { mode: 0o644 })
    const { code, said } = await install(first, '--domain', 'sms.example.org')
    expect(said).toContain('It answers.')
    expect(code).toBe(0)
    release = current()
    const text = readFileSync(settings, 'utf8')
    expect(text.startsWith(`${given}\n`)).toBe(true)
    expect(said).toMatch(/^add to \S+: .*\bSECRET_KEY, .*#HOST, /m)
    expect(readConfig(parseEnv(text), 'node')).toMatchObject({
      development: false,
      publicUrl: 'https://sms.example.org',
      trustProxy: true,
      databasePath: database,
      provider: 'simulator',
    })
    expect(
      Object.fromEntries([settings, at('var/lib/sms-admin'), at('var/lib/sms-admin/backups'), database].map((path) => [path, mode(path)])),
    ).toEqual({
      [settings]: '660',
      [at('var/lib/sms-admin')]: '700',
      [at('var/lib/sms-admin/backups')]: '700',
      [database]: '600',
    })
    expect(readFileSync(at('etc/nginx/sites-available/sms-admin'), 'utf8')).toMatch(/server_name sms\.example\.org;/)
    expect(readdirSync(at('etc/systemd/system'))).toEqual(readdirSync('deploy/systemd'))
    expect(await dbdoctor('--print')).toEqual({ code: 0, said: expect.stringContaining(`Database: ${database}\napplied`) })
    expect((await dbdoctor('--doctor')).said).toMatch(/^FAULT +backup .* dbdoctor --backup FILE makes one\.$/m)
    // The first backup starts with the units, and is one of the commands.
    expect(said.indexOf('usr/local/bin/sms-admin')).toBeLessThan(said.indexOf('start release'))
  })

  it('does nothing the second time, and says so', async () => {
    const before = listing()
    const { code, said } = await install(first)
    expect(said).toContain('Nothing to do')
    expect(code).toBe(0)
    expect(listing()).toEqual(before)
  })

  it('backs up where it keeps the newest 14', async () => {
    const backups = at('var/lib/sms-admin/backups')
    for (let day = 10; day < 25; day++) writeFileSync(join(backups, `sms-admin-2020-01-${day}T03-30-00Z.sqlite`), '')
    writeFileSync(join(backups, 'mine.sqlite'), '')
    expect(await run(at('usr/local/bin/sms-admin'), 'backup')).toEqual({ code: 0, said: expect.stringContaining('read back and whole') })
    const kept = readdirSync(backups)
    expect(kept).toContain('mine.sqlite')
    expect(kept).toHaveLength(15)
    expect(kept).not.toContain('sms-admin-2020-01-11T03-30-00Z.sqlite')
  })

  it('goes back, program and database, when the new release does not answer', async () => {
    const server = "console.log('the broken one ran'); process.exit(3)"
    const broken = clone('broken', { migration: '9998_later.sql', server })
    const { code, said } = await install(broken)
    expect(code).toBe(1)
    expect(said).toContain('the broken one ran')
    expect(said).toContain(`Going back to release ${release}.`)
    expect(said).toContain('is restored from a backup')
    expect(said).toContain(`Release ${release} runs as before.`)
    expect(current()).toBe(release)
    const { said: state } = await dbdoctor('--print')
    expect(state).not.toContain('9998_later')
    expect(state).not.toContain('newer version')
  })

  it('upgrades, keeps the release before, and takes no older one after', async () => {
    const next = clone('next', { migration: '9999_later.sql' })
    expect(await run(at('usr/local/bin/sms-admin'), 'upgrade', next)).toMatchObject({ code: 0 })
    const newer = current()
    expect(newer).not.toBe(release)
    expect(readdirSync(at('opt/sms-admin/releases')).sort()).toEqual([release, newer].sort())
    expect((await dbdoctor('--print')).said).toMatch(/^applied .*9999_later\.sql$/m)
    expect(await install(first)).toEqual({ code: 1, said: expect.stringContaining('The database is of a newer version') })
    expect(current()).toBe(newer)
  })

  it('uninstalls the program, and keeps settings and data', async () => {
    const before = readFileSync(settings, 'utf8')
    const { code, said } = await run(at('usr/local/bin/sms-admin'), 'uninstall')
    expect(code).toBe(0)
    expect(said).toContain(`Kept: the settings in ${at('etc/sms-admin')}, the database and its backups in ${at('var/lib/sms-admin')}`)
    expect(readFileSync(settings, 'utf8')).toBe(before)
    expect(statSync(database).size).toBeGreaterThan(0)
    expect(readdirSync(at('usr/local/bin'))).toEqual([])
    expect(readdirSync(at('etc/systemd/system'))).toEqual([])
    expect(readdirSync(at('opt'))).toEqual([])
  })
})
