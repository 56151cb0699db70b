import { existsSync, realpathSync } from 'node:fs'
import { openDatabase } from '../../db/database'
import { migrate } from '../../db/migrate'
import { takeOver } from '../../legacy/legacy'
import { D1OnBetterSqlite3 } from '../../platform/d1-on-better-sqlite3'
import { copyDatabase, removeDatabase } from '../../platform/database-copy'
import { openLegacyFile } from '../../platform/legacy-file'
import { openFile } from '../../platform/node'
import { readMigrations } from '../../platform/node-env'
import { databasePath, Refusal, type Run, readSettings, say, typedPath } from './context'
import { ofDeletions, ofNotes, ofTables } from './legacy-words'

/** Beside whatever runs. A dry run does the same to a copy, which is thrown away: what it tells is what would happen. */
export const importLegacy: Run = async (value, { dryRun, restoreDeleted }) => {
  const config = readSettings()
  const path = databasePath()
  const from = typedPath(value)
  if (!existsSync(from)) throw new Refusal(`There is no file ${from}.`)
  if (existsSync(path) && realpathSync(from) === realpathSync(path))
    throw new Refusal('That is the database itself. Give the file of the Flask app.')
  const source = openLegacyFile(from)
  const trial = `${path}.trying`
  try {
    const file = dryRun ? await openCopy(path, trial) : await openFile(path)
    try {
      const db = openDatabase(file as unknown as D1Database)
      const { report, deletions } = await takeOver({ db, config, now: () => Date.now() }, source, { restoreDeleted })
      for (const line of [...ofTables(report.tallies), ...ofNotes(report.notes), ...ofDeletions(deletions, restoreDeleted)]) say(line)
      say(dryRun ? `Nothing was changed: this is what would happen to ${path}.` : `${path} has taken over ${from}, which is as it was.`)
    } finally {
      file.close()
    }
  } finally {
    if (dryRun) removeDatabase(trial)
    source.close()
  }
  return true
}

async function openCopy(path: string, trial: string): Promise<D1OnBetterSqlite3> {
  removeDatabase(trial)
  if (existsSync(path)) copyDatabase(path, trial)
  const file = new D1OnBetterSqlite3(existsSync(path) ? trial : ':memory:')
  await migrate(file as unknown as D1Database, readMigrations())
  return file
}
