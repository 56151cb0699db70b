import { env } from 'cloudflare:test'
import { type Migration, migrate } from '../../src/db/migrate'
import { scrypt } from '../../src/platform/scrypt'

export const runtime = 'workerd' as 'node' | 'workerd'

const bindings = env as unknown as { DB: D1Database; MIGRATIONS: Migration[] }

/** An empty database with every migration. Storage is kept within a file, so what an earlier test left is deleted. */
export async function openTestDatabase(): Promise<D1Database> {
  const { DB, MIGRATIONS } = bindings
  await migrate(DB, MIGRATIONS)
  const { results } = await DB.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_cf%' ESCAPE '\\' AND name NOT LIKE '%\\_fts%' ESCAPE '\\' AND name <> 'd1_migrations'",
  ).all<{ name: string }>()
  // The audit trail lets nothing be deleted.
  const { results: guards } = await DB.prepare(
    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_events'",
  ).all<{
    name: string
    sql: string
  }>()
  // Children first would need their order; deferring the check does without.
  await DB.batch([
    DB.prepare('PRAGMA defer_foreign_keys = ON'),
    ...guards.map(({ name }) => DB.prepare(`DROP TRIGGER "${name}"`)),
    ...results.map(({ name }) => DB.prepare(`DELETE FROM "${name}"`)),
    DB.prepare('DELETE FROM sqlite_sequence'),
    ...guards.map(({ sql }) => DB.prepare(sql)),
  ])
  return DB
}

export { scrypt }
