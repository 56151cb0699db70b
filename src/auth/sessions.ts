import { and, eq, gt, inArray, lt, sql } from 'drizzle-orm'
import type { SessionData } from 'hono-sessions'
import { sessions } from '../db/schema'
import type { Deps } from '../deps'
import { keyedHash, keyedHashes } from './keyed-hash'

/**
 * What a signed-in session holds, beside flash messages. Never stored: `proven_hash` and `proven_code`, what it was proven against and whether
 * with a code, and `cookie_end`.
 */
export type SessionContent = {
  user_id: number
  remember: boolean
  user_agent: string
  address: string
  /** The remembered device it was opened on. */
  device_id: number
  proven_hash: string
  proven_code: boolean
  /** What its cookie ends with: the id that hono-sessions makes is a random UUID, 122 bits, and 128 are due (ASVS 7.2.3). */
  cookie_end: string
  /** Of a second factor that is being set up, sealed; `expires_at` in UTC ms. */
  second_factor: { sealed: string; expires_at: number }
  flash: unknown
}

/** Without "keep me signed in" a session ends after this long however busy it is. */
const absoluteMs = 24 * 3_600_000
/** Writing "last seen" on every page would cost a durable write each. */
const lastSeenStepMs = 60_000

type StoredData = SessionData<unknown>

/**
 * Sessions in the database, for hono-sessions. Only signed-in sessions are stored, under the hash of their cookie; a row that is
 * gone stays gone, so that a request in flight during sign-out cannot bring it back.
 */
export class SessionStore {
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  async getSessionById(sid?: string): Promise<StoredData | null> {
    if (!sid) return null
    const { db, config } = this.deps
    const now = this.deps.now()
    const [id = '', ...former] = await keyedHashes(this.deps, 'session', sid)
    const row = await db.query.sessions.findFirst({
      where: and(inArray(sessions.id, [id, ...former]), gt(sessions.idleExpiresAt, now), gt(sessions.expiresAt, now)),
    })
    if (!row) return null
    // Stored under a key of before: from here on under today's.
    if (row.id !== id) await db.update(sessions).set({ id }).where(eq(sessions.id, row.id))
    const data = JSON.parse(row.data) as StoredData
    if (now - row.lastSeenAt > lastSeenStepMs) {
      const idleExpiresAt = now + (data._data.remember?.value ? config.auth.rememberMs : config.auth.idleMs)
      await db.update(sessions).set({ lastSeenAt: now, idleExpiresAt }).where(eq(sessions.id, id))
    }
    return data
  }

  async createSession(sid: string, data: StoredData): Promise<void> {
    const userId = data._data.user_id?.value
    if (userId === undefined) return
    const { db, config } = this.deps
    const now = this.deps.now()
    const remember = data._data.remember?.value === true
    const lastsMs = remember ? config.auth.rememberMs : absoluteMs
    const idleMs = remember ? config.auth.rememberMs : config.auth.idleMs
    const userAgent = String(data._data.user_agent?.value ?? '').slice(0, 300)
    const address = String(data._data.address?.value ?? '')
    const provenHash = String(data._data.proven_hash?.value ?? '')
    const provenCode = data._data.proven_code?.value === true ? 1 : 0
    // A password changed, or a second factor set up, while this sign-in was under way ended all sessions: this one must not come after.
    await db.run(sql`
      INSERT INTO sessions (id, user_id, data, user_agent, address, created_at, last_seen_at, idle_expires_at, expires_at)
      SELECT ${await hashSid(this.deps, cookieValue(sid, data))}, id, ${serialize(data)}, ${userAgent}, ${address}, ${now}, ${now}, ${now + idleMs}, ${now + lastsMs}
      FROM users WHERE id = ${Number(userId)} AND password_hash = ${provenHash} AND (second_factor_secret IS NULL OR ${provenCode})`)
  }

  async persistSessionData(sid: string, data: StoredData): Promise<void> {
    if (data._data.user_id === undefined) return
    await this.deps.db
      .update(sessions)
      .set({ data: serialize(data) })
      .where(eq(sessions.id, await hashSid(this.deps, sid)))
  }

  async deleteSession(sid: string): Promise<void> {
    await this.deps.db.delete(sessions).where(eq(sessions.id, await hashSid(this.deps, sid)))
  }
}

export async function pruneSessions(deps: Pick<Deps, 'db' | 'now'>): Promise<void> {
  await deps.db.delete(sessions).where(lt(sessions.expiresAt, deps.now()))
}

/** The id that hono-sessions keeps in its cache is the cookie's value: it must not reach the database. */
function serialize(data: StoredData): string {
  const { proven_hash: _, proven_code: __, cookie_end: ___, ...kept } = data._data
  return JSON.stringify({ _data: kept, _expire: null, _delete: false, _accessed: null })
}

/** Of a session that begins under the id `sid`. */
export const cookieValue = (sid: string, { _data }: StoredData): string => `${sid}${String(_data.cookie_end?.value ?? '')}`

/** The stored id of the session whose cookie has this value. */
export const hashSid = (deps: Pick<Deps, 'config'>, sid: string): Promise<string> => keyedHash(deps, 'session', sid)
