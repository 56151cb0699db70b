import { existsSync, rmSync } from 'node:fs'
import BetterSqlite3 from 'better-sqlite3'
import { ownFile } from '../../platform/database-lock'
import { sequences, tablesOf } from '../../platform/database-tables'
import { readMigrations } from '../../platform/node-env'
import { must } from './wrangler'

/** Table by table, because wrangler does not export a database that has searches. For `npm run doctor -- --import-d1`. */
export async function download(name: string, file: string): Promise<void> {
  if (existsSync(file)) throw new Error(`${file} is there already. Choose another name.`)
  const tables = [...namesOfTables(), sequences.name].flatMap((table) => ['--table', table])
  // It will hold names and phones: for its owner's eyes only.
  ownFile(file)
  try {
    const args = ['d1', 'export', name, '--remote', '--skip-confirmation', '--output', file, ...tables]
    await must(args, `The database ${name} cannot be exported.`)
  } catch (fault) {
    rmSync(file, { force: true })
    throw fault
  }
}

function namesOfTables(): string[] {
  const memory = new BetterSqlite3(':memory:')
  try {
    memory.exec('CREATE TABLE d1_migrations (id INTEGER PRIMARY KEY)')
    for (const { sql } of readMigrations()) memory.exec(sql)
    return tablesOf(memory).map(({ name }) => name)
  } finally {
    memory.close()
  }
}
