import { createMiddleware } from 'hono/factory'
import { secureHeaders } from 'hono/secure-headers'
import type { Config } from '../config'
import { address, maskedPath } from './address'
import type { AppEnv } from './env'
import { problem } from './errors'

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
    const { deps, requestId } = c.var
    deps.log('request from another origin refused', { requestId, path: maskedPath(c.req.path), address: address(c) })
    return problem(c, 403, fromElsewhere)
  }
  return next()
})

const fromElsewhere = {
  title: 'That came from another site',
  text: 'It was refused, and nothing was changed. Open the page here and do it again.',
  act: { href: '/', label: 'To the start' },
}

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
  c.var.deps.log('request for an unknown host refused', { requestId: c.var.requestId, host: host.slice(0, 100), address: address(c) })
  return problem(c, 421)
})
