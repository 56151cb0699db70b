import { sql } from 'drizzle-orm'
import { raiseAlert } from '../alerts/alerts'
import type { Trail } from '../audit/audit'
import { changePasswordStatements, isFormerPassword } from '../auth/new-password'
import { hashPassword, samePassword } from '../auth/passwords'
import { type Origin, trySignIn } from '../auth/sign-in'
import { atomically } from '../db/database'
import type { Deps } from '../deps'

type Own = { id: number; username: string }
type Change = { current: string; wanted: string; trail: Trail }

/** What the current password proves: `hash` is what it was proven against; times are UTC ms. */
export type Proof = { kind: 'proven'; hash: string } | { kind: 'wrong'; lockedUntil: number | null } | { kind: 'locked'; until: number }

/** Counted like a sign-in: an unattended browser is no place to guess at leisure. */
export async function provePassword(deps: Deps, { username }: Own, password: string, origin: Origin): Promise<Proof> {
  const result = await trySignIn(deps, { username, password }, origin)
  return result.kind === 'proven' ? { kind: 'proven', hash: result.passwordHash } : result
}

/** `current` and `former`: refused, it was used before. `overtaken`: the password was changed since it was proven. */
export type ChangeResult = { kind: 'changed'; passwordHash: string } | { kind: 'current' | 'former' | 'overtaken' }

/** Stores a new password of the user's own choice and ends every session. The current one has been proven against `provenHash`. */
export async function changeOwnPassword(
  deps: Deps,
  user: Own,
  provenHash: string,
  { current, wanted, trail }: Change,
): Promise<ChangeResult> {
  if (samePassword(current, wanted)) return { kind: 'current' }
  if (await isFormerPassword(deps, user.id, wanted)) return { kind: 'former' }
  const passwordHash = await hashPassword(deps, wanted)
  const guard = sql`password_hash = ${provenHash}`
  const update = sql`
    UPDATE users SET password_hash = ${passwordHash}, must_change_password = 0, updated_at = ${deps.now()}
    WHERE id = ${user.id} AND ${guard}`
  const [, updated] = await atomically(deps.db, changePasswordStatements(deps, { userId: user.id, passwordHash, update, guard, trail }))
  if (updated?.changes !== 1) return { kind: 'overtaken' }
  await raiseAlert(deps, user, 'password_changed')
  return { kind: 'changed', passwordHash }
}
