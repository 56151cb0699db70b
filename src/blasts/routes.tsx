import { type Context, Hono } from 'hono'
import { BlastsPage } from '../../templates/blasts/list'
import { BlastPage, type BlastProps, Live } from '../../templates/blasts/page'
import { excerpt, formatPhone } from '../../templates/ui/format'
import type { AuditType } from '../audit/types'
import { decideUnknown } from '../deliveries/decisions'
import type { Deps } from '../deps'
import { Conflict, NotFound } from '../faults'
import { audit, trail } from '../web/audit'
import { currentUser } from '../web/auth'
import { csvDownload } from '../web/csv-download'
import type { AppEnv } from '../web/env'
import { redirectWithFlash } from '../web/flash'
import { readForm } from '../web/form'
import { readListing } from '../web/listing'
import { available, page } from '../web/page'
import { idParam, rowIds } from '../web/params'
import { type ActResult, type By, cancelBlast, pauseBlast, resumeBlast, retryBlast, undoBlast } from './acts'
import type { BlastAct } from './blasts'
import { decisionForm } from './form'
import { findDelivery, listPeople, pagesOfPeople, peopleFilterNames, peopleSorts } from './people'
import { blastGroupNames, blastSorts, countBlasts, findBlast, findBlastRows, listBlasts } from './queries'
import { readFailureKey, type Sample } from './results'
import { readBlast } from './view'
import { againButCancelled, alreadyDecided, decided, done, refused } from './words'

export const blastRoutes = new Hono<AppEnv>()

blastRoutes.get('/', async (c) => {
  const { db, config } = c.var.deps
  const state = readListing(c, { sorts: blastSorts, defaultDir: 'desc', pageSize: 25, filters: { status: blastGroupNames } })
  const [list, counts] = await Promise.all([listBlasts(db, state), countBlasts(db)])
  const props = { state, list, counts, role: currentUser(c).role, now: c.var.deps.now(), timeZone: config.timeZone }
  return page(c, { title: 'Blasts', current: 'logs' }, <BlastsPage {...props} />)
})

const mostAsked = 50

blastRoutes.get('/status', async (c) => {
  const asked = rowIds((c.req.query('ids') ?? '').split(',').map((id) => id.trim())).slice(0, mostAsked)
  const rows = await findBlastRows(c.var.deps.db, asked)
  const logs = rows.map(({ id, status, sum, counts }) => ({
    id,
    status,
    success_count: sum.withTwilio,
    failure_count: sum.failed,
    total_recipients: sum.planned,
    counts,
  }))
  return c.json({ logs })
})

blastRoutes.get('/:id', idParam, (c) => blastPage(c, c.req.valid('param').id))

/** The part of the page that follows a blast; without htmx it is the page. */
blastRoutes.get('/:id/progress', idParam, async (c) => {
  const { id } = c.req.valid('param')
  if (!c.req.header('hx-request')) return c.redirect(`/logs/${id}`, 303)
  return c.html(<Live {...(await look(c, id))} />)
})

blastRoutes.get('/:id/export', idParam, async (c) => {
  const { deps } = c.var
  const { id } = c.req.valid('param')
  await findBlast(deps.db, id)
  await audit(c, 'blast_exported', `blast ${id}`)
  async function* rows() {
    for await (const people of pagesOfPeople(deps.db, id)) {
      yield people.map((p) => [
        p.phone,
        p.name,
        p.status,
        p.errorCode,
        p.error,
        p.providerSid,
        p.parts,
        new Date(p.updatedAt).toISOString(),
      ])
    }
  }
  const columns = ['phone', 'name', 'status', 'error_code', 'error', 'provider_sid', 'parts', 'updated_at']
  return csvDownload(c.var.deps, `blast-${id}.csv`, columns, rows())
})

