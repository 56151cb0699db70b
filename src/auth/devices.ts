import { lte, type SQL, sql } from 'drizzle-orm'
import { atomically } from '../db/database'
import { rememberedDevices } from '../db/schema'
import type { Deps } from '../deps'
import { keyedHash, keyedHashes, newSecret } from './keyed-hash'

type Base = Pick<Deps, 'db' | 'now' | 'config'>

/** Longer than any session, and begun anew by each sign-in. */
export const deviceLastsMs = 180 * 86_400_000
/** A second press that was under way meanwhile still shows the token of before. */
const sameMomentMs = 60_000
/** The longest unused ones go: whoever signs in without cookies makes one each time. */
const mostDevices = 20

/** The device of the user of this name that one of the tokens proves, or null. A name that nobody has is looked for alike. */
export async function findDevice(deps: Base, username: string, tokens: readonly string[]): Promise<number | null> {
  if (tokens.length === 0) return null
  const hashes = JSON.stringify(await hashesOf(deps, tokens))
  const owner = sql`(SELECT id FROM users WHERE lower(username) = lower(${username.trim()}))`
  const found = await deps.db.get<{ id: number }>(sql`
    SELECT id FROM remembered_devices WHERE user_id = ${owner} AND expires_at > ${deps.now()} AND ${shows(hashes)} ORDER BY id DESC LIMIT 1`)
  return found?.id ?? null
}

/** `tokens`: what its cookie holds from now on, or null where it stays as it is. */
export type Arrival = { id: number; tokens: string[] | null; isNew: boolean }

type SignedInOn = { userId: number; passwordHash: string; userAgent: string; tokens: readonly string[] }

/**
 * After the right password: the device gets a token that nobody has seen, and the one before is good until this one comes back, so that a
 * lost answer costs nothing. Null: the password that was proven is no longer theirs.
 */
export async function rememberDevice(deps: Base, { userId, passwordHash, userAgent, tokens }: SignedInOn): Promise<Arrival | null> {
  const now = deps.now()
  const token = newSecret()
  const hash = await keyedHash(deps, 'device', token)
  const shown = listed(JSON.stringify(await hashesOf(deps, tokens)))
  const proven = sql`EXISTS (SELECT 1 FROM users WHERE id = ${userId} AND password_hash = ${passwordHash})`
  const known = sql`user_id = ${userId} AND expires_at > ${now} AND ${proven}`
  const stamp = { agent: userAgent.slice(0, 300), expiresAt: now + deviceLastsMs }
  const [rotated, same, added, , others] = await atomically<{ id: number; hash: string }>(deps.db, [
    sql`
      UPDATE remembered_devices SET former_hash = CASE WHEN token_hash IN ${shown} THEN token_hash ELSE former_hash END,
        token_hash = ${hash}, user_agent = ${stamp.agent}, last_used_at = ${now}, expires_at = ${stamp.expiresAt}
      WHERE id = (SELECT id FROM remembered_devices WHERE ${known}
        AND (token_hash IN ${shown} OR (former_hash IN ${shown} AND last_used_at < ${now - sameMomentMs})) ORDER BY id DESC LIMIT 1)
      RETURNING id`,
    sql`SELECT id FROM remembered_devices WHERE ${known} AND former_hash IN ${shown} ORDER BY id DESC LIMIT 1`,
    sql`
      INSERT INTO remembered_devices (user_id, token_hash, user_agent, created_at, last_used_at, expires_at)
      SELECT ${userId}, ${hash}, ${stamp.agent}, ${now}, ${now}, ${stamp.expiresAt}
      WHERE ${proven} AND NOT EXISTS (SELECT 1 FROM remembered_devices WHERE ${known} AND (token_hash = ${hash} OR former_hash IN ${shown}))
      RETURNING id`,
    sql`DELETE FROM remembered_devices WHERE user_id = ${userId} AND id NOT IN (
      SELECT id FROM remembered_devices WHERE user_id = ${userId} ORDER BY last_used_at DESC, id DESC LIMIT ${mostDevices})`,
    sql`
      SELECT value AS hash FROM json_each(${JSON.stringify(await hashesOf(deps, tokens))})
      WHERE value IN (SELECT token_hash FROM remembered_devices WHERE user_id <> ${userId})
        OR value IN (SELECT former_hash FROM remembered_devices WHERE user_id <> ${userId})`,
  ])
  const kept = new Set(others?.rows.map((row) => row.hash))
  const hashesByToken = await Promise.all(tokens.map((each) => hashesOf(deps, [each])))
  const ofOthers = tokens.filter((_, i) => hashesByToken[i]?.some((each) => kept.has(each)))
  const [old, fresh, pressedTwice] = [rotated?.rows[0], added?.rows[0], same?.rows[0]]
  if (old) return { id: old.id, tokens: [token, ...ofOthers], isNew: false }
  if (fresh) return { id: fresh.id, tokens: [token, ...ofOthers], isNew: true }
  return pressedTwice ? { id: pressedTwice.id, tokens: null, isNew: false } : null
}

/** Forgets those of the user but `keep`; answers how many. */
export async function forgetDevices({ db }: Pick<Deps, 'db'>, userId: number, keep: number | null): Promise<number> {
  const gone = await db.all(sql`DELETE FROM remembered_devices WHERE user_id = ${userId} AND id IS NOT ${keep} RETURNING id`)
  return gone.length
}

export async function countDevices({ db, now }: Base, userId: number): Promise<number> {
  const row = await db.get<{ n: number }>(sql`
    SELECT count(*) AS n FROM remembered_devices WHERE user_id = ${userId} AND expires_at > ${now()}`)
  return row?.n ?? 0
}

export async function pruneDevices({ db, now }: Base): Promise<void> {
  await db.delete(rememberedDevices).where(lte(rememberedDevices.expiresAt, now()))
}

const hashesOf = async (deps: Base, tokens: readonly string[]): Promise<string[]> =>
  (await Promise.all(tokens.map((token) => keyedHashes(deps, 'device', token)))).flat()

const listed = (hashes: string): SQL => sql`(SELECT value FROM json_each(${hashes}))`
const shows = (hashes: string): SQL => sql`(token_hash IN ${listed(hashes)} OR former_hash IN ${listed(hashes)})`
