import { type SQL, sql } from 'drizzle-orm'
import { raiseAlert } from '../alerts/alerts'
import type { Trail } from '../audit/audit'
import { forgiveTries } from '../auth/lockouts'
import { seal, unseal } from '../auth/seal'
import { atomically } from '../db/database'
import type { Deps } from '../deps'
import { hashOfCode, makeCodes, replaceCodes } from './recovery-codes'

type Whose = { id: number }

const purposeOf = (userId: number) => `second factor of user ${userId}`

export type OwnFactor = {
  /** UTC ms. */
  since: number
  codesLeft: number
}

/** Null where there is none. */
export async function readFactor({ db }: Pick<Deps, 'db'>, { id }: Whose): Promise<OwnFactor | null> {
  const row = await db.get<OwnFactor>(sql`
    SELECT second_factor_at AS since, (SELECT count(*) FROM recovery_codes WHERE user_id = users.id) AS "codesLeft"
    FROM users WHERE id = ${id} AND second_factor_secret IS NOT NULL`)
  return row ?? null
}

/** A secret that is not in force yet, as it waits in the user's session. */
export const sealPending = (deps: Deps, { id }: Whose, secret: string): Promise<string> => seal(deps, `pending ${purposeOf(id)}`, secret)
export const openPending = async (deps: Deps, { id }: Whose, sealed: string): Promise<string | null> =>
  (await unseal(deps, `pending ${purposeOf(id)}`, sealed))?.text ?? null

/** `step` is that of the code that proved it, and is used up; `keptSession` the stored id of the user's session. */
type Begin = { secret: string; step: number; provenHash: string; keptSession: string; trail: Trail }

/**
 * Ends the user's other sessions, which the password alone began. Answers the recovery codes, which nobody can read later. Null: there is one
 * already, or the password was changed since it was proven.
 */
export async function turnOn(deps: Deps, { id }: Whose, { secret, step, provenHash, keptSession, trail }: Begin): Promise<string[] | null> {
  const sealed = await seal(deps, purposeOf(id), secret)
  const codes = makeCodes()
  const hashes = await Promise.all(codes.map((code) => hashOfCode(secret, code)))
  const [done] = await atomically(deps.db, [
    sql`
      UPDATE users SET second_factor_secret = ${sealed}, second_factor_step = ${step}, second_factor_at = ${deps.now()}
      WHERE id = ${id} AND second_factor_secret IS NULL AND password_hash = ${provenHash} RETURNING id`,
    ...trail,
    ...replaceCodes(id, hashes, has(id, sealed)),
    sql`DELETE FROM sessions WHERE user_id = ${id} AND id <> ${keptSession} AND ${has(id, sealed)}`,
  ])
  if (done?.rows.length !== 1) return null
  await raiseAlert(deps, { id }, 'second_factor_on')
  return codes
}

/** Null: it was turned off meanwhile, or the key that it was sealed with is gone. */
export async function makeNewCodes(deps: Deps, { id }: Whose, trail: Trail): Promise<string[] | null> {
  const held = await readSecret(deps, id)
  if (!held?.secret) return null
  const { secret } = held
  const codes = makeCodes()
  const hashes = await Promise.all(codes.map((code) => hashOfCode(secret, code)))
  const [, made] = await atomically(deps.db, [...replaceCodes(id, hashes, has(id, held.sealed)), ...trail])
  return made?.changes === 0 ? null : codes
}

/** By the user. Whoever stands between password and code begins again. */
export async function turnOff(deps: Deps, { id }: Whose, trail: Trail): Promise<void> {
  await atomically(deps.db, takeAway(id, trail))
  await raiseAlert(deps, { id }, 'second_factor_off')
}

/** By somebody else, for a lost phone: the user is signed out everywhere, and told. False where there is none. */
export async function resetFactor(deps: Deps, { id, username }: Whose & { username: string }, trail: Trail): Promise<boolean> {
  const hasOne = sql`EXISTS (SELECT 1 FROM users WHERE id = ${id} AND second_factor_secret IS NOT NULL)`
  const [, , gone] = await atomically(deps.db, [
    sql`DELETE FROM sessions WHERE user_id = ${id} AND ${hasOne}`,
    sql`DELETE FROM remembered_devices WHERE user_id = ${id} AND ${hasOne}`,
    ...takeAway(id, trail),
  ])
  if (gone?.rows.length !== 1) return false
  // No browser of theirs is known any more: a lock would keep them out of each.
  await forgiveTries(deps, username)
  await raiseAlert(deps, { id }, 'second_factor_reset')
  return true
}

const takeAway = (userId: number, trail: Trail): SQL[] => [
  sql`
    UPDATE users SET second_factor_secret = NULL, second_factor_step = 0, second_factor_at = NULL
    WHERE id = ${userId} AND second_factor_secret IS NOT NULL RETURNING id`,
  ...trail,
  sql`DELETE FROM recovery_codes WHERE user_id = ${userId}`,
  sql`DELETE FROM half_way_sign_ins WHERE user_id = ${userId}`,
]

const has = (userId: number, sealed: string): SQL =>
  sql`EXISTS (SELECT 1 FROM users WHERE id = ${userId} AND second_factor_secret = ${sealed})`

/** `secret` is null where no key opens it; `former` where it was a key of before. */
export type Held = { sealed: string; secret: string | null; former: boolean }

export async function readSecret(deps: Pick<Deps, 'db' | 'config'>, userId: number): Promise<Held | null> {
  const row = await deps.db.get<{ sealed: string | null }>(sql`SELECT second_factor_secret AS sealed FROM users WHERE id = ${userId}`)
  if (!row?.sealed) return null
  const opened = await unseal(deps, purposeOf(userId), row.sealed)
  return { sealed: row.sealed, secret: opened?.text ?? null, former: opened?.former ?? false }
}

export const sealAnew = (deps: Pick<Deps, 'config'>, userId: number, secret: string): Promise<string> =>
  seal(deps, purposeOf(userId), secret)

/** After a change of SECRET_KEY: whoever does not sign in soon would lose theirs with the key of before. */
export async function resealSecrets(deps: Pick<Deps, 'db' | 'config'>): Promise<void> {
  if (deps.config.previousSecretKeys.length === 0) return
  const rows = await deps.db.all<{ id: number }>(sql`SELECT id FROM users WHERE second_factor_secret IS NOT NULL`)
  for (const { id } of rows) {
    const held = await readSecret(deps, id)
    if (!held?.secret || !held.former) continue
    const sealed = await sealAnew(deps, id, held.secret)
    await deps.db.run(sql`UPDATE users SET second_factor_secret = ${sealed} WHERE id = ${id} AND second_factor_secret = ${held.sealed}`)
  }
}
