import { createHash } from 'node:crypto'
import type BetterSqlite3 from 'better-sqlite3'

/** `key`: the columns by which its rows have an order that is the same in every copy. */
export type Table = { name: string; columns: string[]; key: string[] }

/** What can be compared between two copies of a table. */
export type Sum = { table: string; rows: number; sum: string }

/** Every table that holds rows of its own, parents before children; not the index of a search, SQLite's or Cloudflare's own. */
export function tablesOf(file: BetterSqlite3.Database): Table[] {
  const names = file
    .prepare(
      `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT GLOB 'sqlite_*' AND name NOT GLOB '_cf_*'`,
    )
    .pluck()
    .all() as string[]
  const parents = file.prepare('SELECT "table" FROM pragma_foreign_key_list(?)').pluck()
  const waiting = new Map(names.sort().map((name) => [name, (parents.all(name) as string[]).filter((parent) => parent !== name)]))
  const ordered: string[] = []
  while (waiting.size > 0) {
    const ready = [...waiting].filter(([, needs]) => needs.every((name) => !waiting.has(name))).map(([name]) => name)
    if (ready.length === 0) throw new Error(`tables refer to each other in a circle: ${[...waiting.keys()].join(', ')}`)
    for (const name of ready) waiting.delete(name)
    ordered.push(...ready)
  }
  return ordered.map((name) => tableOf(file, name))
}

/** The last number that each table gave out: a row that was deleted keeps its own. */
export const sequences: Table = { name: 'sqlite_sequence', columns: ['name', 'seq'], key: ['name'] }

function tableOf(file: BetterSqlite3.Database, name: string): Table {
  const columns = file.prepare('SELECT name, pk FROM pragma_table_info(?)').all(name) as { name: string; pk: number }[]
  const key = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk)
  return { name, columns: columns.map((column) => column.name), key: key.map((column) => column.name) }
}

export const quoteName = (name: string): string => `"${name}"`

/** One after the other, by the key. */
export const rowsOf = (file: BetterSqlite3.Database, { name, columns, key }: Table): IterableIterator<unknown[]> =>
  file
    .prepare(`SELECT ${columns.map(quoteName).join(', ')} FROM ${quoteName(name)} ORDER BY ${key.map(quoteName).join(', ')}`)
    .raw()
    .iterate() as IterableIterator<unknown[]>

/** Counts rows and sums up what is in them, but for the columns in `except`. */
export class Summing {
  private readonly hash = createHash('sha256')
  private readonly counts: boolean[]
  private readonly table: string
  private rows = 0

  constructor({ name, columns }: Table, except: readonly string[] = []) {
    this.table = name
    this.counts = columns.map((column) => !except.includes(column))
  }

  add(row: readonly unknown[]): void {
    this.rows++
    this.hash.update(`${JSON.stringify(row.filter((_, at) => this.counts[at]))}\n`)
  }

  get sum(): Sum {
    return { table: this.table, rows: this.rows, sum: this.hash.copy().digest('hex').slice(0, 16) }
  }
}

export function sumsOf(file: BetterSqlite3.Database, except: Readonly<Record<string, readonly string[]>>): Sum[] {
  return [...tablesOf(file), sequences].map((table) => {
    const summing = new Summing(table, except[table.name])
    for (const row of rowsOf(file, table)) summing.add(row)
    return summing.sum
  })
}
