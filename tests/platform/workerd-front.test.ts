import { createServer, type IncomingHttpHeaders, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFront } from '../../src/platform/workerd-front'

type Seen = { method: string; url: string; headers: IncomingHttpHeaders; body: string }

let behind: Server
let front: Server
let seen: Seen[]
const ports = { behind: 0, front: 0 }

const listen = async (server: Server) => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
const close = (server: Server) => new Promise((resolve) => server.close(resolve))

beforeEach(async () => {
  seen = []
  behind = createServer((incoming, outgoing) => {
    let body = ''
    incoming.on('data', (chunk) => (body += chunk))
    incoming.on('end', () => {
      seen.push({ method: incoming.method ?? '', url: incoming.url ?? '', headers: incoming.headers, body })
      outgoing.writeHead(201, [
        ['set-cookie', 'a=1'],
        ['set-cookie', 'b=2'],
        ['x-answer', 'yes'],
      ])
      outgoing.end(`got ${body.length}`)
    })
  })
  ports.behind = await listen(behind)
  front = createFront(async () => new URL(`http://127.0.0.1:${ports.behind}`))
  ports.front = await listen(front)
})

afterEach(() => Promise.all([close(front), close(behind)]))

const ask = (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${ports.front}${path}`, init)

/** fetch() sets no Host. */
const askRaw = (headers: Record<string, string>) =>
  new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: ports.front, path: '/x', headers }, (answer) => answer.resume().on('end', resolve))
      .on('error', reject)
      .end()
  })

describe('a request', () => {
  it('goes through with its method, path, body and both cookies of the answer', async () => {
    const answer = await ask('/community/add?x=1&y=%20', { method: 'POST', body: 'name=Ana'.repeat(50_000) })
    expect(answer.status).toBe(201)
    expect(await answer.text()).toBe('got 400000')
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/community/add?x=1&y=%20' })
  })

  it('keeps the Host that the visitor asked for', async () => {
    await askRaw({ host: 'sms.example.org' })
    expect(seen[0]?.headers.host).toBe('sms.example.org')
  })

  it('tells the address of the connection, whatever a visitor claims', async () => {
    await ask('/', { headers: { 'cf-connecting-ip': '203.0.113.9' } })
    expect(seen[0]?.headers['cf-connecting-ip']).toBe('127.0.0.1')
  })

  it('brings no header that Miniflare would believe', async () => {
    await ask('/', { headers: { 'mf-original-url': 'https://evil.example/', 'MF-Route-Override': 'x', 'x-mine': 'kept' } })
    expect(Object.keys(seen[0]?.headers ?? {}).filter((name) => name.startsWith('mf-'))).toEqual([])
    expect(seen[0]?.headers['x-mine']).toBe('kept')
  })
})

it('Miniflare’s own paths are not there', async () => {
  for (const path of ['/cdn-cgi/local/platform-proxy', '/cdn-cgi/local/scheduled?cron=*']) expect((await ask(path)).status).toBe(404)
  expect(seen).toEqual([])
})

it('the visitor’s connection stays open', async () => {
  expect((await ask('/')).headers.get('connection')).not.toBe('close')
})

it('while workerd is away the answer is 502, with when to come back', async () => {
  await close(behind)
  const answer = await ask('/')
  expect(answer.status).toBe(502)
  expect(answer.headers.get('retry-after')).toBe('5')
  ports.behind = await listen(behind)
})
