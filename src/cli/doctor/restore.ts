import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { plural } from '../../../templates/ui/format'
import { openDatabase } from '../../db/database'
import { type Fenced, type Present, readPresent } from '../../doctor/fence'
import { D1OnBetterSqlite3 } from '../../platform/d1-on-better-sqlite3'
import { CopyFault, copyDatabase, type Inspected, inspectCopy, removeDatabase } from '../../platform/database-copy'
import { holderOf, ownDatabase } from '../../platform/database-lock'
import { closePresent, swapDatabase } from '../../platform/database-swap'
import { readMigrations } from '../../platform/node-env'
import { makeFolders } from '../../platform/node-folders'
import { databasePath, listCounts, Refusal, type Run, readSettings, say, typedPath } from './context'
import { fenceFile } from './fence-file'
import { stillAhead, tellFence } from './moving'

/** Until the last step the present database stays as it is: the backup is copied, brought up to date and fenced beside it. */
export const restore: Run = async (value) => {
  const config = readSettings()
  const path = databasePath()
  const source = typedPath(value)
  if (!existsSync(source)) throw new Refusal(`There is no file ${source}.`)
  if (source === path) throw new Refusal('That is the database itself. Give the backup to restore.')
  const inspected = inspectBackup(source)
  makeFolders(dirname(path))
  const lock = ownDatabase(path)
  if (!lock) throw inUse(path)
  const next = `${path}.restoring`
  try {
    const state = closePresent(path)
    if (state === 'busy') throw inUse(path)
    const present = state === 'whole' ? await readPresentOf(path) : null
    removeDatabase(next)
    copyDatabase(source, next)
    const fenced = await fenceFile(config, next, present)
    // Whoever opened it meanwhile without our lock.
    if (closePresent(path) === 'busy') throw inUse(path)
    const aside = `${path}.before-restore-${new Date().toISOString().replace(/[:.]/g, '-')}`
    swapDatabase(next, path, aside)
    tell(path, inspected, fenced)
    if (state !== 'none') say(`What was there before is kept: ${aside}`)
    if (state === 'damaged')
      say('It could not be read: whoever opted out after the backup is known to Twilio alone, which refuses to text them.')
  } finally {
    removeDatabase(next)
    lock.release()
  }
  return true
}

function inspectBackup(source: string): Inspected {
  const inspected = inspectCopy(source)
  const known = readMigrations().map(({ name }) => name)
  const newer = inspected.migrations.filter((name) => !known.includes(name))
  if (newer.length > 0) throw new CopyFault(`is of a newer version of this app: it has ${newer.join(', ')}`)
  return inspected
}

function inUse(path: string): Refusal {
  const holder = holderOf(path)
  return new Refusal(`${path} is in use${holder ? ` by ${holder}` : ''}. Stop the server, and its timer, and restore again.`)
}

/** Null where it is too old or not ours to be read. */
async function readPresentOf(path: string): Promise<Present | null> {
  const file = new D1OnBetterSqlite3(path)
  try {
    return await readPresent(openDatabase(file as unknown as D1Database))
  } catch {
    return null
  } finally {
    file.close()
    closePresent(path)
  }
}

function tell(path: string, { counts }: Inspected, fenced: Fenced): void {
  say(`${path} is restored from a backup of ${new Date(fenced.takenAt).toISOString()}.`)
  say(`It holds ${listCounts(counts)}.`)
  tellFence(fenced, 'since')
  const { carried } = fenced
  if (carried !== null)
    say(`${plural(carried, 'opt-out or block', 'opt-outs and blocks')} that came after the backup ${carried === 1 ? 'is' : 'are'} kept.`)
  say(`Everyone signs in again, with the password of then. ${stillAhead}`)
}
