import type { Config } from '../../config'
import { migrate } from '../../db/migrate'
import { type Fenced, fenceRestored, type Present } from '../../doctor/fence'
import { D1OnBetterSqlite3 } from '../../platform/d1-on-better-sqlite3'
import { closePresent } from '../../platform/database-swap'
import { createNodeHost } from '../../platform/node'
import { readMigrations } from '../../platform/node-env'

/** Brings a database that is to take the place of another up to date, and fences it. All of it is in the one file then. */
export async function fenceFile(config: Config, next: string, present: Present | null): Promise<Fenced> {
  const file = new D1OnBetterSqlite3(next)
  try {
    await migrate(file as unknown as D1Database, readMigrations())
    return await fenceRestored(createNodeHost(config, file, '').deps, present)
  } finally {
    file.close()
    closePresent(next)
  }
}
