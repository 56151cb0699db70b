import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { type AppUnderTest, startApp } from '../browser/support/app'
import { FakeTwilio } from '../support/fake-twilio'
import { build } from './build'

/* Stopped while it sends, a program lets what is on its way end and records it; the next start goes on where it was. */
const people = 30
const inFlight = 4
const latencyMs = 300

let twilio: FakeTwilio
let provider: Server
let app: AppUnderTest | null
/** Called with each request before it is answered. */
let onRequest: () => void

beforeAll(() => build())

beforeEach(async () => {
  twilio = new FakeTwilio()
  onRequest = () => {}
  provider = createServer((incoming, outgoing) => void relay(incoming, outgoing))
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve))
})

afterEach(async () => {
  await app?.remove()
  await new Promise((resolve) => provider.close(resolve))
})

/** The fake provider over a socket, as slow as a real one. */
async function relay(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const body = await text(incoming)
  onRequest()
  await wait(latencyMs)
  const headers = incoming.headers as Record<string, string>
  const answer = await twilio.fetch(`https://api.twilio.com${incoming.url}`, { method: incoming.method, headers, body: body || undefined })
  outgoing.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text())
}

function browse({ origin }: AppUnderTest) {
  let cookie = ''
  return async (path: string, fields?: Record<string, string>) => {
    const body = fields && new URLSearchParams(fields)
    const answer = await fetch(origin + path, { method: body ? 'POST' : 'GET', body, headers: { cookie }, redirect: 'manual' })
    cookie = answer.headers.getSetCookie().at(-1)?.split(';')[0] ?? cookie
    return { location: answer.headers.get('location') ?? '', body: await answer.text() }
  }
}

it.each(['node', 'workerd'] as const)(
  'on %s',
  async (host) => {
    const { port } = provider.address() as AddressInfo
    app = await startApp(host, {
      TWILIO_ACCOUNT_SID: twilio.accountSid,
      TWILIO_AUTH_TOKEN: twilio.authToken,
      TWILIO_FROM_NUMBER: '+13236300201',
      TWILIO_API_BASE_URL: `http://127.0.0.1:${port}`,
      SEND_CONCURRENCY: String(inFlight),
      SEND_HOLD_SECONDS: '0',
    })
    const ask = browse(app)
    await ask('/login', { username: app.username, password: app.password })
    for (let n = 0; n < people; n++) await ask('/community/add', { name: `Person ${n}`, phone: `+1303555${1000 + n}` })

    const blast = { message_body: 'Hello {first_name}', target: 'community' }
    const review = await ask('/dashboard/review', blast)
    const hidden = (name: string) => review.body.match(new RegExp(`name="${name}" value="([^"]*)"`))?.[1] ?? ''
    const underWay = new Promise<void>((resolve) => {
      let requests = 0
      onRequest = () => ++requests === people / 3 && resolve()
    })
    const sent = await ask('/dashboard', { ...blast, review_token: hidden('review_token'), submission_id: hidden('submission_id') })
    const status = async () => JSON.parse((await ask(`/logs/status?ids=${sent.location.match(/\d+/)?.[0]}`)).body).logs[0]
    await underWay

    expect(await app.stop()).toBe(0)
    const before = twilio.messages.length
    expect(before).toBeLessThan(people)
    await app.restart()
    // Each that the provider took was recorded before the end: nothing is left to look up.
    const { counts } = await status()
    expect(counts).toMatchObject({ unknown: 0, failed: 0 })
    expect(counts.accepted).toBeGreaterThanOrEqual(before)

    await expect.poll(async () => (await status()).status, { timeout: 30_000 }).toBe('sent')
    expect(twilio.messages).toHaveLength(people)
    expect(new Set(twilio.messages.map(({ to }) => to)).size).toBe(people)
  },
  90_000,
)
