import type { Context } from 'hono'
import type { AppEnv } from './env'

/** The client's address. Proxy headers are believed only with TRUST_PROXY=1, and then only the last hop's word. */
export function address(c: Context<AppEnv>): string {
  const { config, peerAddress } = c.var.deps
  const forwarded = config.trustProxy ? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined
  return forwarded || peerAddress(c.req.raw, c.env)
}

/** A path for the log: of a phone in it, the last four digits are left. */
export const maskedPath = (path: string): string => path.replace(/\d{7,}/g, (digits) => `…${digits.slice(-4)}`)
