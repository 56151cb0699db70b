import { env } from 'cloudflare:test'
import { type Migration, migrate } from '../../src/db/migrate'
import { scrypt } from '../../src/platform/scrypt'

export const runtime = 'workerd' as 'node' | 'workerd'

const bindings = env as unknown as { DB: D1Database; MIGRATIONS: Migration[] }

let clearing: Promise<string[]> | null = null

/** Migrates, and answers the statements that empty the database again. */
async function prepareClearing({ DB, MIGRATIONS }: typeof bindings): Promise<string[]> {
  await migrate(DB, MIGRATIONS)
  const { results: tables } = await DB.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_cf%' ESCAPE '\\' AND name NOT LIKE '%\\_fts%' ESCAPE '\\' AND name <> 'd1_migrations'",
  ).all<{ name: string }>()
  // The audit trail lets nothing be deleted.
  const { results: guards } = await DB.prepare(
    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_events'",
  ).all<{ name: string; sql: string }>()
  return [
    // Children first would need their order; deferring the check does without.
    'PRAGMA defer_foreign_keys = ON',
    ...guards.map(({ name }) => `DROP TRIGGER "${name}"`),
    ...tables.map(({ name }) => `DELETE FROM "${name}"`),
    'DELETE FROM sqlite_sequence',
    ...guards.map(({ sql }) => sql),
  ]
}

/** An empty database with every migration. Storage is kept within a file, so what an earlier test left is deleted. */
export async function openTestDatabase(): Promise<D1Database> {
  const { DB } = bindings
  clearing ??= prepareClearing(bindings)
  const statements = await clearing
  await DB.batch(statements.map((sql) => DB.prepare(sql)))
  return DB
}

export { scrypt }
