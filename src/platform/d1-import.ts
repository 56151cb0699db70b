import { createReadStream } from 'node:fs'
import type BetterSqlite3 from 'better-sqlite3'
import { rebuild } from './d1-export'
import { CopyFault } from './database-copy'
import { quoteName, sequences, tablesOf } from './database-tables'

/** The statements of an SQL file, one at a time. Throws CopyFault where it ends within one. */
export async function* statementsOf(path: string): AsyncGenerator<string> {
  let text = ''
  let at = 0
  /** The end of what is being skipped: a quote or a comment. */
  let closing = ''
  for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 20 })) {
    text += chunk
    for (;;) {
      if (closing) {
        const end = text.indexOf(closing, at)
        if (end === -1) break
        at = end + closing.length
        closing = ''
        continue
      }
      const next = /['"`;]|--/g
      next.lastIndex = at
      const found = next.exec(text)
      if (!found) break
      at = found.index + found[0].length
      if (found[0] !== ';') closing = found[0] === '--' ? '\n' : found[0]
      else if (isWhole(text.slice(0, at))) {
        yield withoutComments(text.slice(0, at - 1))
        text = text.slice(at)
        at = 0
      }
    }
    // A `-` at the very end may be half of a comment's beginning.
    at = !closing && text.endsWith('-') ? Math.max(at, text.length - 1) : text.length
  }
  if (withoutComments(text) !== '') throw new CopyFault('is cut off: its last statement has no end')
}

const withoutComments = (statement: string): string => statement.replace(/^(\s*--.*(\n|$))+/, '').trim()

/** A trigger holds statements of its own. */
const isWhole = (statement: string): boolean =>
  !/^CREATE\s+(TEMP\w*\s+)?TRIGGER\b/i.test(withoutComments(statement)) || /;\s*END\s*;$/i.test(statement)

/** What a file holds, as far as it has to be known before its rows are read. */
export type Scanned = { migrations: string[]; tables: Set<string> }

/** Throws CopyFault where the file is no whole export. */
export async function scanExport(path: string, memory: BetterSqlite3.Database): Promise<Scanned> {
  memory.exec('CREATE TABLE d1_migrations (id INTEGER PRIMARY KEY, name TEXT, applied_at TEXT)')
  const tables = new Set<string>()
  let ended = false
  for await (const statement of statementsOf(path)) {
    const made = /^CREATE TABLE (?:IF NOT EXISTS )?["`]?(\w+)/.exec(statement)?.[1]
    if (made) tables.add(made)
    const table = tableOf(statement)
    if (table === 'd1_migrations') memory.exec(statement)
    // Every export has its numbers behind its rows.
    if (table === sequences.name) ended = true
  }
  const migrations = memory.prepare('SELECT name FROM d1_migrations ORDER BY id').pluck().all() as string[]
  if (migrations.length === 0) throw new CopyFault('is no export of a database of this app')
  if (!ended) throw new CopyFault('is not a whole export: sqlite_sequence, its end, is missing')
  return { migrations, tables }
}

/**
 * The rows of an export into a database that has its migrations and nothing else. No trigger acts meanwhile: what they made is in the export,
 * too. Throws CopyFault, and SQLite's error where a row does not fit.
 */
export async function loadExport(path: string, file: BetterSqlite3.Database, { tables }: Scanned): Promise<void> {
  const own = tablesOf(file).map(({ name }) => name)
  const missing = own.filter((name) => !tables.has(name))
  if (missing.length > 0) throw new CopyFault(`lacks ${missing.join(', ')}: export every table`)
  file.pragma('foreign_keys = OFF')
  file.exec('BEGIN')
  const triggers = file.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all() as { name: string; sql: string }[]
  for (const { name } of triggers) file.exec(`DROP TRIGGER ${quoteName(name)}`)
  for (const name of [...own, sequences.name]) file.exec(`DELETE FROM ${quoteName(name)}`)
  const known = new Set([...own, sequences.name])
  let sequencesBegun = false
  for await (const statement of statementsOf(path)) {
    const table = tableOf(statement)
    if (!table || !known.has(table)) continue
    // The rows before it have counted, too.
    if (table === sequences.name && !sequencesBegun) file.exec('DELETE FROM sqlite_sequence')
    sequencesBegun ||= table === sequences.name
    file.exec(statement)
  }
  const searches = file.prepare("SELECT name FROM sqlite_schema WHERE sql LIKE 'CREATE VIRTUAL TABLE%'").pluck().all() as string[]
  for (const name of searches) file.exec(rebuild(name))
  for (const { sql } of triggers) file.exec(sql)
  if (file.prepare('SELECT 1 FROM pragma_foreign_key_check').get()) throw new CopyFault('has rows that belong to rows which are not in it')
  file.exec('COMMIT')
}

/** Of the statements that hold rows; a long text follows its row in pieces (d1-export.ts). */
const tableOf = (statement: string): string | null => /^(?:INSERT INTO|UPDATE) ["`]?(\w+)["`]? (?:\(|SET )/.exec(statement)?.[1] ?? null
