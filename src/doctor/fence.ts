import { sql } from 'drizzle-orm'
import { recordAudit } from '../audit/audit'
import { markRestored, pauseRestored } from '../blasts/restored'
import { atomically, type Db } from '../db/database'
import { doubtUnfinished } from '../deliveries/restored'
import type { Deps } from '../deps'
import { recordRun } from '../health/job-runs'
import { expireOvertaken, expireRestored, type Known, readKnown } from '../schedule/restored'
import { type Blocks, carryBlocks, readBlocks } from '../suppressions/carried'

/** What the database that is replaced knows and the backup may not. */
export type Present = { blocks: Blocks; scheduled: Known; origin: string }

export const readPresent = async (db: Db): Promise<Present> => ({
  blocks: await readBlocks(db),
  scheduled: await readKnown({ db }),
  origin: await originOf(db),
})

export type Fenced = {
  /** UTC ms, no later than the first thing that is not in it. */
  takenAt: number
  /** How many of each. */
  paused: number
  doubted: number
  expired: number
  /** Null where the present database could not be read. */
  carried: number | null
}

type Base = Pick<Deps, 'db' | 'now' | 'config' | 'newToken'>

/**
 * Before a restored database is used: nothing in it may text anybody who was texted after the backup, or who opted out since. Blasts wait for
 * a person, and the provider is asked about everybody who may have had a text; what was due since is not sent; everyone signs in again.
 */
export async function fenceRestored(deps: Base, present: Present | null): Promise<Fenced> {
  const { db, now, config } = deps
  const takenAt = await takenAtOf(db)
  const at = now()
  const doubt = { token: deps.newToken(), now: at, askAt: at + config.sending.reconcileGraceMs }
  const [, paused, doubted] = await atomically(db, [
    markRestored(takenAt, at),
    pauseRestored(at),
    doubtUnfinished(doubt),
    // Sessions that were ended since the backup would be back, and claims of a sender that is gone.
    sql`DELETE FROM sessions`,
    sql`DELETE FROM sender_lease`,
    recordRun('restore', at),
    // So would browsers that were forgotten since, and alerts that went out since would go out again.
    sql`DELETE FROM remembered_devices`,
    sql`DELETE FROM half_way_sign_ins`,
    sql`DELETE FROM security_alerts`,
  ])
  const due = await expireRestored(deps)
  // Of another database, made anew after a loss, nothing follows.
  const overtaken = present?.origin === (await originOf(db)) ? await expireOvertaken(deps, present.scheduled) : 0
  const carried = present ? await carryBlocks(db, present.blocks) : null
  await recordAudit(deps, { type: 'database_restored', by: null, address: '', subject: `backup of ${new Date(takenAt).toISOString()}` })
  return { takenAt, paused: paused?.rows.length ?? 0, doubted: doubted?.changes ?? 0, expired: due + overtaken, carried }
}

/** When the database was made: the backup and the present one are of one origin, or have nothing to do with each other. */
async function originOf(db: Db): Promise<string> {
  const row = await db.get<{ at: string }>(sql`SELECT applied_at AS at FROM d1_migrations ORDER BY id LIMIT 1`)
  return row?.at ?? ''
}

/** What was written down last of all that is done on time: nothing after it is missing. */
async function takenAtOf(db: Db): Promise<number> {
  const row = await db.get<{ at: number | null }>(sql`
    SELECT coalesce((SELECT max(ran_at) FROM job_runs), (SELECT max(created_at) FROM message_logs), 0) AS at`)
  return row?.at ?? 0
}
