import { type Context, Hono } from 'hono'
import { DeleteScheduledPage } from '../../templates/schedule/delete'
import { EditScheduledPage } from '../../templates/schedule/edit'
import { ScheduledPage } from '../../templates/schedule/list'
import { quietWords } from '../../templates/schedule/words'
import { money, plural, weekdayTime } from '../../templates/ui/format'
import { titleOf } from '../blasts/results'
import { readChoices } from '../compose/choices'
import { valuesOf } from '../compose/earlier'
import { composeForm, shownValues } from '../compose/form'
import { type Prepared, prepare } from '../compose/prepare'
import { calendarDay } from '../dashboard/trend'
import { Conflict } from '../faults'
import { audit } from '../web/audit'
import type { AppEnv } from '../web/env'
import { redirectWithFlash } from '../web/flash'
import { type FormState, freshForm, readAll, readForm } from '../web/form'
import { readListing } from '../web/listing'
import { page } from '../web/page'
import { idParam, rowIds } from '../web/params'
import { foldChoices, type Later } from './later'
import { countScheduled, listScheduled, pendingIds, scheduledFilters, scheduledSorts } from './queries'
import { forbiddenAt } from './quiet-hours'
import { cancelScheduled, deleteScheduled, editScheduled, findAllScheduled, findScheduled, mayScheduled, type Scheduled } from './scheduled'
import { seriesRoutes } from './series-routes'
import { foldAt, toWallTime } from './wall-time'

export const scheduleRoutes = new Hono<AppEnv>()

scheduleRoutes.route('/recurring', seriesRoutes)

scheduleRoutes.get('/', async (c) => {
  const { db, config, now } = c.var.deps
  const state = readListing(c, { sorts: scheduledSorts, pageSize: 30, filters: { show: scheduledFilters } })
  const counts = await countScheduled(db)
  const list = await listScheduled(db, state, counts)
  const props = { state, list, counts, now: now(), timeZone: config.timeZone }
  return page(c, { title: 'Scheduled', current: 'scheduled' }, <ScheduledPage {...props} />)
})

scheduleRoutes.get('/status', async (c) => {
  const ids = await pendingIds(c.var.deps.db)
  return c.json({ pending_count: ids.length, pending_ids: ids })
})

scheduleRoutes.get('/bulk-delete', async (c) => {
  const messages = await findAllScheduled(c.var.deps, rowIds(c.req.queries('scheduled_ids') ?? []))
  if (messages.length === 0) return nothingPicked(c)
  return deletePage(c, messages)
})

scheduleRoutes.post('/bulk-delete', async (c) => {
  const ids = rowIds(await readAll(c, 'scheduled_ids'))
  const gone = await deleteScheduled(c.var.deps, ids)
  if (gone === 0) return nothingPicked(c)
  await audit(c, 'scheduled_deleted', plural(gone, 'scheduled message'))
  const left = ids.length - gone
  const text = left > 0 ? `${plural(left, 'text')} ${left === 1 ? 'was' : 'were'} left: being sent, or gone already.` : undefined
  return redirectWithFlash(c, '/scheduled', { kind: 'ok', fact: `${plural(gone, 'scheduled text')} deleted.`, text })
})

scheduleRoutes.get('/:id/edit', idParam, async (c) => {
  const message = await findScheduled(c.var.deps, c.req.valid('param').id)
  if (!mayScheduled('edit', message.status)) throw started(message)
  return editPage(c, message, freshForm(valuesFor(message)), 200)
})

scheduleRoutes.post('/:id/edit', idParam, async (c) => {
  const { deps } = c.var
  const message = await findScheduled(deps, c.req.valid('param').id)
  if (!mayScheduled('edit', message.status)) throw started(message)
  const form = await readForm(c, composeForm)
  const fields = { ...(form.ok ? form.value : composeForm.parse({})), schedule_later: true, repeat: '' }
  const prepared = await prepare(deps, fields)
  const refuse = (faults: FormState['faults']) => editPage(c, message, { values: shownValues(fields), faults }, 422)
  if (!prepared.ok) return refuse(prepared.faults)
  const { later } = prepared.draft
  if (!later) throw new Error('a text for later without a time')
  const { body: messageBody, audience, includeUnsubscribe } = prepared.draft
  const quiet = await forbiddenAt(deps, audience, later.at)
  if (quiet) return refuse({ schedule_time: `${quietWords(quiet, true)} No text may start in quiet hours here.` })
  const result = await editScheduled(deps, message.id, {
    messageBody,
    audience,
    includeUnsubscribe,
    at: later.at,
    timeZone: later.timeZone,
  })
  if (result === 'started') throw started(await findScheduled(deps, message.id))
  if (result === 'taken') return refuse({ schedule_time: 'Another one of this series is at that time. Choose another time.' })
  await audit(c, 'scheduled_edited', `scheduled message ${message.id}`)
  return edited(c, prepared, later)
})

