import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { ownFile } from './database-lock'

/** Of one table each, for the person who looks at a copy. */
export const counted = {
  users: 'users',
  community_members: 'members',
  events: 'events',
  message_logs: 'blasts',
  message_deliveries: 'texts',
  scheduled_messages: 'scheduled',
  unsubscribed_contacts: 'opt-outs',
} as const

export type Inspected = { bytes: number; migrations: string[]; counts: Record<string, number> }

/** Why a file is no database of ours, in words. */
export class CopyFault extends Error {}

/**
 * A whole, consistent copy as of the moment this begins, beside whatever else reads and writes `from`; `to` must not exist. VACUUM INTO and not
 * the backup API: that starts again whenever another process has written, and beside a blast it does not end (docs/cli.md has the figures).
 */
export function copyDatabase(from: string, to: string): void {
  ownFile(to)
  const file = new BetterSqlite3(from, { readonly: true, fileMustExist: true, timeout: 5000 })
  try {
    file.prepare('VACUUM INTO ?').run(to)
  } finally {
    file.close()
  }
}

/** Reads every page of it. Throws CopyFault. */
export function inspectCopy(path: string): Inspected {
  try {
    const file = new BetterSqlite3(path, { readonly: true, fileMustExist: true })
    try {
      const found = file.pragma('integrity_check(1)', { simple: true })
      if (found !== 'ok') throw new CopyFault(`is damaged: ${String(found)}`)
      const column = (sql: string) => file.prepare(sql).pluck().all() as string[]
      if (!column("SELECT name FROM sqlite_schema WHERE name = 'd1_migrations'").length) throw new CopyFault('is no database of this app')
      const counts = Object.entries(counted).map(([table, name]) => [name, file.prepare(`SELECT count(*) FROM ${table}`).pluck().get()])
      const migrations = column('SELECT name FROM d1_migrations ORDER BY id')
      return { bytes: statSync(path).size, migrations, counts: Object.fromEntries(counts) }
    } finally {
      file.close()
    }
  } catch (fault) {
    if (fault instanceof CopyFault) throw fault
    throw new CopyFault(`cannot be read as a database (${fault instanceof Error ? fault.message : String(fault)})`)
  }
}

/** `from` takes the place of `to` at once, and is there after a power cut. */
export function putInPlace(from: string, to: string): void {
  sync(from)
  renameSync(from, to)
  sync(dirname(to))
}

function sync(path: string): void {
  const file = openSync(path, 'r')
  fsyncSync(file)
  closeSync(file)
}

export function removeDatabase(path: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(path + end, { force: true })
}
