import { copyFileSync, existsSync, linkSync, renameSync, rmSync } from 'node:fs'
import BetterSqlite3 from 'better-sqlite3'
import { putInPlace } from './database-copy'
import { isBusy } from './database-lock'

/**
 * `whole`: all of it is in one file now, and nobody has it open. `damaged`: it cannot be read. `busy`: another program has it open, one that
 * knows nothing of our lock, as a `sqlite3` shell.
 */
export type Present = 'none' | 'whole' | 'damaged' | 'busy'

/** Leaving WAL takes the file for oneself alone: SQLite refuses while any other connection is open, idle ones too. */
export function closePresent(path: string): Present {
  if (!existsSync(path)) return 'none'
  try {
    const file = new BetterSqlite3(path, { timeout: 0, fileMustExist: true })
    try {
      file.pragma('journal_mode = DELETE')
      return file.pragma('quick_check(1)', { simple: true }) === 'ok' ? 'whole' : 'damaged'
    } finally {
      file.close()
    }
  } catch (fault) {
    return isBusy(fault) ? 'busy' : 'damaged'
  }
}

/** Puts `next` in the place of `path`; at every moment one or the other is there. The old one stays as `aside`. */
export function swapDatabase(next: string, path: string, aside: string): void {
  if (existsSync(path)) keepAside(path, aside)
  // Left by a damaged one only: a log of other pages would ruin the new file.
  if (existsSync(`${path}-wal`)) renameSync(`${path}-wal`, `${aside}-wal`)
  rmSync(`${path}-shm`, { force: true })
  rmSync(`${path}-journal`, { force: true })
  putInPlace(next, path)
}

function keepAside(path: string, aside: string): void {
  try {
    linkSync(path, aside)
  } catch {
    // A file system without links.
    copyFileSync(path, aside)
  }
}
