import { type Context, Hono } from 'hono'
import { LoginPage } from '../../templates/login/page'
import { notices, type Refusal, textIsKept, tooManyTries, wrongWords } from '../../templates/login/words'
import { recordAudit, recordBlocked } from '../audit/audit'
import { address } from '../web/address'
import { endSession } from '../web/auth'
import { originOf } from '../web/device-cookie'
import type { AppEnv } from '../web/env'
import { type FormState, freshForm, readForm } from '../web/form'
import { holdsText } from '../web/kept-text'
import { askForCode, letIn } from '../web/let-in'
import { ownPath, signInForm } from './form'
import { trySignIn } from './sign-in'

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
  const result = await trySignIn(deps, { username, password }, originOf(c))
  if (result.kind === 'locked') {
    await recordBlocked(deps, { username, address: address(c) })
    return loginPage(c, freshForm(form.values), 422, tooManyTries(result.until - deps.now()))
  }
  if (result.kind === 'wrong') {
    await recordAudit(deps, { type: 'login_failure', outcome: 'failure', by: null, username, address: address(c) })
    const waitMs = result.lockedUntil === null ? null : result.lockedUntil - deps.now()
    return loginPage(c, freshForm(form.values), 422, wrongWords(waitMs))
  }
  const { user, passwordHash } = result
  const proven = { passwordHash, remember, next: ownPath(next) }
  return user.hasSecondFactor ? askForCode(c, user, proven) : letIn(c, user, proven)
})

authRoutes.post('/logout', async (c) => {
  const user = c.var.user
  endSession(c)
  if (user) await recordAudit(c.var.deps, { type: 'logout', by: user, address: address(c) })
  return c.redirect('/login?signed_out=1', 303)
})

function loginPage(c: Context<AppEnv>, form: FormState, status: 200 | 422, refusal?: Refusal) {
  const { deps } = c.var
  const notice = notices.find(({ query }) => c.req.query(query) !== undefined)?.words ?? (holdsText(c) ? textIsKept : undefined)
  return c.html(
    <LoginPage
      form={form}
      next={form.values.next}
      refusal={refusal ?? (status === 200 ? notice : undefined)}
      rememberDays={deps.config.auth.rememberMs / 86_400_000}
      simulated={deps.sms.name === 'simulator'}
      assetVersion={deps.assetVersion}
    />,
    status,
  )
}
