import BetterSqlite3 from 'better-sqlite3'
import type { LegacyRow, LegacySource } from '../legacy/source'
import { CopyFault } from './database-copy'

/** What every version of the former app has; no database of ours has its `details`. */
const needed: Record<string, string> = { users: 'password_hash', community_members: 'phone', events: 'title', message_logs: 'details' }

export type LegacyFile = LegacySource & { close(): void }

/** Read only, and as of now for as long as it is open. Throws CopyFault. */
export function openLegacyFile(path: string): LegacyFile {
  let file: BetterSqlite3.Database | undefined
  try {
    file = new BetterSqlite3(path, { readonly: true, fileMustExist: true, timeout: 5000 })
    file.exec('BEGIN')
    const found = file.pragma('quick_check(1)', { simple: true })
    if (found !== 'ok') throw new CopyFault(`is damaged: ${String(found)}`)
    const tables = new Map(tablesOf(file).map((table) => [table, columnsOf(file as BetterSqlite3.Database, table)]))
    const missing = Object.entries(needed).find(([table, column]) => !tables.get(table)?.includes(column))
    if (missing) throw new CopyFault(`is no database of the Flask app: it has no ${missing.join('.')}`)
    return reading(file, new Set(tables.keys()))
  } catch (fault) {
    file?.close()
    if (fault instanceof CopyFault) throw fault
    throw new CopyFault(`cannot be read as a database (${fault instanceof Error ? fault.message : String(fault)})`)
  }
}

function reading(file: BetterSqlite3.Database, tables: ReadonlySet<string>): LegacyFile {
  const one = (sql: string) => file.prepare(sql).pluck().get()
  return {
    origin: tables.has('schema_migrations') ? String(one('SELECT min(applied_at) FROM schema_migrations') ?? '') : '',
    count: (table) => (tables.has(table) ? Number(one(`SELECT count(*) FROM "${table}"`)) : 0),
    rows: (table, after, limit) =>
      tables.has(table) ? (file.prepare(`SELECT * FROM "${table}" WHERE id > ? ORDER BY id LIMIT ?`).all(after, limit) as LegacyRow[]) : [],
    close: () => file.close(),
  }
}

const tablesOf = (file: BetterSqlite3.Database) =>
  file.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all() as string[]

const columnsOf = (file: BetterSqlite3.Database, table: string) =>
  file.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table) as string[]
