import { createMiddleware } from 'hono/factory'
import { secureHeaders } from 'hono/secure-headers'
import type { Config } from '../config'
import { address, maskedPath } from './address'
import type { AppEnv } from './env'

const self = ["'self'"]

export function securityHeaders(config: Config) {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: self,
      styleSrc: self,
      fontSrc: self,
      imgSrc: ["'self'", 'data:'],
      connectSrc: self,
      formAction: self,
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
    xFrameOptions: 'DENY',
    referrerPolicy: 'same-origin',
    strictTransportSecurity: config.publicUrl.startsWith('https://') ? 'max-age=31536000; includeSubDomains' : false,
    permissionsPolicy: { camera: [], microphone: [], geolocation: [] },
  })
}

/** Pages hold names and phones: no shared cache keeps them. */
export const privatePages = createMiddleware<AppEnv>(async (c, next) => {
  await next()
  if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store')
})

/**
 * A change of state must come from our own pages. Browsers say where a request comes from in Sec-Fetch-Site, older ones in Origin;
 * a client that sends neither is no browser, so no one's cookies ride along (the rule of Go's http.CrossOriginProtection).
 */
export const sameOriginOnly = createMiddleware<AppEnv>(async (c, next) => {
  if (['GET', 'HEAD', 'OPTIONS'].includes(c.req.method)) return next()
  const site = c.req.header('sec-fetch-site')
  const origin = c.req.header('origin')
  const ownOrigin = site === 'same-origin' || site === 'none' || (site === undefined && (origin === undefined || isOwnOrigin(c, origin)))
  if (!ownOrigin) {
    c.var.deps.log('request from another origin refused', { path: maskedPath(c.req.path), address: address(c) })
    return c.text('This request came from another site and was refused. Nothing was changed. Open the page here and do it again.', 403)
  }
  return next()
})

function isOwnOrigin(
  c: { var: AppEnv['Variables']; req: { url: string; header(name: string): string | undefined } },
  origin: string,
): boolean {
  const host = c.req.header('host') ?? new URL(c.req.url).host
  try {
    return new URL(origin).host === host || origin === c.var.deps.config.publicUrl
  } catch {
    return false
  }
}

/** A Host we do not know is answered 421 (DNS rebinding, poisoned links). In development any IP address is ours. */
export const knownHostsOnly = createMiddleware<AppEnv>(async (c, next) => {
  const host = (c.req.header('host') ?? new URL(c.req.url).host).toLowerCase()
  const name = host.replace(/:\d+$/, '')
  const { trustedHosts, development } = c.var.deps.config
  const known = trustedHosts.some((trusted) => trusted.toLowerCase() === host || trusted.toLowerCase() === name)
  const literal = /^(\d+\.){3}\d+$|^\[[0-9a-f:.]+\]$/.test(name)
  if (known || (development && literal)) return next()
  return c.text('This address is not served here. Ask whoever runs the server to add it to TRUSTED_HOSTS.', 421)
})
