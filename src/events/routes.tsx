import { type Context, Hono } from 'hono'
import { EventFormPage } from '../../templates/events/form'
import { EventsPage } from '../../templates/events/list'
import { calendarDay } from '../dashboard/trend'
import { audit } from '../web/audit'
import { currentUser } from '../web/auth'
import type { AppEnv } from '../web/env'
import { redirectWithFlash } from '../web/flash'
import { type FormState, freshForm, readForm } from '../web/form'
import { readListing } from '../web/listing'
import { page } from '../web/page'
import { idParam } from '../web/params'
import { addEvent, type Event, editEvent, findEvent } from './events'
import { eventForm } from './form'
import { countEvents, eventSorts, listEvents, whenFilters } from './queries'

export const eventRoutes = new Hono<AppEnv>()

eventRoutes.get('/', async (c) => {
  const { db, config, now } = c.var.deps
  const state = readListing(c, { sorts: eventSorts, filters: { when: whenFilters } })
  const today = calendarDay(now(), config.timeZone)
  const counts = await countEvents(db, today)
  const list = await listEvents(db, state, today, counts)
  const props = { state, list, counts, role: currentUser(c).role, now: now(), timeZone: config.timeZone }
  return page(c, { title: 'Events', current: 'events' }, <EventsPage {...props} />)
})

eventRoutes.get('/add', (c) => eventPage(c, null, freshForm(), 200))

eventRoutes.post('/add', async (c) => {
  const form = await readForm(c, eventForm)
  if (!form.ok) return eventPage(c, null, form, 422)
  const id = await addEvent(c.var.deps, form.value)
  await audit(c, 'event_created', `event ${id}`)
  const text = 'Now its guests: one by one, or from a sign-up sheet.'
  return redirectWithFlash(c, `/events/${id}`, { kind: 'ok', fact: `${form.value.title} was added.`, text })
})

eventRoutes.get('/:id/edit', idParam, async (c) => {
  const event = await findEvent(c.var.deps, c.req.valid('param').id)
  return eventPage(c, event, freshForm({ title: event.title, date: event.date ?? '' }), 200)
})

eventRoutes.post('/:id/edit', idParam, async (c) => {
  const event = await findEvent(c.var.deps, c.req.valid('param').id)
  const form = await readForm(c, eventForm)
  if (!form.ok) return eventPage(c, event, form, 422)
  await editEvent(c.var.deps, event.id, form.value)
  await audit(c, 'event_updated', `event ${event.id}`)
  return redirectWithFlash(c, `/events/${event.id}`, { kind: 'ok', fact: `${form.value.title} was changed.` })
})

function eventPage(c: Context<AppEnv>, event: Event | null, form: FormState, status: 200 | 422) {
  const props = { event, form, role: currentUser(c).role }
  return page(c, { title: event ? 'Edit event' : 'Add an event', current: 'events', status }, <EventFormPage {...props} />)
}
