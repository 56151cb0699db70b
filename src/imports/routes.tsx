import { type Context, Hono } from 'hono'
import { ImportPage } from '../../templates/imports/page'
import { UploadPage } from '../../templates/imports/upload'
import { excerpt } from '../../templates/ui/format'
import type { AuditType } from '../audit/types'
import { findEvent } from '../events/events'
import { Forbidden } from '../faults'
import { audit } from '../web/audit'
import { currentUser } from '../web/auth'
import { csvDownload } from '../web/csv-download'
import type { AppEnv } from '../web/env'
import { redirectWithFlash } from '../web/flash'
import { type FormState, freshForm } from '../web/form'
import { readListing } from '../web/listing'
import { page } from '../web/page'
import { idParam, rowIds } from '../web/params'
import { readFile } from './form'
import { canUndo, findImport, type Import, type ImportKind, openStatuses, startCommit, startUndo } from './imports'
import { kindOf, type Pool } from './kinds'
import { problemCells, problemColumns } from './problems'
import { countShown, listImportRows, listRecentImports, pagesOfProblems, shows } from './queries'
import { uploadImport } from './upload'

/** `/imports`: the preview and what follows it, for every kind of upload. */
export const importRoutes = new Hono<AppEnv>()
/** `/community/import` */
export const memberUploadRoutes = new Hono<AppEnv>()
/** `/events/:id/import` */
export const registrationUploadRoutes = new Hono<AppEnv>()
/** `/unsubscribed/import` */
export const optOutUploadRoutes = new Hono<AppEnv>()

memberUploadRoutes.get('/', (c) => uploadPage(c, members, freshForm(), 200))
memberUploadRoutes.post('/', (c) => receive(c, members))

optOutUploadRoutes.get('/', (c) => uploadPage(c, optOuts, freshForm(), 200))
optOutUploadRoutes.post('/', (c) => receive(c, optOuts))

registrationUploadRoutes.get('/', async (c) => uploadPage(c, await guestsOf(c), freshForm(), 200))
registrationUploadRoutes.post('/', async (c) => receive(c, await guestsOf(c)))

type Into = Pool & { kind: ImportKind }
const members: Into = { kind: 'members', eventId: null, eventTitle: null }
const optOuts: Into = { kind: 'opt_outs', eventId: null, eventTitle: null }

/** Throws NotFound. */
async function guestsOf(c: Context<AppEnv>): Promise<Into> {
  const [id = 0] = rowIds([c.req.param('id') ?? ''])
  const event = await findEvent(c.var.deps, id)
  return { kind: 'registrations', eventId: event.id, eventTitle: event.title }
}

async function receive(c: Context<AppEnv>, into: Into) {
  const file = await readFile(c)
  if (!file) return uploadPage(c, into, refused('Choose a file first.'), 422)
  const { kind, eventId } = into
  const result = await uploadImport(c.var.deps, { kind, eventId, ...file, by: currentUser(c).username })
  if (result.kind === 'refused') return uploadPage(c, into, refused(result.message), 422)
  await audit(c, 'import_uploaded', `import ${result.importId}`)
  return redirectWithFlash(c, `/imports/${result.importId}`, {
    kind: 'ok',
    fact: `${excerpt(file.filename) || 'The file'} has arrived.`,
    text: 'Nothing changes in your lists until you say so here.',
  })
}

importRoutes.get('/:id', idParam, async (c) => {
  const { deps } = c.var
  const found = await visible(c, c.req.valid('param').id)
  const kind = kindOf(found.kind)
  const state = readListing(c, { sorts: ['row'], filters: { show: shows } })
  const working = openStatuses.some((status) => status === found.status)
  const lists = working || found.status === 'failed' ? null : await readLists(c, found, state)
  const props = {
    import: found,
    lists,
    list: kind.list(found),
    upload: kind.upload(found),
    allowed: mayChange(c, found),
    undoable: canUndo(found, deps.now()),
  }
  return page(c, { title: 'Import', current: kind.place }, <ImportPage {...props} />)
})

