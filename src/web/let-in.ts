import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { describeDevice } from '../account/device'
import { raiseAlert } from '../alerts/alerts'
import { recordAudit } from '../audit/audit'
import type { SignedIn } from '../auth/sign-in'
import { findHalfWay, type HalfWay, halfWayMs, type Started, startHalfWay } from '../second-factor/half-way'
import { address } from './address'
import { startSession } from './auth'
import { cookieName, cookieOptions } from './cookies'
import { rememberBrowser } from './device-cookie'
import type { AppEnv } from './env'

type Proven = { passwordHash: string; remember: boolean; next: string; subject?: string }

/** After everything that was asked for: a session, and back to where they were going. */
export async function letIn(c: Context<AppEnv>, user: SignedIn, { passwordHash, remember, next, subject }: Proven): Promise<Response> {
  const { deps } = c.var
  // First: a session begins with the answer, whatever is thrown after `startSession`.
  await recordAudit(deps, { type: 'login_success', by: user, address: address(c), subject })
  const device = await rememberBrowser(c, user, passwordHash)
  const keep = remember && deps.config.auth.rememberMs > 0
  startSession(c, user, { passwordHash, deviceId: device?.id ?? null, remember: keep })
  if (device?.isNew) await raiseAlert(deps, user, 'new_device', describeDevice(c.req.header('user-agent') ?? ''))
  return c.redirect(next, 303)
}

/** The password was right, and a code is asked for. Only this browser can go on; if it never does, the trail knows who lost a password. */
export async function askForCode(c: Context<AppEnv>, user: SignedIn, proven: Omit<Started, 'userId'>): Promise<Response> {
  const { deps } = c.var
  const token = await startHalfWay(deps, { userId: user.id, ...proven })
  await recordAudit(deps, { type: 'login_code_asked', by: user, address: address(c) })
  setCookie(c, cookieName(c.var.deps, 'half_way'), token, { ...cookieOptions(deps), maxAge: halfWayMs / 1000 })
  return c.redirect('/login/code', 303)
}

export async function currentHalfWay(c: Context<AppEnv>): Promise<HalfWay | null> {
  const token = getCookie(c, cookieName(c.var.deps, 'half_way'))
  return token ? findHalfWay(c.var.deps, token) : null
}

export function forgetHalfWay(c: Context<AppEnv>): void {
  deleteCookie(c, cookieName(c.var.deps, 'half_way'), cookieOptions(c.var.deps))
}
