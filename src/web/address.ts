import type { Context } from 'hono'
import type { AppEnv } from './env'

/** The client's address. Proxy headers are believed only with TRUST_PROXY=1, and then only the last hop's word. */
export function address(c: Context<AppEnv>): string {
  const { config, peerAddress } = c.var.deps
  const forwarded = config.trustProxy ? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined
  return forwarded || peerAddress(c.req.raw, c.env)
}