importRoutes.post('/:id/commit', idParam, async (c) => {
  const found = await changeable(c, c.req.valid('param').id)
  const started = await startCommit(c.var.deps, found.id)
  return nudged(c, found, started ? kindOf(found.kind).committedEvent : null, 'The import was started.')
})

importRoutes.post('/:id/undo', idParam, async (c) => {
  const found = await changeable(c, c.req.valid('param').id)
  const started = await startUndo(c.var.deps, found.id)
  return nudged(c, found, started ? 'import_undone' : null, 'The undo was started.')
})

importRoutes.get('/:id/problems.csv', idParam, async (c) => {
  const found = await changeable(c, c.req.valid('param').id)
  await audit(c, 'import_problems_exported', `import ${found.id}`)
  async function* rows() {
    for await (const problems of pagesOfProblems(c.var.deps.db, found.id)) yield problems.map((row) => problemCells(found.columns, row))
  }
  return csvDownload(c.var.deps, `problems-of-import-${found.id}.csv`, problemColumns(found.columns), rows())
})

/** Throws NotFound, and Forbidden where its list is one that only admins may see. */
async function visible(c: Context<AppEnv>, id: number): Promise<Import> {
  const found = await findImport(c.var.deps, id)
  if (kindOf(found.kind).secret && currentUser(c).role !== 'admin') throw new Forbidden()
  return found
}

/** Throws as `visible` does, and Forbidden where other staff may only look. */
async function changeable(c: Context<AppEnv>, id: number): Promise<Import> {
  const found = await visible(c, id)
  if (!mayChange(c, found)) throw new Forbidden()
  return found
}

const mayChange = (c: Context<AppEnv>, { kind }: Import) => currentUser(c).role === 'admin' || !kindOf(kind).adminOnly

/** `event`: a worker has something to do; null: it was started before. */
async function nudged(c: Context<AppEnv>, { id }: Import, event: AuditType | null, fact: string) {
  const { deps } = c.var
  const path = `/imports/${id}`
  if (event === null) return redirectWithFlash(c, path, { kind: 'info', fact: 'You pressed this before.', text: 'It is done once.' })
  await audit(c, event, `import ${id}`)
  await deps.queue.send({ type: 'import', importId: id })
  return redirectWithFlash(c, path, { kind: 'ok', fact })
}

/** The URL names one list and its page; the other list is at its beginning. */
async function readLists(c: Context<AppEnv>, found: Import, state: ReturnType<typeof readListing>) {
  const { db } = c.var.deps
  const asked = shows.find((show) => show === state.filters.show)
  const first = (['new', 'changed', 'same', 'opted_out'] as const).find((show) => countShown(found, show) > 0) ?? 'new'
  const problemsAt = { ...state, pageSize: 20, page: asked === 'problems' ? state.page : 1, filters: { show: 'problems' } }
  const show = asked === undefined || asked === 'problems' ? first : asked
  const shownAt = { ...state, page: asked === 'problems' ? 1 : state.page, filters: { show } }
  const [problems, shown] = await Promise.all([listImportRows(db, found, 'problems', problemsAt), listImportRows(db, found, show, shownAt)])
  return { problems: { state: problemsAt, rows: problems }, shown: { show, state: shownAt, rows: shown, total: countShown(found, show) } }
}

const refused = (message: string): FormState => ({ values: {}, faults: { file: message } })

async function uploadPage(c: Context<AppEnv>, into: Into, form: FormState, status: 200 | 422) {
  const { db, now, config } = c.var.deps
  const { title, place, list, upload } = kindOf(into.kind)
  const recent = await listRecentImports(db, into.kind, into.eventId)
  const props = { title, list: list(into), action: upload(into), form, recent, now: now(), timeZone: config.timeZone }
  return page(c, { title, current: place, status }, <UploadPage {...props} />)
}
