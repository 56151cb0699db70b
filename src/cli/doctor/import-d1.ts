import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { migrate } from '../../db/migrate'
import { writtenOnArrival } from '../../doctor/arrival'
import { loadExport, type Scanned, scanExport } from '../../platform/d1-import'
import { D1OnBetterSqlite3 } from '../../platform/d1-on-better-sqlite3'
import { CopyFault, inspectCopy, putInPlace, removeDatabase } from '../../platform/database-copy'
import { ownDatabase, ownFile } from '../../platform/database-lock'
import { type Sum, sumsOf } from '../../platform/database-tables'
import { readMigrations } from '../../platform/node-env'
import { makeFolders } from '../../platform/node-folders'
import { databasePath, listCounts, Refusal, type Run, readSettings, say, typedPath } from './context'
import { fenceFile } from './fence-file'
import { stillAhead, tellFence, tellSums } from './moving'

/** A new database from what `wrangler d1 export` wrote; it appears under its name only when it is whole and fenced. */
export const importD1: Run = async (value) => {
  const config = readSettings()
  const path = databasePath()
  const source = typedPath(value)
  if (!existsSync(source)) throw new Refusal(`There is no file ${source}.`)
  if (existsSync(path)) throw new Refusal(`${path} is there already. Move it away, or set DATABASE_PATH to a new name.`)
  makeFolders(dirname(path))
  const lock = ownDatabase(path)
  if (!lock) throw new Refusal(`Another program makes ${path} at this moment.`)
  const next = `${path}.importing`
  try {
    removeDatabase(next)
    const scanned = await scan(source)
    const sums = await load(source, next, scanned)
    const fenced = await fenceFile(config, next, null)
    const { counts } = inspectCopy(next)
    putInPlace(next, path)
    tellSums(sums)
    tellFence(fenced, 'already')
    say(`Everyone signs in again. ${stillAhead}`)
    say(`${path} holds ${listCounts(counts)}.`)
  } finally {
    removeDatabase(next)
    lock.release()
  }
  return true
}

async function scan(source: string): Promise<Scanned> {
  const memory = new BetterSqlite3(':memory:')
  try {
    const scanned = await scanExport(source, memory)
    const known = new Set(readMigrations().map(({ name }) => name))
    const newer = scanned.migrations.filter((name) => !known.has(name))
    if (newer.length > 0) throw new CopyFault(`is of a newer version of this app: it has ${newer.join(', ')}`)
    return scanned
  } finally {
    memory.close()
  }
}

/** Up to the export's own migrations, then its rows. */
async function load(source: string, next: string, scanned: Scanned): Promise<Sum[]> {
  ownFile(next)
  const empty = new D1OnBetterSqlite3(next)
  try {
    const its = readMigrations().filter(({ name }) => scanned.migrations.includes(name))
    await migrate(empty as unknown as D1Database, its)
  } finally {
    empty.close()
  }
  const file = new BetterSqlite3(next)
  try {
    // Of a file that is thrown away unless it is whole.
    file.pragma('synchronous = OFF')
    await loadExport(source, file, scanned)
    return sumsOf(file, writtenOnArrival)
  } finally {
    file.close()
  }
}
