import { type Context, Hono } from 'hono'
import { DeleteScheduledPage } from '../../templates/schedule/delete'
import { ScheduledPage } from '../../templates/schedule/list'
import { overWords } from '../../templates/schedule/words'
import { plural } from '../../templates/ui/format'
import { titleOf } from '../blasts/results'
import { Conflict } from '../faults'
import { audit } from '../web/audit'
import type { AppEnv } from '../web/env'
import { redirectWithFlash } from '../web/flash'
import { readAll } from '../web/form'
import { readListing } from '../web/listing'
import { page } from '../web/page'
import { idParam, rowIds } from '../web/params'
import { editRoutes } from './edit-routes'
import { countScheduled, listScheduled, pendingIds, scheduledFilters, scheduledSorts } from './queries'
import { cancelScheduled, deleteScheduled, findAllScheduled, findScheduled, mayScheduled, type Scheduled } from './scheduled'
import { seriesRoutes } from './series-routes'

export const scheduleRoutes = new Hono<AppEnv>()

scheduleRoutes.route('/recurring', seriesRoutes)
scheduleRoutes.route('/', editRoutes)

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

const started = ({ status }: Scheduled): Conflict => new Conflict(overWords(status))

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
