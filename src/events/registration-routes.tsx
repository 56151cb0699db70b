import { type Context, Hono } from 'hono'
import { EventPage } from '../../templates/events/page'
import { UnregisterPage } from '../../templates/events/unregister'
import { called } from '../../templates/events/words'
import { blockedNote } from '../../templates/suppressions/blocked'
import { personForm } from '../members/form'
import { optOut } from '../suppressions/opt-outs'
import { audit } from '../web/audit'
import { currentUser } from '../web/auth'
import { csvDownload } from '../web/csv-download'
import type { AppEnv } from '../web/env'
import { redirectWithFlash } from '../web/flash'
import { type FormState, freshForm, readForm } from '../web/form'
import { readListing } from '../web/listing'
import { page } from '../web/page'
import { idParam, rowIds } from '../web/params'
import { type Event, findEvent } from './events'
import { listRegistrations, pagesOfRegistrations, registrationSorts, textsFilters } from './registration-queries'
import { findRegistration, register, unregister } from './registrations'

/** `/events/:id`: the guests of one event. */
export const registrationRoutes = new Hono<AppEnv>()

registrationRoutes.get('/:id', idParam, async (c) => {
  const event = await findEvent(c.var.deps, c.req.valid('param').id)
  return guestsPage(c, event, freshForm(), 200)
})

registrationRoutes.post('/:id/register', idParam, async (c) => {
  const { deps } = c.var
  const event = await findEvent(deps, c.req.valid('param').id)
  const form = await readForm(c, personForm)
  if (!form.ok) return guestsPage(c, event, form, 422)
  const result = await register(deps, event.id, form.value, currentUser(c).username)
  if (result.kind === 'taken') {
    const faults = { phone: `${result.by || 'Another guest'} has this phone already, and is on the list.` }
    return guestsPage(c, event, { values: form.values, faults }, 422)
  }
  await audit(c, 'registration_added', `registration ${result.id} of event ${event.id}`)
  const who = called(form.value)
  if (result.reach.texts === 'yes') return told(c, event, `${who} is on the list.`, 'The next text to these guests reaches this number.')
  return redirectWithFlash(c, `/events/${event.id}`, blockedNote(`${who} is on the list`, result.reach, currentUser(c).role))
})

registrationRoutes.get('/:id/unregister/:registration_id', async (c) => {
  const { event, guest } = await findGuest(c)
  return page(c, { title: 'Take a guest off the list', current: 'events' }, <UnregisterPage event={event} guest={guest} />)
})

registrationRoutes.post('/:id/unregister/:registration_id', async (c) => {
  const { event, guest } = await findGuest(c)
  await unregister(c.var.deps, guest, currentUser(c).username)
  await audit(c, 'registration_removed', `registration ${guest.id} of event ${event.id}`)
  return told(c, event, `${called(guest)} is off the list.`, 'Opt-outs and what they were sent are kept.')
})

registrationRoutes.post('/:id/registrations/:registration_id/unsubscribe', async (c) => {
  const { event, guest } = await findGuest(c)
  const by = currentUser(c).username
  await optOut(c.var.deps, { phone: guest.phone, name: guest.name, reason: 'Asked a member of staff', source: 'staff', by })
  await audit(c, 'registration_unsubscribed', `registration ${guest.id} of event ${event.id}`)
  return told(c, event, `${called(guest)} is opted out.`, 'No blast reaches this number from now on.')
})

registrationRoutes.get('/:id/export', idParam, async (c) => {
  const { db } = c.var.deps
  const event = await findEvent(c.var.deps, c.req.valid('param').id)
  await audit(c, 'registrations_exported', `event ${event.id}`)
  async function* rows() {
    for await (const guests of pagesOfRegistrations(db, event.id))
      yield guests.map((guest) => [guest.name, guest.phone, new Date(guest.createdAt).toISOString()])
  }
  return csvDownload(c.var.deps, `guests-of-event-${event.id}.csv`, ['name', 'phone', 'created_at'], rows())
})

const told = (c: Context<AppEnv>, event: Event, fact: string, text: string) =>
  redirectWithFlash(c, `/events/${event.id}`, { kind: 'ok', fact, text })

/** By `:id` and `:registration_id`. Throws NotFound, also for a guest of another event. */
async function findGuest(c: Context<AppEnv>) {
  const [eventId = 0] = rowIds([c.req.param('id') ?? ''])
  const [id = 0] = rowIds([c.req.param('registration_id') ?? ''])
  const event = await findEvent(c.var.deps, eventId)
  return { event, guest: await findRegistration(c.var.deps, event.id, id) }
}

async function guestsPage(c: Context<AppEnv>, event: Event, form: FormState, status: 200 | 422) {
  const { db, config, now } = c.var.deps
  const asked = readListing(c, { sorts: registrationSorts, filters: { texts: textsFilters } })
  // The answer to a refused guest stands at another address.
  const state = { ...asked, path: `/events/${event.id}` }
  const { list, counts } = await listRegistrations(db, event.id, state)
  const props = { event, state, list, counts, form, now: now(), timeZone: config.timeZone }
  return page(c, { title: event.title, current: 'events', status }, <EventPage {...props} />)
}
