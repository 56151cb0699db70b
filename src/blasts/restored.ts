import { type SQL, sql } from 'drizzle-orm'
import type { Blast } from './blasts'

/** Every blast of a database that was restored at `now` from a backup of `takenAt`: what was done with it in between is not in it. */
export const markRestored = (takenAt: number, now: number): SQL => sql`
  UPDATE message_logs SET restored_from_at = ${takenAt}, restored_at = ${now}, counts_stale = 1`

/** Those that were under way, or paused, wait for a person. A cancelled one stays cancelled. */
export const pauseRestored = (now: number): SQL => sql`
  UPDATE message_logs SET status = 'paused', pause_code = NULL, paused_by = '', throttled_until_at = 0, started_at = coalesce(started_at, ${now})
  WHERE finished_at IS NULL AND status IN ('held', 'processing', 'paused') RETURNING id`

/** Whether it is the restore that it is paused for. */
export const isPausedByRestore = (blast: Pick<Blast, 'status' | 'pauseCode' | 'pausedBy' | 'restoredAt'>): boolean =>
  blast.status === 'paused' && blast.pauseCode === null && blast.pausedBy === '' && blast.restoredAt !== null
