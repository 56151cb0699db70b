import { sql } from 'drizzle-orm'
import type { Db } from '../db/database'
import type { Deps } from '../deps'

/** Deliveries go with their blasts, so a chunk is bounded by them: a server answers nobody else while it deletes one. */
const peopleAtOnce = 5000
const blastsAtOnce = 1000
/** Two million people. A Worker may ask less in a request: its budget, less what the request asks besides. */
const mostChunks = 400
const queriesBesides = 15

export type Clearable = { blasts: number; people: number; undecided: number }

const finished = sql.raw(`l.status IN ('sent', 'failed', 'cancelled') AND l.finished_at IS NOT NULL`)

export async function countFinished(db: Db): Promise<Clearable> {
  const row = await db.get<Clearable>(sql`
    SELECT count(*) AS blasts, coalesce(sum(l.total_recipients), 0) AS people,
      (SELECT count(*) FROM message_logs l JOIN message_deliveries d ON d.log_id = l.id AND d.status = 'unknown' WHERE ${finished}) AS undecided
    FROM message_logs l WHERE ${finished}`)
  return row ?? { blasts: 0, people: 0, undecided: 0 }
}

/**
 * Deletes finished blasts with their deliveries, the oldest first, a chunk at a time; answers how many. One that is open, or that a retry
 * opens meanwhile, stays whole: its state is asked in the statement that deletes it. More than can be done at once is left for the next call.
 */
export async function clearFinished({ db, sleep, budget }: Pick<Deps, 'db' | 'sleep' | 'budget'>): Promise<number> {
  let cleared = 0
  for (let chunk = 0; chunk < Math.min(mostChunks, budget.operationsPerRun - queriesBesides); chunk++) {
    await sleep(0)
    const gone = await db.all<{ id: number }>(sql`
      DELETE FROM message_logs WHERE id IN (
        SELECT id FROM (
          SELECT id, sum(own) OVER (ORDER BY id) AS so_far, own
          FROM (SELECT l.id, l.total_recipients AS own FROM message_logs l WHERE ${finished} ORDER BY l.id LIMIT ${blastsAtOnce}))
        WHERE so_far - own < ${peopleAtOnce})
      RETURNING id`)
    if (gone.length === 0) break
    cleared += gone.length
  }
  return cleared
}
