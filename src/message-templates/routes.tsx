import { type Context, Hono } from 'hono'
import { DeleteTemplatePage } from '../../templates/message-templates/delete'
import { TemplateFormPage } from '../../templates/message-templates/form'
import { KeepTemplatePage } from '../../templates/message-templates/keep'
import { TemplatesPage } from '../../templates/message-templates/list'
import { excerpt, plural } from '../../templates/ui/format'
import { titleOf } from '../blasts/results'
import { composeUrl, keptValues } from '../compose/form'
import { NotFound } from '../faults'
import { audit } from '../web/audit'
import { currentUser } from '../web/auth'
import type { AppEnv } from '../web/env'
import { redirectWithFlash } from '../web/flash'
import { type FormState, type FormValues, freshForm, readForm } from '../web/form'
import { readListing } from '../web/listing'
import { page } from '../web/page'
import { idParam } from '../web/params'
import { keepForm, templateForm } from './form'
import {
  addTemplate,
  deleteTemplate,
  editTemplate,
  findTemplate,
  type MessageTemplate,
  type SaveResult,
  type TemplateInput,
} from './message-templates'
import { countTemplates, listTemplates, partsOfTemplate, templateSorts } from './queries'

/** `/templates`: texts to begin with. */
export const messageTemplateRoutes = new Hono<AppEnv>()

messageTemplateRoutes.get('/', async (c) => {
  const { db, config, now } = c.var.deps
  const state = readListing(c, { sorts: templateSorts })
  const [list, all] = await Promise.all([listTemplates(db, state), countTemplates(db)])
  const props = { state, list, all, now: now(), timeZone: config.timeZone }
  return page(c, { title: 'Templates', current: 'templates' }, <TemplatesPage {...props} />)
})

messageTemplateRoutes.get('/add', (c) => formPage(c, null, freshForm(), 200))

/** From the review of a text: it asks for a name, and brings along all else that was typed. */
messageTemplateRoutes.post('/keep', async (c) => {
  const form = await readForm(c, keepForm)
  if (!form.ok) return keepPage(c, form, 422)
  const name = excerpt(titleOf(form.value.message_body)).replace(/…$/, '')
  return keepPage(c, freshForm({ ...form.values, name }), 200)
})

messageTemplateRoutes.post('/add', async (c) => {
  const form = await readForm(c, templateForm)
  const kept = form.values.keep === '1'
  const again = (state: FormState) => (kept ? keepPage(c, state, 422) : formPage(c, null, state, 422))
  if (!form.ok) return again(form)
  const input = inputOf(form.value)
  const result = await addTemplate(c.var.deps, input, currentUser(c).username)
  if (result.kind === 'taken' && !isSame(result.by, input)) return again(taken(form.values, result))
  // A second press finds what the first one made.
  const id = result.kind === 'saved' ? result.id : result.by.id
  if (result.kind === 'saved') await audit(c, 'template_created', `template ${id}`)
  return added(c, id, input, kept ? form.values : null)
})

messageTemplateRoutes.get('/:id/edit', idParam, async (c) => {
  const template = await findTemplate(c.var.deps, c.req.valid('param').id)
  return formPage(c, template, freshForm({ name: template.name, message_body: template.messageBody }), 200)
})

messageTemplateRoutes.post('/:id/edit', idParam, async (c) => {
  const template = await findTemplate(c.var.deps, c.req.valid('param').id)
  const form = await readForm(c, templateForm)
  if (!form.ok) return formPage(c, template, form, 422)
  const input = inputOf(form.value)
  const result = await editTemplate(c.var.deps, template.id, input, currentUser(c).username)
  if (result.kind === 'taken') return formPage(c, template, taken(form.values, result), 422)
  await audit(c, 'template_updated', `template ${template.id}`)
  const text = `${partsWords(input)} What was sent and scheduled from it stays as it was.`
  return redirectWithFlash(c, '/templates', { kind: 'ok', fact: `“${input.name}” was changed.`, text })
})

messageTemplateRoutes.get('/:id/delete', idParam, async (c) => {
  const template = await findTemplate(c.var.deps, c.req.valid('param').id)
  return page(c, { title: 'Delete a template', current: 'templates' }, <DeleteTemplatePage template={template} />)
})

messageTemplateRoutes.post('/:id/delete', idParam, async (c) => {
  const { deps } = c.var
  const template = await findTemplate(deps, c.req.valid('param').id)
  if (!(await deleteTemplate(deps, template.id))) throw new NotFound()
  await audit(c, 'template_deleted', `template ${template.id}`)
  const text = 'What was sent and scheduled from it stays as it is.'
  return redirectWithFlash(c, '/templates', { kind: 'ok', fact: `“${template.name}” was deleted.`, text })
})

const inputOf = ({ name, message_body }: { name: string; message_body: string }): TemplateInput => ({ name, messageBody: message_body })

const isSame = (one: TemplateInput, other: TemplateInput): boolean => one.name === other.name && one.messageBody === other.messageBody

function taken(values: FormValues, { by }: Extract<SaveResult, { kind: 'taken' }>): FormState {
  return { values, faults: { name: `“${by.name}” has this name already. Choose another one, or change that template.` } }
}

const partsWords = ({ messageBody }: TemplateInput): string => `It takes ${plural(partsOfTemplate(messageBody) ?? 1, 'part')}.`

/** Back to the text that was being written, if there was one, with all of its choices. */
function added(c: Context<AppEnv>, id: number, input: TemplateInput, writing: FormValues | null) {
  const fact = `“${input.name}” is saved as a template.`
  if (writing) return redirectWithFlash(c, composeUrl(id, writing), { kind: 'ok', fact, text: 'Your text is still here.' })
  const text = `${partsWords(input)} Pick it under the message box whenever you write.`
  return redirectWithFlash(c, '/templates', { kind: 'ok', fact, text })
}

function formPage(c: Context<AppEnv>, template: MessageTemplate | null, form: FormState, status: 200 | 422) {
  const { config, now, sms } = c.var.deps
  const props = { template, form, sender: sms.sender, now: now(), timeZone: config.timeZone }
  return page(c, { title: template ? 'Edit template' : 'Add a template', current: 'templates', status }, <TemplateFormPage {...props} />)
}

const keepPage = (c: Context<AppEnv>, form: FormState, status: 200 | 422) =>
  page(
    c,
    { title: 'Save as a template', current: 'dashboard', status },
    <KeepTemplatePage form={form} kept={{ ...keptValues(form.values), message_body: form.values.message_body ?? '' }} />,
  )
