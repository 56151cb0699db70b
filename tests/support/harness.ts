import { openTestDatabase, scrypt } from '#host'
import { createApp } from '../../src/app'
import { readConfig } from '../../src/config'
import { openDatabase } from '../../src/db/database'
import { type Role, users } from '../../src/db/schema'
import type { Deps, Job } from '../../src/deps'
import type { SmsProvider } from '../../src/sms/provider'

export const origin = 'http://127.0.0.1:8787'
export const password = 'Correct-Horse-9'
/** Of scrypt, at a fraction of its work: what is to be tested is mostly something else. */
export const cheapCost = { n: 16, r: 1, p: 1 }
let hashed: Promise<string> | null = null

/** Accepts everything; tests of sending bring their own. */
const acceptingProvider: SmsProvider = {
  name: 'twilio',
  sender: '+13236300201',
  send: async ({ to }) => ({ kind: 'accepted', sid: `SM${to.slice(1)}`, status: 'queued', parts: 1 }),
  listTo: async () => ({ kind: 'listed', messages: [] }),
}

/** Of the real kind; the cost travels in the hash. */
async function cheapHash({ scrypt }: Pick<Deps, 'scrypt'>): Promise<string> {
  const salt = new Uint8Array(16)
  const key = await scrypt(password, salt, cheapCost, 32)
  const base64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes))
  return `scrypt$${cheapCost.n}$${cheapCost.r}$${cheapCost.p}$${base64(salt)}$${base64(key)}`
}

export type Harness = Awaited<ReturnType<typeof createHarness>>

/** The whole app on a real, empty database. Only the clock, the provider and the queue are a test's own. */
export async function createHarness(
  settings: Record<string, string> = {},
  sms: SmsProvider | ((now: () => number) => SmsProvider) = acceptingProvider,
) {
  const d1 = await openTestDatabase()
  const clock = { now: Date.parse('2026-11-22T17:00:00Z') }
  const nudges: { job: Job; delayMs: number }[] = []
  const logged: { event: string; fields: Record<string, unknown> }[] = []
  let tokens = 0
  const deps: Deps = {
    db: openDatabase(d1),
    config: readConfig({ APP_ENV: 'development', SECRET_KEY: 'test-key-0123456789-0123456789-0123456789', ...settings }, 'node'),
    sms: typeof sms === 'function' ? sms(() => clock.now) : sms,
    queue: {
      async send(job, delayMs = 0) {
        nudges.push({ job, delayMs })
      },
    },
    log: (event, fields = {}) => logged.push({ event, fields }),
    now: () => clock.now,
    sleep: async (ms) => {
      clock.now += ms
      // A turn of the event loop, as a real sleep gives: what is in flight goes on.
      await new Promise((resolve) => setTimeout(resolve, 0))
    },
    newToken: () => `token-${++tokens}`,
    random: () => 0.5,
    scrypt,
    peerAddress: () => '192.0.2.1',
    stopping: () => false,
    budget: { operationsPerRun: Number.POSITIVE_INFINITY, rowsPerRun: Number.POSITIVE_INFINITY },
    assetVersion: 'test',
    asset: null,
  }
  const app = createApp(deps)

  async function addUser(username: string, role: Role) {
    hashed ??= cheapHash(deps)
    const row = { username, role, passwordHash: await hashed, createdAt: clock.now, updatedAt: clock.now }
    const [user] = await deps.db.insert(users).values(row).returning()
    if (!user) throw new Error('user not stored')
    return user
  }

  /** A browser with its cookie jar, signed in as a new user of `role`. */
  async function signIn(role: Role = 'admin', username = `${role}-${++tokens}`) {
    await addUser(username, role)
    const browser = createBrowser()
    const answer = await browser.post('/login', { username, password })
    if (answer.status !== 303) throw new Error(`sign-in answered ${answer.status}`)
    return browser
  }

  function createBrowser() {
    const jar = new Map<string, string>()
    async function request(path: string, init: RequestInit = {}) {
      const headers = new Headers(init.headers)
      if (jar.size > 0) headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '))
      const answer = await app.request(`${origin}${path}`, { ...init, headers, redirect: 'manual' })
      for (const cookie of answer.headers.getSetCookie()) {
        const [pair = ''] = cookie.split(';')
        const [name = '', value = ''] = pair.split(/=(.*)/s)
        if (/max-age=0/i.test(cookie)) jar.delete(name)
        else jar.set(name, value)
      }
      return answer
    }
    type Fields = Record<string, string | string[]>
    const post = (path: string, fields: Fields = {}) => {
      const body = new URLSearchParams()
      for (const [name, values] of Object.entries(fields)) for (const value of [values].flat()) body.append(name, value)
      return request(path, { method: 'POST', body, headers: { origin } })
    }
    return { jar, request, get: (path: string) => request(path), post, text: async (path: string) => (await request(path)).text() }
  }

  return { app, deps, d1, clock, nudges, logged, addUser, signIn, createBrowser }
}
