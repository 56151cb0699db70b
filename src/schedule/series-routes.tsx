import { Hono } from 'hono'
import { EndSeriesPage } from '../../templates/schedule/end'
import { SeriesPage } from '../../templates/schedule/series'
import { plural } from '../../templates/ui/format'
import { titleOf } from '../blasts/results'
import { Conflict } from '../faults'
import { audit } from '../web/audit'
import type { AppEnv } from '../web/env'
import { redirectWithFlash } from '../web/flash'
import { page } from '../web/page'
import { idParam } from '../web/params'
import { endRecurring, findRecurring } from './recurring'
import { listRecurring } from './series'

export const seriesRoutes = new Hono<AppEnv>()

const ended = new Conflict('This series has ended already.')

seriesRoutes.get('/', async (c) => {
  const { db, now } = c.var.deps
  return page(c, { title: 'Texts that repeat', current: 'scheduled' }, <SeriesPage series={await listRecurring(db)} now={now()} />)
})

seriesRoutes.get('/:id/end', idParam, async (c) => {
  const { deps } = c.var
  const { id } = c.req.valid('param')
  const { endedAt, messageBody, rule } = await findRecurring(deps, id)
  if (endedAt !== null) throw ended
  const props = { id, title: titleOf(messageBody), rule, now: deps.now() }
  return page(c, { title: 'End a series', current: 'scheduled' }, <EndSeriesPage {...props} />)
})

seriesRoutes.post('/:id/end', idParam, async (c) => {
  const { deps } = c.var
  const { id } = await findRecurring(deps, c.req.valid('param').id)
  const cancelled = await endRecurring(deps, id)
  if (cancelled === null) throw ended
  await audit(c, 'series_ended', `series ${id}`)
  const act = { href: `/dashboard?series=${id}`, label: 'Write it again' }
  const text = cancelled > 0 ? `${plural(cancelled, 'text')} that waited ${cancelled === 1 ? 'was' : 'were'} cancelled.` : undefined
  return redirectWithFlash(c, '/scheduled/recurring', { kind: 'ok', fact: 'It does not repeat any more.', text, act })
})
