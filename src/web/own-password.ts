import type { Context } from 'hono'
import { tryAgainIn } from '../../templates/login/words'
import { provePassword } from '../account/password'
import { recordAudit } from '../audit/audit'
import type { AuditType } from '../audit/types'
import { address } from './address'
import { currentUser } from './auth'
import { originOf } from './device-cookie'
import type { AppEnv } from './env'

type Act = {
  /** The audit event of what the password is asked for. */
  type: AuditType
  /** What stands at the field when it is wrong. */
  wrong: string
}

/** Asks a signed-in user for their own password once more. Tries count like sign-ins, and failures are in the audit trail. */
export async function proveOwnPassword(c: Context<AppEnv>, password: string, act: Act): Promise<{ hash: string } | { fault: string }> {
  const { deps } = c.var
  const user = currentUser(c)
  const proof = await provePassword(deps, user, password, originOf(c))
  if (proof.kind === 'proven') return { hash: proof.hash }
  const locked = proof.kind === 'locked'
  const outcome = locked ? 'blocked' : 'failure'
  await recordAudit(deps, { type: act.type, outcome, by: user, address: address(c), subject: 'wrong password' })
  const until = locked ? proof.until : proof.lockedUntil
  const wait = until === null ? [] : [`Too many tries. ${tryAgainIn(until - deps.now())}`]
  return { fault: [...(locked ? [] : [act.wrong]), ...wait].join(' ') }
}
