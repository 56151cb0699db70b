import { sql } from 'drizzle-orm'
import { keyedHash, keyedHashes, newSecret } from '../auth/keyed-hash'
import { findUser, type SignedIn } from '../auth/sign-in'
import type { Deps } from '../deps'

type Base = Pick<Deps, 'db' | 'now' | 'config'>

/** From the right password to the code. */
export const halfWayMs = 10 * 60_000

export type Started = { userId: number; passwordHash: string; remember: boolean; next: string }

/** `id` as it is stored. The user is not signed in. */
export type HalfWay = Omit<Started, 'userId'> & { id: string; user: SignedIn }

/** The password was right: answers what the browser has to show with the code. */
export async function startHalfWay(deps: Base, { userId, passwordHash, remember, next }: Started): Promise<string> {
  const token = newSecret()
  await deps.db.run(sql`
    INSERT INTO half_way_sign_ins (id, user_id, password_hash, remember, next, expires_at)
    VALUES (${await keyedHash(deps, 'half-way', token)}, ${userId}, ${passwordHash}, ${remember ? 1 : 0}, ${next}, ${deps.now() + halfWayMs})`)
  return token
}

/** Null where it is over, was used, or the password was changed since. */
export async function findHalfWay(deps: Base, token: string): Promise<HalfWay | null> {
  const ids = JSON.stringify(await keyedHashes(deps, 'half-way', token))
  const row = await deps.db.get<Omit<Started, 'remember'> & { id: string; remember: number }>(sql`
    SELECT h.id, h.user_id AS "userId", h.password_hash AS "passwordHash", h.remember, h.next
    FROM half_way_sign_ins h JOIN users u ON u.id = h.user_id AND u.password_hash = h.password_hash
    WHERE h.id IN (SELECT value FROM json_each(${ids})) AND h.expires_at > ${deps.now()} AND u.second_factor_secret IS NOT NULL`)
  const user = row && (await findUser(deps, row.userId))
  if (!row || !user) return null
  return { id: row.id, user, passwordHash: row.passwordHash, remember: row.remember === 1, next: row.next }
}

/** False: another request was first. */
export async function finishHalfWay({ db }: Pick<Deps, 'db'>, { id }: HalfWay): Promise<boolean> {
  const gone = await db.all(sql`DELETE FROM half_way_sign_ins WHERE id = ${id} RETURNING id`)
  return gone.length === 1
}

export async function pruneHalfWay({ db, now }: Pick<Deps, 'db' | 'now'>): Promise<void> {
  await db.run(sql`DELETE FROM half_way_sign_ins WHERE expires_at <= ${now()}`)
}
