import { type Context, Hono } from 'hono'
import { EditScheduledPage, type Meanwhile } from '../../templates/schedule/edit'
import { overWords } from '../../templates/schedule/words'
import { money, plural, weekdayTime } from '../../templates/ui/format'
import { readChoices } from '../compose/choices'
import { findEvent } from '../compose/draft'
import { valuesOf } from '../compose/earlier'
import { shownValues } from '../compose/form'
import { type Prepared, prepare } from '../compose/prepare'
import { reviewPage } from '../compose/review-page'
import { reviewToken } from '../compose/token'
import { calendarDay } from '../dashboard/trend'
import { Conflict } from '../faults'
import { audit } from '../web/audit'
import type { AppEnv } from '../web/env'
import { redirectWithFlash } from '../web/flash'
import { type FormState, freshForm, readForm } from '../web/form'
import { page } from '../web/page'
import { idParam } from '../web/params'
import { type EditScheduledFields, editScheduledForm } from './form'
import { foldChoices } from './later'
import { forbiddenAt } from './quiet-hours'
import { editScheduled, findScheduled, isStored, mayScheduled, type ScheduleDraft, type Scheduled, versionOf } from './scheduled'
import { foldAt, toWallTime } from './wall-time'

/** Another text or time for one that waits: the form, its review, and only then the change. */
export const editRoutes = new Hono<AppEnv>()

editRoutes.get('/:id/edit', idParam, async (c) => {
  const message = await findScheduled(c.var.deps, c.req.valid('param').id)
  if (!mayScheduled('edit', message.status)) throw new Conflict(overWords(message.status))
  return editPage(c, message, freshForm(valuesFor(message)))
})

/** Back from the review. */
editRoutes.post('/:id/edit/again', idParam, async (c) => {
  const message = await findScheduled(c.var.deps, c.req.valid('param').id)
  const fields = await readFields(c)
  return isOutdated(message, fields) ? outdated(c, message, fields) : editPage(c, message, freshForm(shownValues(fields)))
})

editRoutes.post('/:id/edit', idParam, async (c) => {
  const { deps } = c.var
  const message = await findScheduled(deps, c.req.valid('param').id)
  const fields = await readFields(c)
  const prepared = await prepare(deps, fields)
  if (isOutdated(message, fields)) return outdated(c, message, fields, prepared.ok ? prepared : undefined)
  const refuse = (faults: FormState['faults']) => editPage(c, message, { values: shownValues(fields), faults }, 422)
  if (!prepared.ok) return refuse(prepared.faults)
  const { draft, counts } = prepared
  const review = (status: 200 | 409 | 422) => reviewPage(c, fields, prepared, status, { id: message.id, version: versionOf(message) })
  if (fields.review_token === '' || fields.version === '') return review(200)
  if (fields.review_token !== (await reviewToken(deps, draft, counts))) return review(409)
  const change = changeOf(prepared)
  if (await forbiddenAt(deps, change.audience, change.at)) return review(422)
  const result = await editScheduled(deps, { id: message.id, version: fields.version }, change)
  if (result === 'taken') return refuse({ schedule_time: 'Another one of this series is at that time. Choose another time.' })
  if (result === 'outdated') return outdated(c, await findScheduled(deps, message.id), fields, prepared)
  await audit(c, 'scheduled_edited', `scheduled message ${message.id}`)
  return edited(c, prepared)
})

async function readFields(c: Context<AppEnv>): Promise<EditScheduledFields> {
  const form = await readForm(c, editScheduledForm)
  return { ...(form.ok ? form.value : editScheduledForm.parse({})), schedule_later: true, repeat: '' }
}

function changeOf({ draft: { body: messageBody, audience, includeUnsubscribe, later } }: Prepared): ScheduleDraft {
  if (!later) throw new Error('a text for later without a time')
  return { messageBody, audience, includeUnsubscribe, at: later.at, timeZone: later.timeZone }
}

const isOutdated = (message: Scheduled, { version }: EditScheduledFields): boolean =>
  !mayScheduled('edit', message.status) || (version !== '' && version !== versionOf(message))

/** Something or somebody was quicker: nothing is saved, and nothing that was typed is lost. A second press finds what the first one saved, while it waits. */
async function outdated(c: Context<AppEnv>, message: Scheduled, fields: EditScheduledFields, prepared?: Prepared) {
  const waits = mayScheduled('edit', message.status)
  if (waits && prepared && fields.review_token !== '' && isStored(message, changeOf(prepared))) return edited(c, prepared)
  return editPage(c, message, freshForm(shownValues(fields)), 409, await meanwhileOf(c, message))
}

async function meanwhileOf(c: Context<AppEnv>, message: Scheduled): Promise<Meanwhile> {
  if (!mayScheduled('edit', message.status)) return { kind: 'over', why: overWords(message.status), logId: message.logId }
  const event = await findEvent(c.var.deps, String(message.eventId))
  return { kind: 'changed', message: { ...message, eventTitle: event?.title ?? null } }
}

/** As the form has it, on the clock on which it was chosen. */
function valuesFor(message: Scheduled): FormState['values'] {
  const { date, time } = toWallTime(message.dueAt, message.timeZone)
  const fold = foldAt(message.dueAt, message.timeZone) ?? ''
  return { ...valuesOf(message), schedule_date: date, schedule_time: time, schedule_fold: fold, client_timezone: message.timeZone }
}

async function editPage(
  c: Context<AppEnv>,
  message: Scheduled,
  form: FormState,
  status: 200 | 409 | 422 = 200,
  meanwhile: Meanwhile | null = null,
) {
  const { config, db, sms, now } = c.var.deps
  const at = { now: now(), timeZone: config.timeZone }
  const choices = await readChoices(db, calendarDay(at.now, at.timeZone), form.values.event_id)
  const props = { message, form, choices, meanwhile, version: versionOf(message), fold: foldChoices(form.values, at), ...at }
  return page(c, { title: 'Change a scheduled text', current: 'scheduled', status }, <EditScheduledPage sender={sms.sender} {...props} />)
}

function edited(c: Context<AppEnv>, prepared: Prepared) {
  const { config, now } = c.var.deps
  const { at, timeZone } = changeOf(prepared)
  const cost = money(prepared.measures.written.total * config.pricePerPart)
  return redirectWithFlash(c, '/scheduled', {
    kind: 'ok',
    fact: `Changed. It goes out ${weekdayTime(at, { timeZone, now: now() })}.`,
    text: `${plural(prepared.counts.people, 'person', 'people')} as of now, about ${cost}.`,
  })
}
