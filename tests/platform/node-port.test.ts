import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { commandOf, portFault, portHolder } from '../../src/platform/node-port'

let server: Server
let port: number

beforeEach(async () => {
  server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})

afterEach(() => new Promise((resolve) => server.close(resolve)))

describe.runIf(process.platform === 'linux')('on Linux', () => {
  it('the holder of a port is found', () => {
    expect(portHolder(port)?.pid).toBe(process.pid)
    expect(commandOf(process.pid)[0]).toContain('node')
  })

  it('a free port has none', async () => {
    await new Promise((resolve) => server.close(resolve))
    expect(portHolder(port)).toBeNull()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })

  it('a taken port is told with its holder and with another to try, in one line', () => {
    const line = portFault('EADDRINUSE', '127.0.0.1', port, 'npm start')
    expect(line).toContain(`Port ${port} on 127.0.0.1 is taken by process ${process.pid}`)
    expect(line).toContain(`PORT=${port + 1} npm start`)
    expect(line).not.toContain('\n')
  })
})

it.each([
  ['EACCES', '80', /below 1024/],
  ['EADDRNOTAVAIL', '8787', /HOST 10\.9\.9\.9 is not an address of this machine/],
  ['ENOTFOUND', '8787', /HOST 10\.9\.9\.9/],
  ['EMFILE', '8787', /EMFILE/],
])('%s is told in words', (code, at, words) => {
  expect(portFault(code, '10.9.9.9', Number(at), 'npm start')).toMatch(words)
})

it('the last port is followed by the usual one', () => {
  expect(portFault('EADDRINUSE', '127.0.0.1', 65_535, 'npm start')).toContain('PORT=8787')
})
