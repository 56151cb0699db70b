import { migrate } from '../../src/db/migrate'
import { D1OnBetterSqlite3 } from '../../src/platform/d1-on-better-sqlite3'
import { readMigrations } from '../../src/platform/node-env'
import { scrypt } from '../../src/platform/scrypt'

export const runtime = 'node' as 'node' | 'workerd'

/** An empty database with every migration. */
export async function openTestDatabase(): Promise<D1Database> {
  const database = new D1OnBetterSqlite3(':memory:') as unknown as D1Database
  await migrate(database, readMigrations())
  return database
}

export { scrypt }
