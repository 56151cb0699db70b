import type { Context } from 'hono'
import { ComposePage } from '../../templates/compose/page'
import type { Replacing } from '../../templates/compose/picker'
import { DashboardOverview } from '../../templates/dashboard/overview'
import { readFirstSteps } from '../dashboard/first-steps'
import { readOverview } from '../dashboard/overview'
import { calendarDay } from '../dashboard/trend'
import { findPicked, isStored, type MessageTemplate } from '../message-templates/message-templates'
import { readTemplateChoices } from '../message-templates/queries'
import { foldChoices } from '../schedule/later'
import { cleanBody } from '../sms/text'
import { currentUser } from '../web/auth'
import type { AppEnv } from '../web/env'
import { type FormState, type FormValues, freshForm } from '../web/form'
import { page } from '../web/page'
import { readChoices } from './choices'
import type { EditFields } from './form'

/** The compose form as it stands, and the dashboard below it. */
export async function composePage(c: Context<AppEnv>, { values, faults }: FormState, status: 200 | 422 = 200, replacing?: Replacing) {
  const { deps } = c.var
  const form: FormState = { values: { submission_id: deps.newToken(), ...values }, faults }
  const { config, db, sms } = deps
  const now = deps.now()
  const at = { now, timeZone: config.timeZone }
  const choosing = readChoices(db, calendarDay(now, config.timeZone), form.values.event_id)
  const [choices, overview, templates, firstSteps] = await Promise.all([
    choosing,
    readOverview(deps),
    readTemplateChoices(db),
    currentUser(c).role === 'admin' ? readFirstSteps(deps, choosing) : null,
  ])
  const props = { form, choices, overview, firstSteps, templates, replacing, sender: sms.sender, fold: foldChoices(form.values, at), ...at }
  return page(
    c,
    { title: 'Write a text', current: 'dashboard', status },
    <ComposePage {...props}>
      <DashboardOverview overview={overview} choices={choices} firstSteps={firstSteps} {...at} />
    </ComposePage>,
  )
}

/** Words in the box that stand nowhere else give way only after staff saw which ones. */
export async function useTemplate(c: Context<AppEnv>, values: FormValues, fields: EditFields) {
  const { deps } = c.var
  const template = await findPicked(deps, fields.template)
  if (!template)
    return composePage(c, { values, faults: { template: fields.template === '' ? 'Choose a template first.' : templateGone } }, 422)
  const written = cleanBody(fields.message_body)
  const before = await findPicked(deps, fields.template_id)
  if (fields.use_template === 'replace' || isStored(written, [template, before]))
    return composePage(c, freshForm(withTemplate(values, template)))
  return composePage(c, freshForm(values), 200, { by: template.name, text: written })
}

const templateGone = 'This template is not there any more. Choose another one.'

export const withTemplate = (values: FormValues, { id, messageBody }: MessageTemplate): FormValues => ({
  ...values,
  message_body: messageBody,
  template_id: String(id),
})
