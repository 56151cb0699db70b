import { closeSync, existsSync, openSync, rmSync, writeSync } from 'node:fs'
import BetterSqlite3 from 'better-sqlite3'
import { writtenOnArrival } from '../../doctor/arrival'
import { definitionOf, insertsOf, literalOf } from '../../platform/d1-export'
import { quoteName, type Sum, Summing, sequences, type Table, tablesOf } from '../../platform/database-tables'
import { readMigrations } from '../../platform/node-env'
import { Refusal } from '../doctor/context'
import { must, rowsIn } from './wrangler'

/** A question answers with at most 50 MB. The first one asks for the beginning of every table. */
const firstRows = 1000
const pageRows = 20_000
/** Rows of an upload are up to a megabyte each. */
const heavy: Record<string, number> = { import_chunks: 5 }

export type Source = { database: string; where: '--remote' | '--local' }
type Row = Record<string, unknown>

/**
 * The database as SQL for `npm run doctor -- --import-d1`, read page by page. Not by `wrangler d1 export`: that refuses a database with searches,
 * has been seen to leave it locked (github.com/cloudflare/workers-sdk/issues/9519), and makes a line break of a written `\n`.
 */
export async function download(source: Source, file: string): Promise<Sum[]> {
  if (existsSync(file)) throw new Refusal(`${file} is there already. Choose another name.`)
  const memory = new BetterSqlite3(':memory:')
  // It will hold names and phones: for its owner's eyes only.
  const to = openSync(file, 'wx', 0o600)
  try {
    await makeTables(source, memory)
    const tables = [...tablesOf(memory), sequences]
    const state = `SELECT ${tables.map(({ name }) => `(SELECT count(*) FROM ${quoteName(name)}) AS ${quoteName(name)}`).join(', ')},
      (SELECT max(ran_at) FROM job_runs) AS last_pass`
    const [before, ...firsts] = await ask(source, [state, ...tables.map((table) => pageOf(table, null, firstRows))])
    for (const { name } of tables) if (name !== sequences.name) writeSync(to, `${definitionOf(memory, name)};\n`)
    const sums: Sum[] = []
    for (const [at, table] of tables.entries())
      sums.push(await writeTable(source, table, firsts[at] ?? [], (piece) => writeSync(to, piece)))
    const [after] = await ask(source, [state])
    if (JSON.stringify(before) !== JSON.stringify(after))
      throw new Refusal('It changed while it was read. Stop the Worker (npx wrangler delete keeps the database) and start again.')
    return sums
  } catch (fault) {
    rmSync(file, { force: true })
    throw fault
  } finally {
    closeSync(to)
    memory.close()
  }
}

/** As the database's own version of the app has them. */
async function makeTables(source: Source, memory: BetterSqlite3.Database): Promise<void> {
  const [rows = []] = await ask(source, ['SELECT name FROM d1_migrations ORDER BY id'])
  const known = readMigrations()
  const newer = rows.filter(({ name }) => !known.some((migration) => migration.name === name))
  if (newer.length > 0) throw new Refusal(`It is of a newer version of this app: it has ${newer.map(({ name }) => name).join(', ')}.`)
  memory.exec('CREATE TABLE d1_migrations (id INTEGER PRIMARY KEY, name TEXT, applied_at TEXT)')
  for (const { name, sql } of known) if (rows.some((row) => row.name === name)) memory.exec(sql)
}

async function writeTable(source: Source, table: Table, first: Row[], write: (piece: string) => void): Promise<Sum> {
  const summing = new Summing(table, writtenOnArrival[table.name])
  let page = first
  let size = heavy[table.name] ?? firstRows
  while (page.length > 0) {
    for (const piece of insertsOf(
      table,
      page.map((row) => table.columns.map((column) => row[column])),
      summing,
    ))
      write(piece)
    if (page.length < size) break
    size = heavy[table.name] ?? pageRows
    const last = page.at(-1)
    page = (await ask(source, [pageOf(table, last ?? null, size)]))[0] ?? []
  }
  return summing.sum
}

function pageOf({ name, columns, key }: Table, after: Row | null, size: number): string {
  const list = (names: readonly string[]) => names.map(quoteName).join(', ')
  const from = after ? `WHERE (${list(key)}) > (${key.map((column) => literalOf(after[column])).join(', ')})` : ''
  return `SELECT ${list(columns)} FROM ${quoteName(name)} ${from} ORDER BY ${list(key)} LIMIT ${heavy[name] ?? size}`
}

/** Rows of each of the queries. */
async function ask({ database, where }: Source, queries: string[]): Promise<Row[][]> {
  const args = ['d1', 'execute', database, where, '--json', '--command', queries.join(';\n')]
  return rowsIn(await must(args, `The database ${database} cannot be read.`))
}
