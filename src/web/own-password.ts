import type { Context } from 'hono'
import { codeRefusal, tryAgainIn } from '../../templates/login/words'
import { provePassword } from '../account/password'
import { recordAudit } from '../audit/audit'
import type { AuditType } from '../audit/types'
import { proveCode, wrongCode } from '../second-factor/prove'
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

/** Asks whose password was proven for a code of theirs, counted in the same way. */
export async function proveOwnCode(
  c: Context<AppEnv>,
  code: string,
  type: AuditType,
): Promise<{ codesLeft: number | null } | { fault: string }> {
  const { deps } = c.var
  const user = currentUser(c)
  const proof = await proveCode(deps, user, code, originOf(c))
  if (proof.kind === 'accepted') return proof
  const outcome = proof.kind === 'locked' ? 'blocked' : 'failure'
  await recordAudit(deps, { type, outcome, by: user, address: address(c), subject: wrongCode })
  return { fault: wordsOf(codeRefusal(proof, deps.now())) }
}

const wordsOf = ({ fact, text }: { fact: string; text?: string }): string => [fact, text].filter(Boolean).join(' ')
