import { type Context, Hono } from 'hono'
import { LoginPage } from '../../templates/login/page'
import { recordAudit } from '../audit/audit'
import { address } from '../web/address'
import { endSession, startSession } from '../web/auth'
import type { AppEnv } from '../web/env'
import { type FormState, freshForm, readForm } from '../web/form'
import { ownPath, signInForm } from './form'
import { checkSignIn } from './sign-in'

export const authRoutes = new Hono<AppEnv>()

authRoutes.get('/login', (c) => {
  const next = ownPath(c.req.query('next'))
  if (c.var.user) return c.redirect(next, 303)
  return loginPage(c, freshForm({ next }), 200)
})

authRoutes.post('/login', async (c) => {
  const { deps } = c.var
  const form = await readForm(c, signInForm)
  if (!form.ok) return loginPage(c, form, 422)
  const { username, password, remember, next } = form.value
  const user = await checkSignIn(deps, username, password)
  if (!user) {
    await recordAudit(deps, { type: 'login_failure', outcome: 'failure', by: null, username, address: address(c) })
    return loginPage(c, freshForm(form.values), 422, true)
  }
  startSession(c, user, remember !== undefined)
  await recordAudit(deps, { type: 'login_success', by: user, address: address(c) })
  return c.redirect(ownPath(next), 303)
})

authRoutes.post('/logout', async (c) => {
  const user = c.var.user
  endSession(c)
  if (user) await recordAudit(c.var.deps, { type: 'logout', by: user, address: address(c) })
  return c.redirect('/login?signed_out=1', 303)
})

function loginPage(c: Context<AppEnv>, form: FormState, status: 200 | 422, wrong = false) {
  const { deps } = c.var
  const signedOut = status === 200 && c.req.query('signed_out') !== undefined
  const bye = { fact: 'You are signed out.', kind: 'info' as const }
  const refused = { fact: 'Username and password do not match.', text: 'Check both and try again.' }
  return c.html(
    <LoginPage
      form={form}
      next={form.values.next}
      refusal={wrong ? refused : signedOut ? bye : undefined}
      rememberDays={deps.config.auth.rememberMs / 86_400_000}
      simulated={deps.sms.name === 'simulator'}
      assetVersion={deps.assetVersion}
    />,
    status,
  )
}
