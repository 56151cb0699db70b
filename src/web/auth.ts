import type { Context } from 'hono'
import { deleteCookie, setCookie } from 'hono/cookie'
import { createMiddleware } from 'hono/factory'
import { sessionMiddleware } from 'hono-sessions'
import { newSecret } from '../auth/keyed-hash'
import { cookieValue, hashSid, SessionStore } from '../auth/sessions'
import { findUser, type SignedIn } from '../auth/sign-in'
import type { Deps } from '../deps'
import { Forbidden } from '../faults'
import { address } from './address'
import { cookieName, cookieOptions } from './cookies'
import type { AppEnv } from './env'
import { keepText } from './kept-text'

/** Who may use a route: everyone, everyone who signed in, or admins. */
export type Access = 'public' | 'staff' | 'admin'

/** Opens the session and finds its user. Only a signed-in session has a cookie when the answer leaves. */
export function sessions(deps: Deps) {
  const options = { ...cookieOptions(deps), sameSite: 'Lax' as const }
  const open = sessionMiddleware({
    store: new SessionStore(deps),
    sessionCookieName: cookieName(deps, 'session'),
    cookieOptions: options,
    autoExtendExpiration: false,
  })
  return createMiddleware<AppEnv>(async (c, next) => {
    await open(c, async () => {
      // hono-sessions sets the cookie on every answer. It changes at sign-in only; taken back here, before there is an answer, it costs nothing.
      c.header('set-cookie', undefined)
      const userId = c.var.session.get('user_id')
      c.set('user', userId ? await findUser(deps, userId) : null)
      await next()
    })
    tidyCookie(c, deps)
  })
}

/** The cookie of a new session gets its lifetime; one that signs nobody in is taken from the browser. */
function tidyCookie(c: Context<AppEnv>, deps: Deps): void {
  const name = cookieName(deps, 'session')
  const data = c.var.session.getCache()
  const signedIn = data._data.user_id !== undefined && !data._delete
  if (signedIn && c.var.session_key_rotation) {
    const cookies = c.res.headers.getSetCookie()
    const ours = cookies.filter((cookie) => cookie.startsWith(`${name}=`)).at(-1)
    const value = ours?.slice(name.length + 1).split(';')[0] ?? ''
    const maxAge = c.var.session.get('remember') ? deps.config.auth.rememberMs / 1000 : undefined
    c.res.headers.delete('set-cookie')
    for (const other of cookies.filter((cookie) => !cookie.startsWith(`${name}=`))) c.res.headers.append('set-cookie', other)
    setCookie(c, name, cookieValue(decodeURIComponent(value), data), { ...cookieOptions(deps), maxAge })
  } else if (!signedIn && c.req.header('cookie')?.includes(`${name}=`)) {
    deleteCookie(c, name, cookieOptions(deps))
  }
}

type Begin = { passwordHash: string; deviceId: number | null; remember: boolean }

/**
 * A new session id for the user, unless, when the answer leaves, the password that was proven against `passwordHash` is no longer theirs, or
 * they have a second factor that `user` had not.
 */
export function startSession(c: Context<AppEnv>, user: SignedIn, { passwordHash, deviceId, remember }: Begin): void {
  const { session } = c.var
  if (deviceId !== null) session.set('device_id', deviceId)
  session.set('proven_hash', passwordHash)
  session.set('proven_code', user.hasSecondFactor)
  session.set('cookie_end', newSecret())
  session.set('user_id', user.id)
  session.set('remember', remember)
  session.set('user_agent', c.req.header('user-agent') ?? '')
  session.set('address', address(c))
  c.set('session_key_rotation', true)
  c.set('user', user)
}

/** The session's row goes with the answer; its cookie too. */
export function endSession(c: Context<AppEnv>): void {
  c.var.session.deleteSession()
  c.set('user', null)
}

/** The remembered device that this session was opened on. */
export const currentDevice = (c: Context<AppEnv>): number | null => c.var.session.get('device_id') ?? null

/** The stored id of the session that this request came with. */
export const currentSessionId = (c: Context<AppEnv>): Promise<string> => hashSid(c.var.deps, c.var.session.getCache()._id ?? '')

/** Whoever has to change the password is led there from everywhere; signing out is public. */
const passwordPath = '/account/password'

/** Where REQUIRE_SECOND_FACTOR asks for one, so is whoever has none. */
const secondFactorPath = '/account/second-factor'

/** The one page that is open to them until they have done what it asks; null where all are. */
function shutUntil(c: Context<AppEnv>, user: SignedIn): string | null {
  if (user.mustChangePassword) return c.req.path === passwordPath ? null : passwordPath
  if (user.hasSecondFactor || !c.var.deps.config.auth.requireSecondFactor) return null
  const there = c.req.path === secondFactorPath || c.req.path.startsWith(`${secondFactorPath}/`)
  return there ? null : secondFactorPath
}

/** Guards one route. Visitors are sent to sign in and come back; the wrong role is 403. */
export function requireAccess(access: Access) {
  return createMiddleware<AppEnv>(async (c, next) => {
    if (access === 'public') return next()
    const user = c.var.user
    if (!user) {
      await keepText(c)
      // htmx polls and downloads cannot follow a redirect to a form.
      if (c.req.header('hx-request')) return c.body(null, 401, { 'hx-redirect': '/login' })
      const { pathname, search } = new URL(c.req.url)
      const back = c.req.method === 'GET' ? `?next=${encodeURIComponent(pathname + search)}` : ''
      return c.redirect(`/login${back}`, 303)
    }
    const first = shutUntil(c, user)
    if (first !== null) {
      if (c.req.header('hx-request')) return c.body(null, 403, { 'hx-redirect': first })
      return c.redirect(first, 303)
    }
    if (access === 'admin' && user.role !== 'admin') throw new Forbidden()
    return next()
  })
}

/** The signed-in user of a guarded route. */
export function currentUser(c: Context<AppEnv>): SignedIn {
  if (!c.var.user) throw new Error('a route without a guard asked for its user')
  return c.var.user
}
