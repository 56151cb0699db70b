import { type SQL, sql } from 'drizzle-orm'
import { atomically, type Db } from '../db/database'
import type { Deps } from '../deps'

/** `minute`: a whole pass of the recurring work. `backup`: when the last one was begun. `restore`: when the database was put back from one. */
export type RunName = 'minute' | 'backup' | 'restore'

/** `at` in UTC ms. */
export const recordRun = (name: RunName, at: number): SQL => sql`
  INSERT INTO job_runs (name, ran_at) VALUES (${name}, ${at}) ON CONFLICT (name) DO UPDATE SET ran_at = excluded.ran_at`

/** UTC ms; null when it never ran. */
export async function lastRun(db: Db, name: RunName): Promise<number | null> {
  const row = await db.get<{ at: number }>(sql`SELECT ran_at AS at FROM job_runs WHERE name = ${name}`)
  return row?.at ?? null
}

export const noteMinute = ({ db, now }: Pick<Deps, 'db' | 'now'>) => atomically(db, [recordRun('minute', now())])