blastRoutes.post('/:id/undo', idParam, (c) => act(c, 'undo', c.req.valid('param').id, undoBlast))
blastRoutes.post('/:id/pause', idParam, (c) => act(c, 'pause', c.req.valid('param').id, pauseBlast))
blastRoutes.post('/:id/resume', idParam, (c) => act(c, 'resume', c.req.valid('param').id, resumeBlast))
blastRoutes.post('/:id/cancel', idParam, (c) => act(c, 'cancel', c.req.valid('param').id, cancelBlast))
blastRoutes.post('/:id/retry', idParam, (c) => act(c, 'retry', c.req.valid('param').id, retryBlast))

blastRoutes.post('/:id/deliveries/:delivery_id/decide', idParam, async (c) => {
  const { deps } = c.var
  const { id } = c.req.valid('param')
  const [deliveryId] = rowIds([c.req.param('delivery_id')])
  if (deliveryId === undefined) throw new NotFound()
  const [blast, person] = await Promise.all([findBlast(deps.db, id), findDelivery(deps.db, id, deliveryId)])
  const form = await readForm(c, decisionForm)
  if (!form.ok) return blastPage(c, id, 422, form.faults.decision)
  const { decision } = form.value
  if (decision === 'again' && blast.status === 'cancelled') throw new Conflict(againButCancelled)
  const recorded = trail(c, 'delivery_decided', `blast ${id}, ${decision}`)
  if (!(await decideUnknown(deps, id, deliveryId, decision, recorded))) throw new Conflict(alreadyDecided)
  return redirectWithFlash(c, `/logs/${id}`, decided(decision, person.name || formatPhone(person.phone)))
})

type Act = (deps: Deps, id: number, by: By) => Promise<ActResult>

async function act(c: Context<AppEnv>, name: BlastAct, id: number, run: Act) {
  const { deps } = c.var
  const result = await run(deps, id, { username: currentUser(c).username, trail: trail(c, auditTypes[name], `blast ${id}`) })
  if (result.kind === 'refused') throw new Conflict(refused(name, result.status))
  // Compose reads `from` and fills its form with that blast's text.
  return redirectWithFlash(c, name === 'undo' ? `/dashboard?from=${id}` : `/logs/${id}`, done(name, result))
}

const auditTypes: Record<BlastAct, AuditType> = {
  undo: 'blast_undone',
  pause: 'blast_paused',
  resume: 'blast_resumed',
  cancel: 'blast_cancelled',
  retry: 'blast_retried',
}

/** What the page and its live part share. */
async function look(c: Context<AppEnv>, id: number): Promise<BlastProps> {
  const { deps } = c.var
  const { config } = deps
  const view = await readBlast(deps, id, { undecidedPage: wholeNumber(c.req.query('decide')) || 1, before: sampleOf(c) })
  return { view, timeZone: config.timeZone, holdMs: config.sending.holdMs, pricePerPart: config.pricePerPart }
}

function sampleOf(c: Context<AppEnv>): Sample | null {
  const at = wholeNumber(c.req.query('at'))
  const handled = wholeNumber(c.req.query('handled'))
  return at === null || handled === null ? null : { at, handled }
}

const wholeNumber = (text: string | undefined): number | null => (text !== undefined && /^\d{1,14}$/.test(text) ? Number(text) : null)

async function blastPage(c: Context<AppEnv>, id: number, status: 200 | 422 = 200, fault?: string) {
  const { db } = c.var.deps
  const key = c.req.query('status')
  const statuses = key !== undefined && readFailureKey(key) ? [...peopleFilterNames, key] : peopleFilterNames
  const state = { ...readListing(c, { sorts: peopleSorts, filters: { status: statuses } }), path: `/logs/${id}` }
  const props = await look(c, id)
  const people = await listPeople(db, id, props.view.counts, state)
  const linked = available.includes('contacts')
  const content = <BlastPage {...props} state={state} people={people} linked={linked} fault={fault} />
  return page(c, { title: excerpt(props.view.title), current: 'logs', status }, content)
}
