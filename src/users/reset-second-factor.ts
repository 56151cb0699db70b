import { sql } from 'drizzle-orm'
import { trailOf } from '../audit/audit'
import { users } from '../db/schema'
import type { Deps } from '../deps'
import { resetFactor } from '../second-factor/second-factor'

export type FactorReset = { kind: 'done' | 'none'; username: string } | { kind: 'nobody' }

/** For whoever has a shell, and a lone admin whose phone is lost: the password alone signs the user in again, and wrong codes are forgiven. */
export async function resetSecondFactor(deps: Deps, name: string): Promise<FactorReset> {
  const { id, username } = users
  const [user] = await deps.db.select({ id, username }).from(users).where(sql`lower(${username}) = lower(${name})`)
  if (!user) return { kind: 'nobody' }
  const trail = trailOf(deps, { type: 'second_factor_reset', by: null, address: '', subject: `user ${user.username}, from the shell` })
  if (!(await resetFactor(deps, user, trail))) return { kind: 'none', username: user.username }
  return { kind: 'done', username: user.username }
}
