import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/database'

/** A sender renews well before this is over; another takes over when it has died. */
export const leaseMs = 15_000

/** Taken or renewed: a row. Held by another that is alive: none. */
const take = (holder: string, now: number): SQL => sql`
  INSERT INTO sender_lease (id, holder, expires_at) VALUES (1, ${holder}, ${now + leaseMs})
  ON CONFLICT (id) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
  WHERE holder = ${holder} OR expires_at <= ${now} RETURNING expires_at AS "expiresAt"`

/**
 * Who may send: one at a time for a database, so that one rate holds for server, tick and workers together. Claims stay safe without it.
 * Answers null when it is ours, else when the other's lease ends (UTC ms).
 */
export async function takeLease(db: Db, holder: string, now: number): Promise<number | null> {
  const taken = await db.all(take(holder, now))
  if (taken.length > 0) return null
  const other = await db.get<{ expiresAt: number }>(sql`SELECT expires_at AS "expiresAt" FROM sender_lease WHERE id = 1`)
  return other?.expiresAt ?? now
}

export const renewLease = take

export async function releaseLease(db: Db, holder: string): Promise<void> {
  await db.run(sql`DELETE FROM sender_lease WHERE id = 1 AND holder = ${holder}`)
}
