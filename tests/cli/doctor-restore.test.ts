import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import BetterSqlite3 from 'better-sqlite3'
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { type AppUnderTest, startApp } from '../browser/support/app'
import { FakeTwilio } from '../support/fake-twilio'
import { build } from './build'

/* A backup taken while a blast is being sent, restored after it was: nobody is texted twice, nobody is lost. */
const people = 30
const latencyMs = 150

let twilio: FakeTwilio
let provider: Server
let app: AppUnderTest | null
let onRequest: () => void

beforeAll(() => build(), 120_000)

beforeEach(async () => {
  twilio = new FakeTwilio({ now: () => Date.now() })
  onRequest = () => {}
  provider = createServer(async (incoming, outgoing) => {
    const body = await text(incoming)
    if (incoming.method === 'POST') onRequest()
    await wait(latencyMs)
    const headers = incoming.headers as Record<string, string>
    const answer = await twilio.fetch(`${twilio.baseUrl}${incoming.url}`, { method: incoming.method, headers, body: body || undefined })
    outgoing.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text())
  })
  await new Promise<void>((listening) => provider.listen(0, '127.0.0.1', listening))
})

afterEach(async () => {
  await app?.remove()
  await new Promise((closed) => provider.close(closed))
})

function browse({ origin, username, password }: AppUnderTest) {
  let cookie = ''
  const ask = async (path: string, fields?: Record<string, string>) => {
    const body = fields && new URLSearchParams(fields)
    const answer = await fetch(origin + path, { method: body ? 'POST' : 'GET', body, headers: { cookie }, redirect: 'manual' })
    cookie = answer.headers.getSetCookie().at(-1)?.split(';')[0] ?? cookie
    return { location: answer.headers.get('location') ?? '', body: await answer.text() }
  }
  return { ask, signIn: () => ask('/login', { username, password }) }
}

async function doctor({ folder }: AppUnderTest, settings: Record<string, string>, ...args: string[]): Promise<string> {
  const { PATH = '', HOME = '' } = process.env
  const env = { PATH, HOME, APP_ENV: 'development', SECRET_KEY: 'k'.repeat(64), ...settings }
  const child = spawn(process.execPath, ['dist/doctor.js', ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(said)
  return said
}

it('on Node', async () => {
  const settings = {
    TWILIO_ACCOUNT_SID: twilio.accountSid,
    TWILIO_AUTH_TOKEN: twilio.authToken,
    TWILIO_FROM_NUMBER: '+13236300201',
    TWILIO_API_BASE_URL: `http://127.0.0.1:${(provider.address() as AddressInfo).port}`,
    SEND_CONCURRENCY: '2',
    SEND_HOLD_SECONDS: '0',
    RECONCILE_GRACE_SECONDS: '1',
  }
  app = await startApp('node', settings)
  const running = app
  const { ask, signIn } = browse(running)
  await signIn()
  for (let n = 0; n < people; n++) await ask('/community/add', { name: `Person ${n}`, phone: `+1303555${1000 + n}` })
  const blast = { message_body: 'Hello {first_name}', target: 'community' }
  const review = await ask('/dashboard/review', blast)
  const hidden = (name: string) => review.body.match(new RegExp(`name="${name}" value="([^"]*)"`))?.[1] ?? ''
  const underWay = new Promise<void>((begun) => {
    let requests = 0
    onRequest = () => ++requests === 3 && begun()
  })
  const sent = await ask('/dashboard', { ...blast, review_token: hidden('review_token'), submission_id: hidden('submission_id') })
  const id = sent.location.match(/\d+/)?.[0]
  const status = async () => JSON.parse((await ask(`/logs/status?ids=${id}`)).body).logs[0]

  await underWay
  const backup = join(running.folder, 'backup.sqlite')
  await doctor(running, settings, '--backup', backup)
  // It was taken while the blast was going on, or this would prove nothing.
  const copy = new BetterSqlite3(backup, { readonly: true })
  const waiting = copy.prepare("SELECT count(*) FROM message_deliveries WHERE status IN ('queued', 'sending')").pluck().get()
  copy.close()
  expect(waiting).toBeGreaterThan(0)
  await expect.poll(async () => (await status()).status, { timeout: 30_000 }).toBe('sent')
  expect(twilio.messages).toHaveLength(people)

  await running.stop()
  expect(await doctor(running, settings, '--restore', backup)).toContain('1 unfinished blast is paused')
  await running.restart()
  await signIn()
  expect((await ask(`/logs/${id}`)).body).toContain('Restored from a backup of')
  await ask(`/logs/${id}/resume`, {})
  await expect.poll(async () => (await status()).status, { timeout: 90_000, interval: 500 }).toBe('sent')
  expect((await status()).counts).toMatchObject({ accepted: people, queued: 0, unknown: 0 })
  expect(twilio.messages).toHaveLength(people)
  expect(new Set(twilio.messages.map(({ to }) => to)).size).toBe(people)
}, 180_000)
