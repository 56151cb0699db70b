import { type Context, Hono } from 'hono'
import { CodePage } from '../../templates/login/code'
import { codeRefusal, type Refusal } from '../../templates/login/words'
import { plural } from '../../templates/ui/format'
import { recordAudit, recordBlocked } from '../audit/audit'
import { address } from '../web/address'
import { originOf } from '../web/device-cookie'
import type { AppEnv } from '../web/env'
import { setFlash } from '../web/flash'
import { type FormState, freshForm, readForm } from '../web/form'
import { currentHalfWay, forgetHalfWay, letIn } from '../web/let-in'
import { codeForm } from './form'
import { finishHalfWay } from './half-way'
import { proveCode, wrongCode } from './prove'

/** Between the password and the app. */
export const codeRoutes = new Hono<AppEnv>()

codeRoutes.get('/', async (c) => {
  if (!(await currentHalfWay(c))) return startAgain(c)
  return codePage(c, freshForm(), 200)
})

codeRoutes.post('/', async (c) => {
  const { deps } = c.var
  const halfWay = await currentHalfWay(c)
  if (!halfWay) return startAgain(c)
  const { user, passwordHash, remember, next } = halfWay
  const form = await readForm(c, codeForm)
  if (!form.ok) return codePage(c, { ...form, values: {} }, 422)
  const result = await proveCode(deps, user, form.value.code, originOf(c))
  if (result.kind !== 'accepted') {
    const event = { username: user.username, address: address(c), subject: wrongCode }
    if (result.kind === 'locked') await recordBlocked(deps, event)
    else await recordAudit(deps, { type: 'login_failure', outcome: 'failure', by: null, ...event })
    return codePage(c, freshForm(), 422, codeRefusal(result, deps.now()))
  }
  if (!(await finishHalfWay(deps, halfWay))) return startAgain(c)
  forgetHalfWay(c)
  const { codesLeft } = result
  if (codesLeft !== null) setFlash(c, codesLeftNote(codesLeft))
  const subject = codesLeft === null ? undefined : `with a recovery code, ${codesLeft} left`
  return letIn(c, user, { passwordHash, remember, next, subject })
})

const codesLeftNote = (left: number) => ({
  kind: 'warn' as const,
  fact: left === 0 ? 'That was your last recovery code.' : `You have ${plural(left, 'recovery code')} left.`,
  text: left > 3 ? 'The one you used is gone.' : 'Make new ones before you need them.',
  act: { href: '/account/second-factor', label: 'Sign-in code' },
})

function startAgain(c: Context<AppEnv>): Response {
  forgetHalfWay(c)
  return c.redirect(c.var.user ? '/dashboard' : '/login?expired=1', 303)
}

function codePage(c: Context<AppEnv>, form: FormState, status: 200 | 422, refusal?: Refusal) {
  const { deps } = c.var
  const props = { form, refusal, simulated: deps.sms.name === 'simulator', assetVersion: deps.assetVersion }
  return c.html(<CodePage {...props} />, status)
}
