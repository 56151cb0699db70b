import { type Context, Hono } from 'hono'
import { RecoveryCodesPage } from '../../templates/second-factor/codes'
import { ProofPage } from '../../templates/second-factor/proof'
import { SetUpPage } from '../../templates/second-factor/set-up'
import { SecondFactorPage } from '../../templates/second-factor/state'
import { proofs } from '../../templates/second-factor/words'
import { wrongPassword } from '../account/form'
import type { AuditType } from '../audit/types'
import { trail } from '../web/audit'
import { currentSessionId, currentUser } from '../web/auth'
import type { AppEnv } from '../web/env'
import { redirectWithFlash } from '../web/flash'
import { type FormFaults, freshForm, readForm } from '../web/form'
import { proveOwnCode, proveOwnPassword } from '../web/own-password'
import { page } from '../web/page'
import { proofForm } from './form'
import { drawQr } from './qr'
import { makeNewCodes, openPending, readFactor, sealPending, turnOff, turnOn } from './second-factor'
import { newSecret, setUpAddress, stepOf } from './totp'

export const secondFactorRoutes = new Hono<AppEnv>()

const home = '/account/second-factor'
const setUpMs = 15 * 60_000

secondFactorRoutes.get('/', async (c) => {
  const { deps } = c.var
  const factor = await readFactor(deps, currentUser(c))
  const { timeZone, auth } = deps.config
  const props = { factor, required: auth.requireSecondFactor, now: deps.now(), timeZone }
  return page(c, { title: 'Sign-in code' }, <SecondFactorPage {...props} />)
})

secondFactorRoutes.post('/begin', async (c) => {
  const { deps, session } = c.var
  const user = currentUser(c)
  if (user.hasSecondFactor) return c.redirect(home, 303)
  // Pressed again, or in another tab: the code that was scanned already stays good.
  const secret = (await pendingSecret(c)) ?? newSecret()
  session.set('second_factor', { sealed: await sealPending(deps, user, secret), expires_at: deps.now() + setUpMs })
  return c.redirect(`${home}/set-up`, 303)
})

secondFactorRoutes.get('/set-up', async (c) => {
  const secret = await pendingSecret(c)
  return secret === null ? c.redirect(home, 303) : setUpPage(c, secret, {})
})

secondFactorRoutes.post('/set-up', async (c) => {
  const { deps, session } = c.var
  const user = currentUser(c)
  if (user.hasSecondFactor) return c.redirect(home, 303)
  const secret = await pendingSecret(c)
  if (secret === null)
    return redirectWithFlash(c, home, { kind: 'warn', fact: 'That took too long.', text: 'Begin again with a new code.' })
  const form = await readForm(c, proofForm)
  if (!form.ok) return setUpPage(c, secret, form.faults)
  const step = stepOf(secret, form.value.code.replace(/\s/g, ''), deps.now())
  const proof = await proveOwnPassword(c, form.value.current_password, { type: 'second_factor_turned_on', wrong: wrongPassword })
  if ('fault' in proof || step === null) {
    const faults = { ...('fault' in proof && { current_password: proof.fault }), ...(step === null && { code: notOfThisOne }) }
    return setUpPage(c, secret, faults)
  }
  const begin = { secret, step, provenHash: proof.hash, keptSession: await currentSessionId(c) }
  const codes = await turnOn(deps, user, { ...begin, trail: trail(c, 'second_factor_turned_on') })
  if (codes === null) return c.redirect(home, 303)
  session.forget('second_factor')
  return page(c, { title: 'Your recovery codes' }, <RecoveryCodesPage codes={codes} fresh />)
})

secondFactorRoutes.get('/turn-off', (c) => proofPage(c, 'turnOff', {}))

secondFactorRoutes.post('/turn-off', async (c) => {
  const proven = await proveBoth(c, 'turnOff', 'second_factor_turned_off')
  if (proven instanceof Response) return proven
  await turnOff(c.var.deps, currentUser(c), trail(c, 'second_factor_turned_off', proven.subject))
  const text = 'A new phone? Set it up again there.'
  return redirectWithFlash(c, home, { kind: 'ok', fact: 'Your sign-in code is off.', text })
})

secondFactorRoutes.get('/recovery-codes', (c) => proofPage(c, 'newCodes', {}))

secondFactorRoutes.post('/recovery-codes', async (c) => {
  const proven = await proveBoth(c, 'newCodes', 'recovery_codes_made')
  if (proven instanceof Response) return proven
  const codes = await makeNewCodes(c.var.deps, currentUser(c), trail(c, 'recovery_codes_made', proven.subject))
  if (codes === null) return c.redirect(home, 303)
  return page(c, { title: 'Your recovery codes' }, <RecoveryCodesPage codes={codes} fresh={false} />)
})

const notOfThisOne = 'This is not what your app should show. Scan again, check the time on your phone, and type the code of now.'

/** The secret that this session is setting up. It never was in a form, so no page can put another in its place. */
async function pendingSecret(c: Context<AppEnv>): Promise<string | null> {
  const { deps, session } = c.var
  const pending = session.get('second_factor')
  if (!pending || pending.expires_at <= deps.now()) return null
  return openPending(deps, currentUser(c), pending.sealed)
}

/** The password first: whoever lacks it uses up no code. */
async function proveBoth(c: Context<AppEnv>, what: keyof typeof proofs, type: AuditType): Promise<Response | { subject?: string }> {
  if (!currentUser(c).hasSecondFactor) return c.redirect(home, 303)
  const form = await readForm(c, proofForm)
  if (!form.ok) return proofPage(c, what, form.faults)
  const proof = await proveOwnPassword(c, form.value.current_password, { type, wrong: wrongPassword })
  if ('fault' in proof) return proofPage(c, what, { current_password: proof.fault })
  const code = await proveOwnCode(c, form.value.code, type)
  if ('fault' in code) return proofPage(c, what, { code: code.fault })
  return { subject: code.codesLeft === null ? undefined : 'with a recovery code' }
}

const statusOf = (faults: FormFaults) => (Object.keys(faults).length > 0 ? 422 : 200)

function proofPage(c: Context<AppEnv>, what: keyof typeof proofs, faults: FormFaults): Response | Promise<Response> {
  if (!currentUser(c).hasSecondFactor) return c.redirect(home, 303)
  const { title } = proofs[what]
  return page(c, { title, status: statusOf(faults) }, <ProofPage form={{ ...freshForm(), faults }} what={what} />)
}

function setUpPage(c: Context<AppEnv>, secret: string, faults: FormFaults) {
  const { username } = currentUser(c)
  const address = setUpAddress(secret, username)
  const props = { form: { ...freshForm(), faults }, secret, address, qr: drawQr(address), username }
  return page(c, { title: 'Set up a sign-in code', status: statusOf(faults) }, <SetUpPage {...props} />)
}
