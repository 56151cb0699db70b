import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { createNodeFetch } from '../../src/platform/node-fetch'

const servers: { close(): unknown; closeAllConnections?(): void }[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections?.()
    server.close()
  }
})

async function serve(listener: RequestListener): Promise<{ url: string; server: Server }> {
  const server = createServer(listener)
  servers.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/Messages.json`, server }
}

/** A server that does with a connection what HTTP would not. */
async function serveRaw(answer: (socket: Socket) => void): Promise<string> {
  const server = createTcpServer((socket) => socket.once('data', () => answer(socket)))
  servers.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

const post = (body: string | null = 'To=%2B1&Body=hi', signal = new AbortController().signal) => ({
  method: 'POST',
  headers: { Authorization: 'Basic x', 'Content-Type': 'application/x-www-form-urlencoded' },
  body,
  redirect: 'manual' as const,
  signal,
})

it('sends method, headers and body, and gives status, headers and body back', async () => {
  let got: unknown
  const { url } = await serve(async (request, response) => {
    const body = (await request.toArray()).join('')
    got = { method: request.method, url: request.url, body, length: request.headers['content-length'], auth: request.headers.authorization }
    response.writeHead(429, { 'Retry-After': '7' }).end('{"code":20429,"message":"trop ❤"}')
  })
  const answer = await createNodeFetch()(url, post('Body=h%C3%A9'))
  expect(got).toEqual({ method: 'POST', url: '/Messages.json', body: 'Body=h%C3%A9', length: '12', auth: 'Basic x' })
  expect([answer.ok, answer.status, answer.headers.get('retry-after'), answer.headers.get('Location')]).toEqual([false, 429, '7', null])
  expect(await answer.text()).toBe('{"code":20429,"message":"trop ❤"}')
})

it('keeps connections, and takes a new one after the other end closed', async () => {
  const { url, server } = await serve((_request, response) => void response.writeHead(201).end('{}'))
  const connections: Socket[] = []
  server.on('connection', (socket) => connections.push(socket))
  const fetch = createNodeFetch()
  const ask = async () => (await fetch(url, post())).text()
  for (let i = 0; i < 3; i++) await ask()
  expect(connections).toHaveLength(1)
  const [first] = connections
  // Closed on this end is closed on the other: a half-closed socket waits for its peer.
  if (first) await once(first.end(), 'close')
  expect(await ask()).toBe('{}')
  expect(connections).toHaveLength(2)
})

it('follows no redirect: a repeated POST is a second text', async () => {
  let asked = 0
  const { url } = await serve((_request, response) => {
    asked++
    response.writeHead(307, { Location: '/elsewhere' }).end()
  })
  expect((await createNodeFetch()(url, post())).status).toBe(307)
  expect(asked).toBe(1)
})

it('repeats nothing when a connection breaks before the answer', async () => {
  let asked = 0
  const url = await serveRaw((socket) => {
    asked++
    socket.destroy()
  })
  await expect(createNodeFetch()(url, post())).rejects.toMatchObject({ code: 'ECONNRESET' })
  expect(asked).toBe(1)
})

it('says by its code that nothing listened', async () => {
  const { url, server } = await serve(() => {})
  await new Promise((closed) => server.close(closed))
  await expect(createNodeFetch()(url, post())).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

it('an answer that breaks off half-way is a fault of its text', async () => {
  const url = await serveRaw((socket) => socket.end('HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{"sid":'))
  const answer = await createNodeFetch()(url, post())
  expect(answer.status).toBe(201)
  await expect(answer.text()).rejects.toThrow()
})

it('the signal ends the wait for the headers, and for the body', async () => {
  const { url } = await serve(() => {})
  const silent = new AbortController()
  const waiting = createNodeFetch()(url, post('x', silent.signal))
  silent.abort()
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })

  const slow = await serve((_request, response) => void response.writeHead(201).write('{'))
  const halfway = new AbortController()
  const answer = await createNodeFetch()(slow.url, post('x', halfway.signal))
  halfway.abort()
  await expect(answer.text()).rejects.toMatchObject({ name: 'AbortError' })
})
