import { and, desc, eq, gt, ne, sql } from 'drizzle-orm'
import { atomically } from '../db/database'
import { sessions } from '../db/schema'
import type { Deps } from '../deps'
import { NotFound } from '../faults'
import { describeDevice } from './device'

type Base = Pick<Deps, 'db' | 'now'>

/**
 * Times are UTC ms; `lastSeenAt` is up to a minute old. The id is the stored one, a keyed hash of the cookie: it cannot be turned back
 * into the cookie, and nothing takes it for one. All it names is a session for its own user to end.
 */
export type OwnSession = { id: string; device: string; address: string; createdAt: number; lastSeenAt: number }

const mostShown = 50

/** Those that still sign the user in: `current` first, then the last used; at most 50. */
export async function listSessions({ db, now }: Base, userId: number, current: string): Promise<OwnSession[]> {
  const { id, userAgent, address, createdAt, lastSeenAt } = sessions
  const rows = await db
    .select({ id, userAgent, address, createdAt, lastSeenAt })
    .from(sessions)
    .where(and(eq(sessions.userId, userId), gt(sessions.idleExpiresAt, now()), gt(sessions.expiresAt, now())))
    .orderBy(sql`${id} <> ${current}`, desc(lastSeenAt), desc(createdAt), id)
    .limit(mostShown)
  return rows.map(({ userAgent, ...row }) => ({ ...row, device: describeDevice(userAgent) }))
}

/** Ends it and forgets the device that it was opened on. Answers what device it was. Throws NotFound for one that is gone or another user's. */
export async function revokeSession({ db }: Base, userId: number, id: string): Promise<string> {
  const owned = sql`FROM sessions WHERE id = ${id} AND user_id = ${userId}`
  const [, gone] = await atomically<{ userAgent: string }>(db, [
    sql`DELETE FROM remembered_devices WHERE user_id = ${userId} AND id = (SELECT data ->> '$._data.device_id.value' ${owned})`,
    sql`DELETE ${owned} RETURNING user_agent AS "userAgent"`,
  ])
  const [session] = gone?.rows ?? []
  if (!session) throw new NotFound()
  return describeDevice(session.userAgent)
}

/** Ends all sessions of the user but one; answers how many. */
export async function revokeOtherSessions({ db }: Base, userId: number, keep: string): Promise<number> {
  const gone = await db
    .delete(sessions)
    .where(and(eq(sessions.userId, userId), ne(sessions.id, keep)))
    .returning({ id: sessions.id })
  return gone.length
}
