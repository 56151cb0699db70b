import { type Context, Hono } from 'hono'
import { PasswordPage } from '../../templates/account/password'
import { SessionsPage } from '../../templates/account/sessions'
import { plural } from '../../templates/ui/format'
import { countDevices, forgetDevices } from '../auth/devices'
import { passwordHint } from '../auth/password-policy'
import { Conflict } from '../faults'
import { audit, trail } from '../web/audit'
import { currentDevice, currentSessionId, currentUser, endSession } from '../web/auth'
import { rememberBrowser } from '../web/device-cookie'
import type { AppEnv } from '../web/env'
import { redirectWithFlash } from '../web/flash'
import { type FormFaults, freshForm, readForm } from '../web/form'
import { proveOwnPassword } from '../web/own-password'
import { page } from '../web/page'
import { passwordForm, sessionParam, wrongPassword } from './form'
import { changeOwnPassword } from './password'
import { listSessions, revokeOtherSessions, revokeSession } from './sessions'

export const accountRoutes = new Hono<AppEnv>()

accountRoutes.get('/password', (c) => passwordPage(c, {}))

accountRoutes.post('/password', async (c) => {
  const { deps } = c.var
  const user = currentUser(c)
  const form = await readForm(c, passwordForm(policy(c)))
  const faults: FormFaults = form.ok ? {} : { ...form.faults }
  const current = form.values.current_password ?? ''
  if (faults.current_password !== undefined) return passwordPage(c, faults)
  const proof = await proveOwnPassword(c, current, { type: 'password_changed', wrong: wrongPassword })
  // Whether the new one was used before is told only to whoever knows the current one.
  if ('fault' in proof) return passwordPage(c, { current_password: proof.fault, ...faults })
  if (!form.ok) return passwordPage(c, faults)

  const change = { current, wanted: form.value.new_password, trail: trail(c, 'password_changed') }
  const result = await changeOwnPassword(deps, user, proof.hash, change)
  if (result.kind === 'current') return passwordPage(c, { new_password: 'This is your current password. Choose another one.' })
  if (result.kind === 'former') return passwordPage(c, { new_password: 'You used this one before. Choose another one.' })
  if (result.kind !== 'changed') throw new Conflict('Your password was changed a moment ago. Sign in with the new one.')
  // All browsers are forgotten; this one has just proven itself, and is no stranger at the next sign-in.
  await rememberBrowser(c, user, result.passwordHash)
  endSession(c)
  return c.redirect('/login?password_changed=1', 303)
})

accountRoutes.get('/sessions', async (c) => {
  const { deps } = c.var
  const current = await currentSessionId(c)
  const { id } = currentUser(c)
  const [sessions, devices] = await Promise.all([listSessions(deps, id, current), countDevices(deps, id)])
  const otherDevices = devices - (currentDevice(c) === null ? 0 : 1)
  const props = { sessions, otherDevices, current, now: deps.now(), timeZone: deps.config.timeZone }
  return page(c, { title: 'Where you are signed in' }, <SessionsPage {...props} />)
})

accountRoutes.post('/sessions/others/revoke', async (c) => {
  const { deps } = c.var
  const user = currentUser(c)
  const gone = await revokeOtherSessions(deps, user.id, await currentSessionId(c))
  const forgotten = await forgetDevices(deps, user.id, currentDevice(c))
  if (gone > 0) await audit(c, 'session_revoked', plural(gone, 'other session'))
  else if (forgotten > 0) await audit(c, 'session_revoked', plural(forgotten, 'remembered browser'))
  const text = 'We have forgotten your other browsers.'
  return redirectWithFlash(c, '/account/sessions', { kind: 'ok', fact: 'You are signed out everywhere else.', text })
})

accountRoutes.post('/sessions/:id/revoke', sessionParam, async (c) => {
  const { deps } = c.var
  const user = currentUser(c)
  const { id } = c.req.valid('param')
  const device = await revokeSession(deps, user.id, id)
  await audit(c, 'session_revoked', device)
  if (id !== (await currentSessionId(c))) return redirectWithFlash(c, '/account/sessions', { kind: 'ok', fact: `Signed out: ${device}.` })
  endSession(c)
  return c.redirect('/login?signed_out=1', 303)
})

const policy = (c: Context<AppEnv>) => ({
  minLength: c.var.deps.config.auth.passwordMinLength,
  username: currentUser(c).username,
})

function passwordPage(c: Context<AppEnv>, faults: FormFaults) {
  const user = currentUser(c)
  const status = Object.keys(faults).length > 0 ? 422 : 200
  const form = { ...freshForm(), faults }
  const props = { form, username: user.username, mustChange: user.mustChangePassword, hint: passwordHint(policy(c)) }
  return page(c, { title: 'Change your password', status }, <PasswordPage {...props} />)
}
