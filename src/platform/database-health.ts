import { existsSync, statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { type Check, doctor, fault, faultIf, note, ok } from '../doctor/check'
import { sizeWords } from '../doctor/size'

const megabyte = 1_000_000
/** The next blast and its log have to fit. */
const leastFree = 100 * megabyte
/** Checkpoints keep it at a few megabytes: one that grows has a reader that never ends. */
const mostWal = 256 * megabyte

/** The file and the disk below the database. Nothing is changed. Where it cannot be read there is one check, a fault. */
export function checkFile(path: string): Check[] {
  if (!existsSync(path)) return [fault('database', `There is none at ${path}.`, `${doctor} --apply makes it.`)]
  try {
    const file = new BetterSqlite3(path, { fileMustExist: true, timeout: 5000 })
    try {
      return [...checkContent(file, path), ...checkPlace(path)]
    } finally {
      file.close()
    }
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    return [fault('database', `${path} cannot be read (${why}).`, `Check its owner, or put a backup back: ${doctor} --restore FILE`)]
  }
}

function checkContent(file: BetterSqlite3.Database, path: string): Check[] {
  const found = file.pragma('quick_check(1)', { simple: true })
  const whole =
    found === 'ok'
      ? ok('integrity', 'quick_check finds every page whole.')
      : fault('integrity', `It is damaged: ${String(found)}.`, `Stop the server and put a backup back: ${doctor} --restore FILE`)
  return [ok('database', `${path} is readable, ${sizeWords(statSync(path).size)}.`), whole, checkWriting(file), checkWal(file, path)]
}

/** Takes the one place for writing, writes, and takes it back. */
function checkWriting(file: BetterSqlite3.Database): Check {
  try {
    file.exec('BEGIN IMMEDIATE; CREATE TABLE doctor_was_here (x); ROLLBACK')
    return ok('writable', 'It can be written.')
  } catch (thrown) {
    if (file.inTransaction) file.exec('ROLLBACK')
    return fault(
      'writable',
      `It cannot be written (${thrown instanceof Error ? thrown.message : thrown}).`,
      'Check the owner of the file and of its folder.',
    )
  }
}

function checkWal(file: BetterSqlite3.Database, path: string): Check {
  const mode = file.pragma('journal_mode', { simple: true })
  if (mode !== 'wal') return note('wal', `It is in ${String(mode)} mode; the server turns on WAL when it starts.`)
  const bytes = existsSync(`${path}-wal`) ? statSync(`${path}-wal`).size : 0
  const what = `WAL is on, its log has ${sizeWords(bytes)}.`
  return bytes > mostWal
    ? note('wal', what, 'A program that reads for hours keeps it from shrinking: restart the server.')
    : ok('wal', what)
}

function checkPlace(path: string): Check[] {
  const file = statSync(path)
  const folder = statSync(dirname(path))
  const { bavail, bsize } = statfsSync(dirname(path))
  const free = bavail * bsize
  const own = process.getuid?.() ?? file.uid
  const exposed = (file.mode & 0o077) !== 0 && (folder.mode & 0o011) !== 0
  const room = `${sizeWords(free)} are free.`
  return [
    exposed
      ? fault('permissions', 'Others on this machine can read the database.', `chmod 600 ${path}`)
      : ok('permissions', 'Nobody else on this machine can read the database.'),
    file.uid === own
      ? ok('owner', 'It belongs to the user who runs this.')
      : fault('owner', `It belongs to user ${file.uid}, and this is run by ${own}.`, 'Run this, and the server, as the same user.'),
    free < Math.max(leastFree, file.size)
      ? faultIf(free < leastFree, 'disk', room, 'Make room: a backup needs as much as the database.')
      : ok('disk', room),
  ]
}

/** Names of the migrations that the file has had, with their times; null where there is no such file. Throws where it is no database. */
export function appliedMigrations(path: string): Map<string, string> | null {
  if (!existsSync(path)) return null
  const file = new BetterSqlite3(path, { readonly: true, fileMustExist: true, timeout: 5000 })
  try {
    if (!file.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'd1_migrations'").get()) return new Map()
    const rows = file.prepare('SELECT name, applied_at AS at FROM d1_migrations').all() as { name: string; at: string }[]
    return new Map(rows.map(({ name, at }) => [name, at]))
  } finally {
    file.close()
  }
}
