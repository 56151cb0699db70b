import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { type Arrival, deviceLastsMs, rememberDevice } from '../auth/devices'
import type { Origin, SignedIn } from '../auth/sign-in'
import { address } from './address'
import { cookieName, cookieOptions } from './cookies'
import type { AppEnv } from './env'

/** A computer that the whole office signs in on is remembered for each of them. */
const mostTokens = 5

function tokensOf(c: Context<AppEnv>): string[] {
  const tokens = (getCookie(c, cookieName(c.var.deps, 'device')) ?? '').split('.').filter((token) => /^[\w-]{43}$/.test(token))
  return [...new Set(tokens)].slice(0, mostTokens)
}

/** Where a password comes from. */
export const originOf = (c: Context<AppEnv>): Origin => ({ address: address(c), deviceTokens: tokensOf(c) })

/** Remembers this browser for the user. Null: the password that was proven against `passwordHash` is no longer theirs. */
export async function rememberBrowser(c: Context<AppEnv>, user: SignedIn, passwordHash: string): Promise<Arrival | null> {
  const { deps } = c.var
  const userAgent = c.req.header('user-agent') ?? ''
  const arrival = await rememberDevice(deps, { userId: user.id, passwordHash, userAgent, tokens: tokensOf(c) })
  if (arrival?.tokens) {
    const value = arrival.tokens.slice(0, mostTokens).join('.')
    setCookie(c, cookieName(c.var.deps, 'device'), value, { ...cookieOptions(deps), maxAge: deviceLastsMs / 1000 })
  }
  return arrival
}
