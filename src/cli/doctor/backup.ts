import { existsSync } from 'node:fs'
import BetterSqlite3 from 'better-sqlite3'
import { recordAudit } from '../../audit/audit'
import { atomically, openDatabase } from '../../db/database'
import { sizeWords } from '../../doctor/size'
import { recordRun } from '../../health/job-runs'
import { copyDatabase, inspectCopy, putInPlace, removeDatabase } from '../../platform/database-copy'
import { openLocked } from '../../platform/node'
import { databasePath, listCounts, Refusal, type Run, say, typedPath } from './context'

/** Beside whatever runs; the file appears under its name only when it is whole and has been read. */
export const backUp: Run = async (value, { overwrite }) => {
  const path = databasePath()
  const target = typedPath(value)
  if (!existsSync(path)) throw new Refusal(`There is no database at ${path}. Check DATABASE_PATH.`)
  if (target === path) throw new Refusal('That is the database itself. Give the backup another name.')
  if (existsSync(target) && !overwrite)
    throw new Refusal(`${target} is there already. Choose another name, or add --overwrite to replace it.`)
  const startedAt = Date.now()
  const part = `${target}.part`
  const file = openLocked(path)
  try {
    removeDatabase(part)
    copyDatabase(path, part)
    stamp(part, startedAt)
    const { bytes, counts, migrations } = inspectCopy(part)
    putInPlace(part, target)
    const db = openDatabase(file as unknown as D1Database)
    await atomically(db, [recordRun('backup', startedAt)])
    await recordAudit({ db, now: () => Date.now() }, { type: 'backup_taken', by: null, address: '', subject: 'from the shell' })
    const took = ((Date.now() - startedAt) / 1000).toFixed(1)
    say(`${target}: ${sizeWords(bytes)} in ${took} s, read back and whole, ${migrations.length} migrations.`)
    say(`It holds ${listCounts(counts)}.`)
  } finally {
    removeDatabase(part)
    file.close()
  }
  return true
}

/** The copy knows its own age: a restore asks the provider about everything since (doctor/fence.ts). */
function stamp(part: string, startedAt: number): void {
  const copy = new BetterSqlite3(part)
  copy
    .prepare("INSERT INTO job_runs (name, ran_at) VALUES ('backup', ?) ON CONFLICT (name) DO UPDATE SET ran_at = excluded.ran_at")
    .run(startedAt)
  copy.close()
}
