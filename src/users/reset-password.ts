import { sql } from 'drizzle-orm'
import { trailOf } from '../audit/audit'
import { isFormerPassword } from '../auth/new-password'
import { maxPasswordLength, passwordFault } from '../auth/password-policy'
import { users } from '../db/schema'
import type { Deps } from '../deps'
import { editUser } from './users'

export type Reset = { kind: 'done'; username: string; password: string } | { kind: 'nobody' } | { kind: 'fault'; fault: string }

/**
 * For whoever has a shell: a new password for a user, `password` or one that is made here. It ends their sessions and their lock at the door,
 * and has to be changed at the next sign-in.
 */
export async function resetPassword(deps: Deps, name: string, given: string | null): Promise<Reset> {
  const [user] = await deps.db.select().from(users).where(sql`lower(${users.username}) = lower(${name})`)
  if (!user) return { kind: 'nobody' }
  const policy = { minLength: deps.config.auth.passwordMinLength, username: user.username }
  const password = given ?? makePassword(policy)
  if (password.length > maxPasswordLength) return { kind: 'fault', fault: `Use no more than ${maxPasswordLength} characters.` }
  const fault = passwordFault(password, policy)
  if (fault !== null) return { kind: 'fault', fault }
  if (given !== null && (await isFormerPassword(deps, user.id, password)))
    return { kind: 'fault', fault: 'It is one of their last passwords. Choose another one.' }
  const trail = trailOf(deps, { type: 'admin_password_reset', by: null, address: '', subject: `user ${user.username}, from the shell` })
  await editUser(deps, user.id, { ...user, mustChangePassword: true, password }, trail)
  return { kind: 'done', username: user.username, password }
}

/** Like `Tolu-Vare-Nika-Somi-4817`: easy to type on a phone, every kind of character, and as long as the rules ask. */
function makePassword(policy: { minLength: number; username: string }): string {
  const word = () => `${pick('BDFGHKLMNPRSTVWZ')}${pick('aeiou')}${pick('bdfghklmnprstvwz')}${pick('aeiou')}`
  const words = Array.from({ length: Math.max(4, Math.ceil((policy.minLength - 4) / 5)) }, word)
  const password = [...words, ...[Array.from({ length: 4 }, () => pick('0123456789')).join('')]].join('-')
  return passwordFault(password, policy) === null ? password : makePassword(policy)
}

const pick = (letters: string): string => letters[(crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % letters.length] ?? ''
