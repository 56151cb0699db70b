import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { localAddress, readEnv, readMigrations } from '../../src/platform/node-env'
import { createLog } from '../../src/platform/node-log'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sms-admin-env-'))
})

afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

it('the environment wins over .dev.vars, an empty one too', () => {
  writeFileSync(join(folder, '.dev.vars'), 'PORT=1000\nHOST=10.0.0.1\n# a remark\nAPP_TIMEZONE="America/Denver"\nQUIET_HOURS=22:00-08:00\n')
  vi.stubEnv('PORT', '2000')
  vi.stubEnv('QUIET_HOURS', '')
  expect(readEnv(folder)).toMatchObject({ PORT: '2000', HOST: '10.0.0.1', APP_TIMEZONE: 'America/Denver', QUIET_HOURS: '' })
})

it('there need be no .dev.vars', () => {
  vi.stubEnv('PORT', '2000')
  expect(readEnv(folder).PORT).toBe('2000')
})

it('migrations come in the order of their names, and nothing else does', () => {
  for (const name of ['0002_b.sql', '0010_c.sql', '0001_a.sql', 'README.md']) writeFileSync(join(folder, name), name)
  expect(readMigrations(folder)).toEqual(['0001_a.sql', '0002_b.sql', '0010_c.sql'].map((name) => ({ name, sql: name })))
})

it.each([
  ['127.0.0.1', 'http://127.0.0.1:80'],
  ['0.0.0.0', 'http://127.0.0.1:80'],
  ['::', 'http://[::1]:80'],
  ['::1', 'http://[::1]:80'],
  ['sms.local', 'http://sms.local:80'],
])('listening on %s, a browser on this machine opens %s', (host, address) => {
  expect(localAddress(host, 80)).toBe(address)
})

it('the log is one JSON object a line', () => {
  const lines: string[] = []
  createLog('json', (text) => lines.push(text))('blast started', { id: 4, why: 'a "quoted"\nword' })
  expect(lines).toHaveLength(1)
  expect(lines[0]?.indexOf('\n')).toBe((lines[0]?.length ?? 0) - 1)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ event: 'blast started', id: 4, why: 'a "quoted"\nword' })
})

it('at a terminal the log is words', () => {
  const lines: string[] = []
  createLog('short', (text) => lines.push(text))('blast started', { id: 4 })
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d {2}blast started {2}id: 4\n$/)
})
