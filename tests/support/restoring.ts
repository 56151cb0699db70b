import { sql } from 'drizzle-orm'
import { atomically } from '../../src/db/database'
import type { Deps } from '../../src/deps'
import { fenceRestored, readPresent } from '../../src/doctor/fence'
import { recordRun } from '../../src/health/job-runs'

type Base = Pick<Deps, 'db' | 'now' | 'config' | 'newToken'>
type Rows = Record<string, unknown>[]

const tables = [
  'message_logs',
  'message_deliveries',
  'scheduled_messages',
  'recurring_schedules',
  'unsubscribed_contacts',
  'suppressed_contacts',
  'sessions',
  'job_runs',
]

/** What `npm run doctor -- --backup` keeps and `--restore` puts back, on any host: the rows themselves, and the fence around them. */
export async function takeBackup(deps: Base) {
  const { db } = deps
  await atomically(db, [recordRun('backup', deps.now())])
  const kept: [string, Rows][] = []
  for (const table of tables) kept.push([table, await db.all<Record<string, unknown>>(sql.raw(`SELECT * FROM ${table}`))])

  /** `present`: whether the database that is replaced can still be read. `anew`: it was made after the loss of the one that was backed up. */
  return async function restore({ present, anew = false }: { present: boolean; anew?: boolean }) {
    const known = present ? { ...(await readPresent(db)), ...(anew ? { origin: '2030-01-01 00:00:00' } : {}) } : null
    for (const [table] of kept.toReversed()) {
      await db.run(sql.raw(`DELETE FROM ${table}`))
    }
    for (const [table, rows] of kept) {
      const names = Object.keys(rows[0] ?? {})
      if (names.length === 0) continue
      const values = names.map((name) => `value ->> '${name}'`).join(', ')
      await db.run(sql`${sql.raw(`INSERT INTO ${table} (${names.join(', ')}) SELECT ${values}`)} FROM json_each(${JSON.stringify(rows)})`)
    }
    return fenceRestored(deps, known)
  }
}
