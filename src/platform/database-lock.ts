import { closeSync, openSync, readdirSync, readlinkSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { commandOf } from './node-port'

export type Held = { release(): void }

/**
 * Everything that works on a database file shares this lock for as long as it does; a restore, which puts another file in its place, has it
 * alone. It is a lock of SQLite's on an empty file beside it: the system lets go of it when a process dies, however it dies, and unlike the
 * database this file is never replaced. Null where a restore is going on.
 */
export const shareDatabase = (path: string): Held | null => hold(path, 'BEGIN; SELECT 1 FROM sqlite_master')

/** Null while anybody shares it. */
export const ownDatabase = (path: string): Held | null => hold(path, 'BEGIN EXCLUSIVE')

function hold(path: string, sql: string): Held | null {
  const lock = lockOf(path)
  ownFile(lock)
  const file = new BetterSqlite3(lock, { timeout: 0 })
  try {
    file.pragma('journal_mode = MEMORY')
    file.exec(sql)
    return { release: () => file.close() }
  } catch (fault) {
    file.close()
    if (isBusy(fault)) return null
    throw fault
  }
}

const lockOf = (path: string): string => `${resolve(path)}.lock`

export const isBusy = (fault: unknown): boolean => fault instanceof BetterSqlite3.SqliteError && fault.code.startsWith('SQLITE_BUSY')

/** An empty file for nobody else's eyes where there is none: SQLite would make one that all may read. */
export function ownFile(path: string): void {
  closeSync(openSync(path, 'a', 0o600))
}

/** `process 123 (node server.js)`, of another process that has the database or its lock open, from Linux's /proc; null where none is seen. */
export function holderOf(path: string): string | null {
  const files = new Set([lockOf(path), resolve(path)])
  for (const pid of pids()) {
    if (Number(pid) !== process.pid && opens(pid, files))
      return `process ${pid} (${commandOf(Number(pid))
        .map((word) => basename(word))
        .join(' ')
        .slice(0, 80)})`
  }
  return null
}

function pids(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  } catch {
    return []
  }
}

function opens(pid: string, files: Set<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => files.has(readlinkSync(`/proc/${pid}/fd/${fd}`)))
  } catch {
    return false
  }
}