scheduleRoutes.post('/:id/cancel', idParam, async (c) => {
  const { deps } = c.var
  const message = await findScheduled(deps, c.req.valid('param').id)
  if (!(await cancelScheduled(deps, message.id))) throw started(await findScheduled(deps, message.id))
  await audit(c, 'scheduled_cancelled', `scheduled message ${message.id}`)
  const text = message.scheduleId === null ? 'Nobody gets it.' : 'Nobody gets this one; the others of its series go on.'
  const act = { href: `/dashboard?scheduled=${message.id}`, label: 'Write it again' }
  return redirectWithFlash(c, '/scheduled', { kind: 'ok', fact: `“${titleOf(message.messageBody)}” is cancelled.`, text, act })
})

scheduleRoutes.get('/:id/delete', idParam, async (c) => {
  const message = await findScheduled(c.var.deps, c.req.valid('param').id)
  if (!mayScheduled('delete', message.status)) throw started(message)
  return deletePage(c, [message])
})

scheduleRoutes.post('/:id/delete', idParam, async (c) => {
  const { deps } = c.var
  const message = await findScheduled(deps, c.req.valid('param').id)
  if ((await deleteScheduled(deps, [message.id])) === 0) throw started(await findScheduled(deps, message.id))
  await audit(c, 'scheduled_deleted', `scheduled message ${message.id}`)
  const text = message.status === 'pending' ? 'Nobody gets it.' : undefined
  return redirectWithFlash(c, '/scheduled', { kind: 'ok', fact: `“${titleOf(message.messageBody)}” was deleted.`, text })
})

/** Why nothing can be done about it any more. */
function started({ status }: Scheduled): Conflict {
  const whys: Record<Scheduled['status'], string> = {
    pending: 'Somebody else was quicker. Please look at the list again.',
    processing: 'It is being sent. Stop it on the page of its blast.',
    sent: 'It was sent already.',
    failed: 'It is over: nobody could be texted. Write it again instead.',
    expired: 'It is over: it was too late to send it. Write it again instead.',
    cancelled: 'It was cancelled already. Write it again instead.',
  }
  return new Conflict(whys[status])
}

/** As the form has it, on the clock on which it was chosen. */
function valuesFor(message: Scheduled): FormState['values'] {
  const { date, time } = toWallTime(message.dueAt, message.timeZone)
  const fold = foldAt(message.dueAt, message.timeZone) ?? ''
  return { ...valuesOf(message), schedule_date: date, schedule_time: time, schedule_fold: fold, client_timezone: message.timeZone }
}

async function editPage(c: Context<AppEnv>, message: Scheduled, form: FormState, status: 200 | 422) {
  const { config, db, sms, now } = c.var.deps
  const at = { now: now(), timeZone: config.timeZone }
  const choices = await readChoices(db, calendarDay(at.now, at.timeZone), form.values.event_id)
  const props = { message, form, choices, sender: sms.sender, fold: foldChoices(form.values, at), ...at }
  return page(c, { title: 'Change a scheduled text', current: 'scheduled', status }, <EditScheduledPage {...props} />)
}

function edited(c: Context<AppEnv>, { counts, measures }: Prepared, { at, timeZone }: Later) {
  const { config, now } = c.var.deps
  const cost = money(measures.written.total * config.pricePerPart)
  const fact = `Changed. It goes out ${weekdayTime(at, { timeZone, now: now() })}.`
  return redirectWithFlash(c, '/scheduled', {
    kind: 'ok',
    fact,
    text: `${plural(counts.people, 'person', 'people')} as of now, about ${cost}.`,
  })
}

function deletePage(c: Context<AppEnv>, messages: Scheduled[]) {
  const shown = messages.map((message) => ({ ...message, title: titleOf(message.messageBody) }))
  return page(c, { title: 'Delete scheduled texts', current: 'scheduled' }, <DeleteScheduledPage messages={shown} />)
}

const nothingPicked = (c: Context<AppEnv>) =>
  redirectWithFlash(c, '/scheduled', {
    kind: 'info',
    fact: 'Nothing was deleted.',
    text: 'Nothing was picked, or it is being sent or gone already.',
  })
