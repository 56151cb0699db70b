import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { AppUnderTest, freePort } from '../browser/support/app'
import { build } from './build'

/* The built programs as processes: what they say and how they end. */
const hosts = [
  { host: 'node', program: 'dist/server.js', command: 'npm start', dataSetting: 'DATABASE_PATH' },
  { host: 'workerd', program: 'dist/start-workerd.js', command: 'npm run start:workerd', dataSetting: 'WORKERD_DATA_DIR' },
] as const

const good = { APP_ENV: 'development', SECRET_KEY: 'k'.repeat(64), ADMIN_PASSWORD: 'Tolu-Vare-Nika-4817' }

beforeAll(() => build())

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sms-admin-start-'))
  for (const name of ['dist', 'migrations', 'static', 'node_modules']) symlinkSync(resolve(name), join(folder, name))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Runs a start that is to fail, to its end. */
async function start(program: string, settings: Record<string, string>) {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, [join(folder, program)], { cwd: folder, env: { PATH, HOME, ...settings }, stdio: 'pipe' })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk))
  const [code] = await once(child, 'close')
  return { code, lines: said.trimEnd().split('\n') }
}

/** Two never share a folder, and the first one goes on. A database on Node may have several. */
async function refusesASecond(app: AppUnderTest): Promise<void> {
  const WORKERD_DATA_DIR = join(app.folder, 'data/workerd')
  const { code, lines } = await start('dist/start-workerd.js', { ...good, PORT: '0', WORKERD_DATA_DIR })
  expect({ code, lines }).toEqual({ code: 1, lines: [expect.stringMatching(/workerd is in use by process \d+/)] })
  expect((await fetch(`${app.origin}/health`)).status).toBe(200)
}

describe.each(hosts)('on $host', ({ host, program, command, dataSetting }) => {
  describe('a start that cannot be is one line, and exit 1:', () => {
    let taken: Server
    let port: number

    beforeAll(async () => {
      taken = createServer()
      await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
      port = (taken.address() as AddressInfo).port
    })

    afterAll(() => new Promise((resolve) => taken.close(resolve)))

    it('a taken port, and nothing is touched', async () => {
      const { code, lines } = await start(program, { ...good, PORT: String(port) })
      expect(code).toBe(1)
      expect(lines).toHaveLength(1)
      expect(lines[0]).toContain(`Port ${port} on 127.0.0.1 is taken`)
      expect(lines[0]).toContain(`PORT=${port + 1} ${command}`)
      expect(readdirSync(folder)).not.toContain('data')
    })

    it('an address that is not this machine’s', async () => {
      const { code, lines } = await start(program, { ...good, HOST: '192.0.2.1', PORT: '0' })
      expect({ code, lines }).toEqual({ code: 1, lines: [expect.stringContaining('HOST 192.0.2.1')] })
    })

    it('a folder that cannot be written', async () => {
      writeFileSync(join(folder, 'file'), '')
      const { code, lines } = await start(program, { ...good, PORT: '0', [dataSetting]: 'file/data' })
      expect({ code, lines }).toEqual({ code: 1, lines: [expect.stringMatching(new RegExp(`file/data.*${dataSetting}`))] })
    })

    it('nobody who could sign in', async () => {
      const { code, lines } = await start(program, { ...good, PORT: '0', ADMIN_PASSWORD: '', SETTINGS_FILE: '/etc/a.env' })
      expect({ code, lines }).toEqual({ code: 1, lines: [expect.stringMatching(/ADMIN_PASSWORD is not set. Set it in \/etc\/a.env /)] })
    })
  })

  it('each bad setting is a line', async () => {
    const bad = { PORT: 'abc', SECRET_KEY: 'short', APP_TIMEZONE: 'Mars', SETTINGS_FILE: '/etc/a.env' }
    const { code, lines } = await start(program, { ...good, ...bad })
    expect(code).toBe(1)
    expect(lines.pop()).toBe('The settings are in /etc/a.env.')
    expect(lines.map((line) => line.split(' ')[0]).sort()).toEqual(['APP_TIMEZONE', 'PORT', 'SECRET_KEY'])
  })

  it('SIGTERM ends it with 0; SIGKILL leaves the data and the port to the next start', async () => {
    const app = new AppUnderTest(host, await freePort(), {})
    const signIn = () =>
      fetch(`${app.origin}/login`, {
        method: 'POST',
        body: new URLSearchParams({ username: app.username, password: app.password }),
        redirect: 'manual',
      })
    try {
      await app.restart()
      expect((await signIn()).status).toBe(303)
      if (host === 'workerd') await refusesASecond(app)
      await app.kill()
      await app.restart()
      expect((await signIn()).status).toBe(303)
      expect(await app.stop()).toBe(0)
      await expect(fetch(app.origin)).rejects.toThrow()
      // It holds names and phones.
      expect(statSync(join(app.folder, 'data')).mode & 0o077).toBe(0)
    } finally {
      await app.remove()
    }
  }, 60_000)
})
