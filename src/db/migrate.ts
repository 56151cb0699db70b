/** A migration file of `migrations/`: its name and text. */
export type Migration = { name: string; sql: string }

/** wrangler's own table, so that a database can move between Cloudflare and a VPS. */
const createTable = `CREATE TABLE IF NOT EXISTS d1_migrations (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)`

/** Names of the migrations that `database` lacks, in their order. */
export async function pendingMigrations(database: D1Database, migrations: Migration[]): Promise<Migration[]> {
  await database.prepare(createTable).run()
  const { results } = await database.prepare('SELECT name FROM d1_migrations').all<{ name: string }>()
  const applied = new Set(results.map((row) => row.name))
  return migrations.filter((migration) => !applied.has(migration.name))
}

/**
 * Applies what is missing, each migration with its record in one batch: it is there whole or not at all.
 * Two processes at once: the second one's batch fails on the UNIQUE name, changes nothing, and is taken as done.
 * Returns the names applied here.
 */
export async function migrate(database: D1Database, migrations: Migration[]): Promise<string[]> {
  const applied: string[] = []
  for (const migration of await pendingMigrations(database, migrations)) {
    const record = database.prepare('INSERT INTO d1_migrations (name) VALUES (?)').bind(migration.name)
    const statements = migration.sql.split('--> statement-breakpoint').map((sql) => sql.trim())
    try {
      // The record comes first: the loser of a race stops there, before it touches a table.
      await database.batch([record, ...statements.filter((sql) => sql !== '').map((sql) => database.prepare(sql))])
      applied.push(migration.name)
    } catch (fault) {
      if (!(fault instanceof Error && fault.message.includes('UNIQUE constraint failed: d1_migrations.name'))) throw fault
    }
  }
  return applied
}
