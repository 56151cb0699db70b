import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import * as z from 'zod'
import { seal, unseal } from '../auth/seal'
import { cookieName, cookieOptions } from './cookies'
import type { AppEnv } from './env'
import { type FormValues, readForm } from './form'

/** As long as whoever was signed out may take to be back. */
const keptMs = 30 * 60_000
/** A browser takes 4,096 bytes, name and attributes among them: some 2,500 bytes of text, more than ten parts. */
const longestCookie = 3800
const purpose = 'kept text'

/**
 * A text that comes from somebody whose session has ended goes back with the answer, for their browser to hold until they have signed in: so
 * nothing of what a stranger sends is stored, and no text is lost. Sealed, as the browser may be a shared one.
 */
export async function keepText(c: Context<AppEnv>): Promise<void> {
  if (c.req.method !== 'POST' || !c.req.header('content-type')?.startsWith('application/x-www-form-urlencoded')) return
  const { values } = await readForm(c, z.unknown())
  if (!values.message_body?.trim()) return
  const { deps } = c.var
  const cookie = await seal(deps, purpose, JSON.stringify({ until: deps.now() + keptMs, values }))
  if (encodeURIComponent(cookie).length > longestCookie) return
  setCookie(c, cookieName(deps, 'kept_text'), cookie, { ...cookieOptions(deps), maxAge: keptMs / 1000 })
}

export const holdsText = (c: Context<AppEnv>): boolean => getCookie(c, cookieName(c.var.deps, 'kept_text')) !== undefined

/** The form that was kept, once; null where there is none, or not any more. */
export async function takeText(c: Context<AppEnv>): Promise<FormValues | null> {
  const { deps } = c.var
  const cookie = getCookie(c, cookieName(deps, 'kept_text'))
  if (cookie === undefined) return null
  deleteCookie(c, cookieName(deps, 'kept_text'), cookieOptions(deps))
  // What was put there by another hand need not even be base64.
  const opened = /^[\w+/]+={0,2}$/.test(cookie) && cookie.length % 4 === 0 ? await unseal(deps, purpose, cookie) : null
  if (!opened) return null
  const { until, values } = JSON.parse(opened.text) as { until: number; values: FormValues }
  return deps.now() < until ? values : null
}
