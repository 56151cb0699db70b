import { Hono } from 'hono'
import { accountRoutes } from './account/routes'
import { auditRoutes } from './audit/routes'
import { authRoutes } from './auth/routes'
import { blastAdminRoutes } from './blasts/clear-routes'
import { blastRoutes } from './blasts/routes'
import { composeRoutes } from './compose/routes'
import { contactRoutes } from './contacts/routes'
import type { Deps } from './deps'
import { eventAdminRoutes } from './events/delete-routes'
import { registrationRoutes } from './events/registration-routes'
import { eventRoutes } from './events/routes'
import { healthRoutes } from './health/routes'
import { importRoutes, memberUploadRoutes, optOutUploadRoutes, registrationUploadRoutes } from './imports/routes'
import { memberAdminRoutes, memberRoutes } from './members/routes'
import { messageTemplateRoutes } from './message-templates/routes'
import { scheduleRoutes } from './schedule/routes'
import { secondFactorRoutes } from './second-factor/routes'
import { codeRoutes } from './second-factor/sign-in-routes'
import { simulatorRoutes } from './simulator/routes'
import { suppressionRoutes } from './suppressions/routes'
import { webhookRoutes } from './twilio/webhooks'
import { userRoutes } from './users/routes'
import { assetRoutes } from './web/assets'
import { sessions } from './web/auth'
import { hearOut, limitBody } from './web/body-limit'
import type { AppEnv } from './web/env'
import { onError, onNotFound } from './web/errors'
import { type Mount, mount } from './web/mount'
import { knownHostsOnly, privatePages, sameOriginOnly, securityHeaders } from './web/security'

/** Everything a signed-in person can reach, and who may. */
const mounts: Mount[] = [
  { path: '/', access: 'public', routes: authRoutes },
  { path: '/login/code', access: 'public', routes: codeRoutes },
  { path: '/', access: 'staff', routes: new Hono<AppEnv>().get('/', (c) => c.redirect('/dashboard', 303)) },
  { path: '/dashboard', access: 'staff', routes: composeRoutes },
  { path: '/logs', access: 'admin', routes: blastAdminRoutes },
  { path: '/logs', access: 'staff', routes: blastRoutes },
  { path: '/scheduled', access: 'staff', routes: scheduleRoutes },
  { path: '/templates', access: 'staff', routes: messageTemplateRoutes },
  { path: '/community', access: 'staff', routes: memberRoutes },
  { path: '/community', access: 'admin', routes: memberAdminRoutes },
  { path: '/community/import', access: 'admin', routes: memberUploadRoutes },
  { path: '/events', access: 'admin', routes: eventAdminRoutes },
  { path: '/events', access: 'staff', routes: eventRoutes },
  { path: '/events', access: 'staff', routes: registrationRoutes },
  { path: '/events/:id/import', access: 'staff', routes: registrationUploadRoutes },
  { path: '/imports', access: 'staff', routes: importRoutes },
  { path: '/unsubscribed', access: 'admin', routes: suppressionRoutes },
  { path: '/unsubscribed/import', access: 'admin', routes: optOutUploadRoutes },
  { path: '/contacts', access: 'staff', routes: contactRoutes },
  { path: '/users', access: 'admin', routes: userRoutes },
  { path: '/security', access: 'admin', routes: auditRoutes },
  { path: '/account', access: 'staff', routes: accountRoutes },
  { path: '/account/second-factor', access: 'staff', routes: secondFactorRoutes },
  { path: '/simulator', access: 'staff', routes: simulatorRoutes },
]

const maxFormBytes = 1024 * 1024
/** 200,000 rows of 100 bytes; an import beyond that is split by its owner. */
const maxUploadBytes = 20 * 1024 * 1024

export function createApp(deps: Deps): Hono<AppEnv> {
  const app = new Hono<AppEnv>()
  app.onError(onError)
  app.notFound(onNotFound)

  app.use(async (c, next) => {
    c.set('deps', deps)
    c.set('user', null)
    c.set('requestId', crypto.randomUUID().slice(4, 13))
    await next()
  })
  app.use(hearOut)
  app.use(securityHeaders(deps.config))
  app.route('/health', healthRoutes)
  // Before the rule of hosts: its own page needs them.
  app.route('/static', assetRoutes)
  app.use(privatePages)
  app.use(knownHostsOnly)

  // Public, and before the rule of origin: Twilio proves itself by its signature.
  app.route('/webhooks/twilio', webhookRoutes)

  app.use(sameOriginOnly)
  app.use(sessions(deps))
  app.use((c, next) => limitBody(c.req.path.endsWith('/import') ? maxUploadBytes : maxFormBytes)(c, next))
  for (const each of mounts) mount(app, each)
  return app
}
