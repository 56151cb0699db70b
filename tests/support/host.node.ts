import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '../../src/db/migrate'
import { D1OnBetterSqlite3 } from '../../src/platform/d1-on-better-sqlite3'
import { readMigrations } from '../../src/platform/node-env'
import { scrypt } from '../../src/platform/scrypt'

export const runtime = 'node' as 'node' | 'workerd'

let migrated: Promise<Buffer> | null = null

/** The bytes of an empty database with every migration: to migrate each anew would take a quarter of the tests' time. */
async function migratedBytes(): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'sms-admin-empty-'))
  try {
    const path = join(folder, 'empty.sqlite')
    const database = new D1OnBetterSqlite3(path)
    await migrate(database as unknown as D1Database, readMigrations())
    // Bytes that ask for a WAL cannot be opened in memory.
    await database.exec('PRAGMA journal_mode = DELETE')
    database.close()
    return readFileSync(path)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** An empty database with every migration. */
export async function openTestDatabase(): Promise<D1Database> {
  migrated ??= migratedBytes()
  return new D1OnBetterSqlite3(await migrated) as unknown as D1Database
}

export { scrypt }
