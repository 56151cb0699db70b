import { type Context, Hono } from 'hono'
import { DeleteEventsPage } from '../../templates/events/delete'
import { plural } from '../../templates/ui/format'
import { NotFound } from '../faults'
import { audit } from '../web/audit'
import { currentUser } from '../web/auth'
import type { AppEnv } from '../web/env'
import { redirectWithFlash } from '../web/flash'
import { readAll } from '../web/form'
import { page } from '../web/page'
import { idParam, rowIds } from '../web/params'
import { deleteEvents, findEvent } from './events'
import { type EventToDelete, listEventsToDelete } from './queries'

/** For admins alone. */
export const eventAdminRoutes = new Hono<AppEnv>()

eventAdminRoutes.get('/bulk-delete', async (c) => {
  const events = await listEventsToDelete(c.var.deps.db, rowIds(c.req.queries('event_ids') ?? []))
  if (events.length > 0) return confirm(c, events)
  return redirectWithFlash(c, '/events', {
    kind: 'info',
    fact: 'No event was picked, or it is gone already.',
    text: 'Tick the events first.',
  })
})

eventAdminRoutes.post('/bulk-delete', async (c) => remove(c, rowIds(await readAll(c, 'event_ids'))))

eventAdminRoutes.get('/:id/delete', idParam, async (c) => {
  const events = await listEventsToDelete(c.var.deps.db, [c.req.valid('param').id])
  if (events.length === 0) throw new NotFound()
  return confirm(c, events)
})

eventAdminRoutes.post('/:id/delete', idParam, async (c) => {
  const event = await findEvent(c.var.deps, c.req.valid('param').id)
  return remove(c, [event.id], event.title)
})

function confirm(c: Context<AppEnv>, events: EventToDelete[]) {
  const { config, now } = c.var.deps
  return page(
    c,
    { title: events.length === 1 ? 'Delete event' : 'Delete events', current: 'events' },
    <DeleteEventsPage events={events} now={now()} timeZone={config.timeZone} />,
  )
}

async function remove(c: Context<AppEnv>, ids: number[], title?: string) {
  const { deps } = c.var
  const by = currentUser(c)
  const gone = await deleteEvents(deps, ids, by.username)
  if (gone.events === 0) {
    const text = 'None was picked, or they are gone already.'
    return redirectWithFlash(c, '/events', { kind: 'info', fact: 'No event was deleted.', text })
  }
  const registrations = plural(gone.registrations, 'registration')
  const subject = `${title === undefined ? plural(gone.events, 'event') : `event ${ids[0]}`}, ${registrations}`
  await audit(c, 'event_deleted', subject)
  const went = `${registrations} went with ${gone.events === 1 ? 'it' : 'them'}.`
  const spared = gone.cancelled > 0 ? ` ${plural(gone.cancelled, 'scheduled text was', 'scheduled texts were')} cancelled.` : ''
  const fact = title === undefined ? `${plural(gone.events, 'event')} deleted.` : `${title} was deleted.`
  return redirectWithFlash(c, '/events', { kind: 'ok', fact, text: `${went}${spared} Opt-outs and what guests were sent are kept.` })
}
