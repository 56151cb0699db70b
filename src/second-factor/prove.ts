import { sql } from 'drizzle-orm'
import { raiseAlert } from '../alerts/alerts'
import { findDevice } from '../auth/devices'
import { forgiveTries, takeTry } from '../auth/lockouts'
import type { Origin } from '../auth/sign-in'
import type { Deps } from '../deps'
import { hashOfCode } from './recovery-codes'
import { readSecret, sealAnew } from './second-factor'
import { stepOf } from './totp'

/** The subject of a wrong code in the security log. */
export const wrongCode = 'wrong code'

/** So many in a day nobody mistypes; four every five minutes, which lock nothing, are a thousand. */
const manyWrong = 10
const dayMs = 86_400_000

type Whose = { id: number; username: string }

/** What a code was; `codesLeft` of the recovery codes, where it was one of them. */
export type Accepted = { kind: 'accepted'; codesLeft: number | null }
/** `used`: it was right, and has been used. `unreadable`: the key that the secret was sealed with is gone. Times are UTC ms. */
export type CodeRefusal =
  | { kind: 'wrong' | 'used'; lockedUntil: number | null }
  | { kind: 'locked'; until: number }
  | { kind: 'unreadable' }

/**
 * A code of the app, or a recovery code, of a user whose password was right: counted as wrong passwords are, and good once. What else was tried
 * on them is forgiven with it.
 */
export async function proveCode(deps: Deps, user: Whose, typed: string, origin: Origin): Promise<Accepted | CodeRefusal> {
  const deviceId = await findDevice(deps, user.username, origin.deviceTokens)
  const taken = await takeTry(deps, { username: user.username, address: origin.address, deviceId })
  if (taken.kind === 'locked') return taken
  const result = await claimCode(deps, user.id, typed)
  if (result.kind === 'accepted') {
    await forgiveTries(deps, user.username, deviceId)
    if (result.codesLeft !== null) await raiseAlert(deps, user, 'recovery_code', String(result.codesLeft))
    return result
  }
  if (result.kind === 'unreadable') return result
  if (taken.lockedIfWrong !== null || (await isGuessed(deps, user))) await raiseAlert(deps, user, 'code_lockout')
  return { kind: result.kind, lockedUntil: taken.lockedIfWrong }
}

/** By somebody who has the password, and patience. */
async function isGuessed({ db, now }: Deps, { username }: Whose): Promise<boolean> {
  const row = await db.get<{ n: number }>(sql`
    SELECT count(*) AS n FROM (SELECT 1 FROM audit_events INDEXED BY audit_events_username
      WHERE username = ${username} COLLATE NOCASE AND created_at > ${now() - dayMs} AND event_type = 'login_failure' AND subject = ${wrongCode}
      LIMIT ${manyWrong})`)
  // This one is not in it yet.
  return (row?.n ?? 0) + 1 >= manyWrong
}

async function claimCode(
  deps: Deps,
  userId: number,
  typed: string,
): Promise<Accepted | { kind: 'wrong' | 'used' } | { kind: 'unreadable' }> {
  const held = await readSecret(deps, userId)
  if (!held) return { kind: 'wrong' }
  const { secret, sealed } = held
  if (secret === null) return { kind: 'unreadable' }
  const code = typed.replace(/[\s-]/g, '')
  if (!/^\d{6}$/.test(code)) return claimRecoveryCode(deps, userId, await hashOfCode(secret, code))
  const step = stepOf(secret, code, deps.now())
  if (step === null) return { kind: 'wrong' }
  const kept = held.former ? await sealAnew(deps, userId, secret) : sealed
  // One statement: of two requests with the same code the second finds its step used.
  const claimed = await deps.db.all(sql`
    UPDATE users SET second_factor_step = ${step}, second_factor_secret = ${kept}
    WHERE id = ${userId} AND second_factor_secret = ${sealed} AND second_factor_step < ${step} RETURNING id`)
  return claimed.length === 1 ? { kind: 'accepted', codesLeft: null } : { kind: 'used' }
}

async function claimRecoveryCode({ db }: Deps, userId: number, hash: string): Promise<Accepted | { kind: 'wrong' }> {
  const claimed = await db.all(sql`DELETE FROM recovery_codes WHERE user_id = ${userId} AND code_hash = ${hash} RETURNING user_id`)
  if (claimed.length !== 1) return { kind: 'wrong' }
  const left = await db.get<{ n: number }>(sql`SELECT count(*) AS n FROM recovery_codes WHERE user_id = ${userId}`)
  return { kind: 'accepted', codesLeft: left?.n ?? 0 }
}
