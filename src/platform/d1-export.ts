import type BetterSqlite3 from 'better-sqlite3'
import { quoteName, rowsOf, type Sum, Summing, sequences, type Table, tablesOf } from './database-tables'

/** D1 takes statements of 100 kB (developers.cloudflare.com/d1/platform/limits). */
const mostBytes = 80_000
/** Of a value that is longer than a statement; four bytes a character at most, and a quote is written twice. */
const pieceUnits = 20_000

type Options = {
  /** Statements that the file begins and ends with. */
  before: readonly string[]
  after: readonly string[]
  /** Columns that no sum counts, by table. */
  except: Readonly<Record<string, readonly string[]>>
}

/**
 * A database as SQL for an empty D1 database, statement by statement, with a few thousand rows in memory at a time. Indexes, searches and
 * triggers come last, so that no trigger acts on, or forbids, what is only put back. There is no BEGIN: D1 makes one transaction of a file.
 */
export function* writeSql(file: BetterSqlite3.Database, { before, after, except }: Options): Generator<string, Sum[]> {
  const tables = tablesOf(file)
  const sums: Sum[] = []
  for (const statement of before) yield `${statement};\n`
  for (const { name } of tables) yield `${definitionOf(file, name)};\n`
  for (const table of tables) {
    const summing = new Summing(table, except[table.name])
    yield* insertsOf(table, rowsOf(file, table), summing)
    sums.push(summing.sum)
  }
  const summing = new Summing(sequences)
  yield 'DELETE FROM sqlite_sequence;\n'
  yield* insertsOf(sequences, rowsOf(file, sequences), summing)
  for (const statement of [...laterDefinitions(file), ...after]) yield `${statement};\n`
  return [...sums, summing.sum]
}

export const definitionOf = (file: BetterSqlite3.Database, name: string): string =>
  String(file.prepare("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?").pluck().get(name))

function laterDefinitions(file: BetterSqlite3.Database): string[] {
  const all = (what: string) =>
    file.prepare(`SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND ${what} ORDER BY rowid`).all() as {
      name: string
      sql: string
    }[]
  const searches = all("type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%'")
  return [
    ...all("type = 'index'").map(({ sql }) => sql),
    ...all("type = 'view'").map(({ sql }) => sql),
    ...searches.flatMap(({ name, sql }) => [sql, rebuild(name)]),
    ...all("type = 'trigger'").map(({ sql }) => sql),
  ]
}

/** The index of a search, from the table that it searches. */
export const rebuild = (name: string): string => `INSERT INTO ${quoteName(name)}(${quoteName(name)}) VALUES ('rebuild')`

export function* insertsOf(table: Table, rows: Iterable<unknown[]>, summing: Summing): Generator<string> {
  const head = `INSERT INTO ${quoteName(table.name)} (${table.columns.map(quoteName).join(',')}) VALUES\n`
  let values: string[] = []
  let bytes = 0
  for (const row of rows) {
    summing.add(row)
    const value = valuesOf(row)
    const size = Buffer.byteLength(value)
    if (values.length > 0 && bytes + size > mostBytes) {
      yield `${head}${values.join(',\n')};\n`
      values = []
      bytes = 0
    }
    if (size > mostBytes) {
      yield* inPieces(table, row, head)
      continue
    }
    values.push(value)
    bytes += size + 2
  }
  if (values.length > 0) yield `${head}${values.join(',\n')};\n`
}

/** A row that is longer than a statement: its long texts are put together there. */
function* inPieces({ name, columns, key }: Table, row: readonly unknown[], head: string): Generator<string> {
  const isLong = (value: unknown): value is string => typeof value === 'string' && value.length > pieceUnits / 10
  yield `${head}${valuesOf(row.map((value) => (isLong(value) ? '' : value)))};\n`
  const itself = key.map((column) => `${quoteName(column)} = ${literalOf(row[columns.indexOf(column)])}`).join(' AND ')
  for (const [at, value] of row.entries()) {
    const column = quoteName(columns[at] ?? '')
    if (isLong(value)) {
      for (const piece of piecesOf(value))
        yield `UPDATE ${quoteName(name)} SET ${column} = ${column} || ${literalOf(piece)} WHERE ${itself};\n`
    }
  }
}

/** No piece ends within a character. */
const piecesOf = (text: string): string[] => text.match(new RegExp(`[^]{1,${pieceUnits / 2}}`, 'gu')) ?? []

const valuesOf = (row: readonly unknown[]): string => `(${row.map(literalOf).join(',')})`

export function literalOf(value: unknown): string {
  if (value === null) return 'NULL'
  if (typeof value === 'number') return String(value)
  if (value instanceof Uint8Array) return `X'${Buffer.from(value).toString('hex')}'`
  const text = String(value)
  // wrangler cuts these words out of a file, wherever they stand; and no literal holds a zero.
  if (/BEGIN TRANSACTION|\0/.test(text)) return `CAST(X'${Buffer.from(text).toString('hex')}' AS TEXT)`
  return `'${text.replaceAll("'", "''")}'`
}
