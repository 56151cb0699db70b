import { type Context, Hono } from 'hono'
import { ClearBlastsPage } from '../../templates/blasts/clear'
import { plural } from '../../templates/ui/format'
import { audit } from '../web/audit'
import type { AppEnv } from '../web/env'
import { redirectWithFlash } from '../web/flash'
import { type FormState, freshForm, readForm } from '../web/form'
import { proveOwnPassword } from '../web/own-password'
import { page } from '../web/page'
import { clearFinished, countFinished } from './clear'
import { clearForm } from './form'

export const blastAdminRoutes = new Hono<AppEnv>()

blastAdminRoutes.get('/clear', (c) => clearPage(c, freshForm(), 200))

blastAdminRoutes.post('/clear', async (c) => {
  const { deps } = c.var
  const form = await readForm(c, clearForm)
  if (!form.ok) return clearPage(c, form, 422)
  const proof = await proveOwnPassword(c, form.value.admin_password, {
    type: 'logs_cleared',
    wrong: 'This is not your password. Nothing was deleted.',
  })
  if ('fault' in proof) return clearPage(c, { values: {}, faults: { admin_password: proof.fault } }, 422)
  const cleared = await clearFinished(deps)
  const { blasts: left } = await countFinished(deps.db)
  await audit(c, 'logs_cleared', plural(cleared, 'blast'))
  const text = left > 0 ? `${plural(left, 'finished blast')} more to go: clear again.` : 'Members, opt-outs and blocked numbers stayed.'
  return redirectWithFlash(c, '/logs', { kind: 'ok', fact: `${plural(cleared, 'blast')} cleared.`, text })
})

async function clearPage(c: Context<AppEnv>, form: FormState, status: 200 | 422) {
  const clearable = await countFinished(c.var.deps.db)
  return page(c, { title: 'Clear blasts', current: 'logs', status }, <ClearBlastsPage clearable={clearable} form={form} />)
}
