import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { D1OnBetterSqlite3 } from '../../src/platform/d1-on-better-sqlite3'

/* What only the adapter does; what it shares with D1 is in tests/db/d1-contract.test.ts. */
let folder: string
let path: string
let database: D1OnBetterSqlite3

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sms-admin-d1-'))
  path = join(folder, 'test.sqlite')
  database = new D1OnBetterSqlite3(path)
  await database.exec('CREATE TABLE words (id INTEGER PRIMARY KEY, word TEXT)')
})

afterEach(() => {
  database.close()
  rmSync(folder, { recursive: true })
})

describe('the file', () => {
  it('survives power loss, keeps readers and the writer apart, and waits for another process', async () => {
    const pragma = (name: string) => database.prepare(`PRAGMA ${name}`).first(name === 'busy_timeout' ? 'timeout' : name)
    expect(await pragma('journal_mode')).toBe('wal')
    // 2 is FULL.
    expect(await pragma('synchronous')).toBe(2)
    expect(await pragma('foreign_keys')).toBe(1)
    expect(await pragma('busy_timeout')).toBe(5000)
  })
})

describe('prepared statements', () => {
  it('are compiled once for the same text', () => {
    expect(database.compile('SELECT 1')).toBe(database.compile('SELECT 1'))
  })

  it('do not pile up when each text is new', async () => {
    const first = database.compile('SELECT 0')
    for (let n = 1; n <= 600; n++) database.compile(`SELECT ${n}`)
    expect(database.compile('SELECT 0')).not.toBe(first)
  })

  it('answer rows after they answered raw values', async () => {
    const statement = database.prepare('SELECT 1 AS one')
    expect(await statement.raw()).toEqual([[1]])
    expect((await statement.all()).results).toEqual([{ one: 1 }])
    expect(await statement.raw({ columnNames: true })).toEqual([['one'], [1]])
  })
})
