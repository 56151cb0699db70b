import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import BetterSqlite3 from 'better-sqlite3'
import type { Config } from '../../config'
import { atomically, openDatabase } from '../../db/database'
import { migrate } from '../../db/migrate'
import { fenceOnArrival, refuseOld, writtenOnArrival } from '../../doctor/arrival'
import { type Fenced, fenceRestored } from '../../doctor/fence'
import { sizeWords } from '../../doctor/size'
import { recordRun } from '../../health/job-runs'
import { writeSql } from '../../platform/d1-export'
import { D1OnBetterSqlite3 } from '../../platform/d1-on-better-sqlite3'
import { copyDatabase, inspectCopy, removeDatabase } from '../../platform/database-copy'
import { holderOf, ownDatabase } from '../../platform/database-lock'
import type { Sum } from '../../platform/database-tables'
import { createNodeHost } from '../../platform/node'
import { readMigrations } from '../../platform/node-env'
import { databasePath, Refusal, type Run, readSettings, say, typedPath } from './context'
import { stillAhead, tellFence, tellSums } from './moving'

/** Beside whatever runs: of a copy, which is fenced as a restored backup is, so that nobody is texted by both hosts. */
export const exportD1: Run = async (value) => {
  const config = readSettings()
  const path = databasePath()
  const target = typedPath(value)
  if (!existsSync(path)) throw new Refusal(`There is no database at ${path}. Check DATABASE_PATH.`)
  if (existsSync(target)) throw new Refusal(`${target} is there already. Choose another name.`)
  const startedAt = Date.now()
  const copy = `${target}.copying`
  const part = `${target}.part`
  try {
    removeDatabase(copy)
    copyDatabase(path, copy)
    inspectCopy(copy)
    const fenced = await fence(config, copy, startedAt)
    const sums = write(copy, part, startedAt, config.sending.reconcileGraceMs)
    renameSync(part, target)
    tellSums(sums)
    tellFence(fenced, 'already')
    say(`Everyone signs in again. ${stillAhead}`)
    say(`${target}: ${sizeWords(statSync(target).size)} for an empty D1 database, within a day.`)
    say(`npx wrangler d1 execute sms-admin --remote --file ${target}`)
    tellRunning(path)
  } finally {
    removeDatabase(copy)
    rmSync(part, { force: true })
  }
  return true
}

async function fence(config: Config, copy: string, startedAt: number): Promise<Fenced> {
  const file = new D1OnBetterSqlite3(copy)
  try {
    await migrate(file as unknown as D1Database, readMigrations())
    const db = openDatabase(file as unknown as D1Database)
    // The fence asks about everything since.
    await atomically(db, [recordRun('backup', startedAt)])
    return await fenceRestored({ ...createNodeHost(config, file, '').deps, now: () => startedAt }, null)
  } finally {
    file.close()
  }
}

/** It holds names and phones: for its owner's eyes only. */
function write(copy: string, part: string, fencedAt: number, graceMs: number): Sum[] {
  const file = new BetterSqlite3(copy, { readonly: true, fileMustExist: true })
  rmSync(part, { force: true })
  const to = openSync(part, 'wx', 0o600)
  try {
    const about = `-- SMS Admin as of ${new Date(fencedAt).toISOString()}, for an empty D1 database.\n`
    writeSync(to, about)
    const statements = writeSql(file, {
      before: refuseOld(fencedAt),
      after: fenceOnArrival(fencedAt, graceMs),
      except: writtenOnArrival,
    })
    let next = statements.next()
    while (!next.done) {
      writeSync(to, next.value)
      next = statements.next()
    }
    fsyncSync(to)
    return next.value
  } finally {
    closeSync(to)
    file.close()
  }
}

function tellRunning(path: string): void {
  const lock = ownDatabase(path)
  lock?.release()
  if (lock) return
  const holder = holderOf(path)
  say(`${path} is in use${holder ? ` by ${holder}` : ''}: what happens there from now on is not in the file.`)
  say('To move for good, stop it first and export anew.')
}
