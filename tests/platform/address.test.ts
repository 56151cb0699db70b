import { describe, expect, it } from 'vitest'
import { createApp } from '../../src/app'
import { readConfig } from '../../src/config'
import { auditEvents } from '../../src/db/schema'
import { createWorkerDeps } from '../../src/platform/cloudflare'
import { createNodeHost, openFile } from '../../src/platform/node'
import { createHarness, origin } from '../support/harness'

const secret = { APP_ENV: 'development', SECRET_KEY: 'test-key-0123456789-0123456789-0123456789' }
const peer = '192.0.2.1'
const spoofed = { 'x-real-ip': '203.0.113.66', forwarded: 'for=203.0.113.66', 'true-client-ip': '203.0.113.66' }

/** The address that the audit trail has of a failed sign-in with these headers. */
async function recorded(where: 'node' | 'cloudflare', settings: Record<string, string>, headers: Record<string, string>) {
  const h = await createHarness(settings)
  h.deps.scrypt = async (_text, _salt, _cost, length) => new Uint8Array(length)
  const file = await openFile(':memory:')
  const hosts = {
    node: () => createNodeHost(readConfig({ ...secret, ...settings }, 'node'), file, '').deps.peerAddress,
    cloudflare: () => createWorkerDeps({ DB: h.d1, JOBS: {} as Queue<never>, ...secret, ...settings }, '').peerAddress,
  }
  const app = createApp({ ...h.deps, peerAddress: hosts[where]() })
  const body = new URLSearchParams({ username: 'rosa', password: 'Wrong-Horse-9' })
  const env = where === 'node' ? { incoming: { socket: { remoteAddress: peer } } } : {}
  const answer = await app.request(`${origin}/login`, { method: 'POST', body, headers: { origin, ...spoofed, ...headers } }, env)
  expect(answer.status).toBe(422)
  file.close()
  return (await h.deps.db.select().from(auditEvents)).map(({ address }) => address)
}

describe('the address of a visitor', () => {
  it.each<Record<string, string>>([
    {},
    { 'x-forwarded-for': '203.0.113.66' },
    { 'cf-connecting-ip': '203.0.113.66', 'x-forwarded-for': '203.0.113.66, 203.0.113.67' },
  ])('who connects directly is that of the connection: %j', async (headers) => expect(await recorded('node', {}, headers)).toEqual([peer]))

  it.each<[Record<string, string>, string]>([
    [{ 'x-forwarded-for': '198.51.100.7' }, '198.51.100.7'],
    // nginx appends the one that it sees to whatever the visitor claims.
    [{ 'x-forwarded-for': '203.0.113.66, 198.51.100.7' }, '198.51.100.7'],
    [{ 'x-forwarded-for': '127.0.0.1,10.0.0.1 ,  2001:db8::7 ' }, '2001:db8::7'],
    [{ 'x-forwarded-for': '198.51.100.7', 'cf-connecting-ip': '203.0.113.66' }, '198.51.100.7'],
    [{ 'cf-connecting-ip': '203.0.113.66' }, peer],
    [{ 'x-forwarded-for': '203.0.113.66, ' }, peer],
  ])('behind a proxy of ours is the last that it wrote down: %j', async (headers, address) => {
    expect(await recorded('node', { TRUST_PROXY: '1' }, headers)).toEqual([address])
  })

  it('on Cloudflare is what Cloudflare says, whatever else is sent', async () => {
    const headers = { 'cf-connecting-ip': '198.51.100.7', 'x-forwarded-for': '203.0.113.66' }
    expect(await recorded('cloudflare', {}, headers)).toEqual(['198.51.100.7'])
    // Cloudflare appends the visitor's own to X-Forwarded-For, as a proxy does.
    const appended = { ...headers, 'x-forwarded-for': '203.0.113.66, 198.51.100.7' }
    expect(await recorded('cloudflare', { TRUST_PROXY: '1' }, appended)).toEqual(['198.51.100.7'])
  })
})
