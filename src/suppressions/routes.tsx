import { type Context, Hono } from 'hono'
import { BackfillPage } from '../../templates/suppressions/backfill'
import { OptOutFormPage } from '../../templates/suppressions/form'
import { GiveBackPage } from '../../templates/suppressions/give-back'
import { BlocksPage } from '../../templates/suppressions/list'
import { formatPhone, plural } from '../../templates/ui/format'
import { Conflict, NotFound } from '../faults'
import { audit } from '../web/audit'
import { currentUser } from '../web/auth'
import { csvDownload } from '../web/csv-download'
import type { AppEnv } from '../web/env'
import { redirectWithFlash } from '../web/flash'
import { type FormState, freshForm, readAll, readForm } from '../web/form'
import { readListing } from '../web/listing'
import { page } from '../web/page'
import { idParam, rowIds } from '../web/params'
import { backfill, findMissing } from './backfill'
import { optOutForm, whyForm } from './form'
import { lift, optOut, reinstate } from './opt-outs'
import {
  type BlockKind,
  type BlockRow,
  blockKinds,
  blockSorts,
  countBlocks,
  findBlocks,
  listBlocks,
  type Picked,
  pagesOfBlocks,
} from './queries'
import { refusedOwnWord, withoutPhones } from './words'

/** `/unsubscribed`: opt-outs and numbers that do not work. */
export const suppressionRoutes = new Hono<AppEnv>()

suppressionRoutes.get('/', async (c) => {
  const { db, config } = c.var.deps
  const state = readListing(c, { sorts: blockSorts, filters: { kind: blockKinds } })
  const [list, counts] = await Promise.all([listBlocks(db, state), countBlocks(db)])
  const props = { state, list, counts, now: c.var.deps.now(), timeZone: config.timeZone }
  return page(c, { title: 'Opt-outs', current: 'unsubscribed' }, <BlocksPage {...props} />)
})

suppressionRoutes.get('/add', (c) => addPage(c, freshForm(), 200))

suppressionRoutes.post('/add', async (c) => {
  const { deps } = c.var
  const form = await readForm(c, optOutForm)
  if (!form.ok) return addPage(c, form, 422)
  const by = currentUser(c)
  const stored = await optOut(deps, { ...form.value, source: 'staff', by: by.username })
  if (!stored) return addPage(c, { values: form.values, faults: { phone: 'This number has opted out already. Nothing was changed.' } }, 422)
  const subject = `number ending ${form.value.phone.slice(-4)}`
  await audit(c, 'opt_out_added', subject)
  return redirectWithFlash(c, '/unsubscribed', {
    kind: 'ok',
    fact: `${called(form.value)} is opted out.`,
    text: 'No blast reaches this number from now on.',
  })
})

suppressionRoutes.get('/export', async (c) => {
  const { deps } = c.var
  await audit(c, 'opt_outs_exported')
  async function* rows() {
    for await (const blocks of pagesOfBlocks(deps.db)) {
      yield blocks.map((b) => [b.name, b.phone, b.kind, b.category, b.reason, b.source, new Date(b.createdAt).toISOString()])
    }
  }
  return csvDownload(c.var.deps, 'opt-outs.csv', ['name', 'phone', 'kind', 'category', 'reason', 'source', 'created_at'], rows())
})

const mostShown = 100

suppressionRoutes.get('/backfill', async (c) => {
  const { deps } = c.var
  const [optOuts, suppressed] = await Promise.all([
    findMissing(deps.db, 'opt_out', mostShown),
    findMissing(deps.db, 'suppression', mostShown),
  ])
  const props = { optOuts, suppressed, now: deps.now(), timeZone: deps.config.timeZone }
  return page(c, { title: 'Look through past texts', current: 'unsubscribed' }, <BackfillPage {...props} />)
})

suppressionRoutes.post('/backfill', async (c) => {
  const { deps } = c.var
  const by = currentUser(c)
  const stored = await backfill(deps, by.username)
  const subject = `${plural(stored.opt_out, 'opt-out')}, ${plural(stored.suppression, 'number')} that ${stored.suppression === 1 ? 'does' : 'do'} not work`
  await audit(c, 'suppressions_backfilled', subject)
  const none = stored.opt_out + stored.suppression === 0
  return redirectWithFlash(c, '/unsubscribed', {
    kind: none ? 'info' : 'ok',
    fact: none ? 'Nothing was missing.' : `Stored: ${subject}.`,
    text: none ? 'Every past failure that asks for a block has one.' : 'No blast reaches them from now on.',
  })
})

suppressionRoutes.get('/bulk-delete', async (c) => {
  const picked = { opt_out: rowIds(c.req.queries('unsubscribed_ids') ?? []), suppression: rowIds(c.req.queries('suppressed_ids') ?? []) }
  const blocks = await findBlocks(c.var.deps.db, picked)
  return blocks.length === 0 ? nobodyPicked(c) : giveBackPage(c, '/unsubscribed/bulk-delete', blocks, freshForm(), 200)
})

suppressionRoutes.post('/bulk-delete', async (c) => {
  const picked = { opt_out: rowIds(await readAll(c, 'unsubscribed_ids')), suppression: rowIds(await readAll(c, 'suppressed_ids')) }
  const blocks = await findBlocks(c.var.deps.db, picked)
  return blocks.length === 0 ? nobodyPicked(c) : giveBack(c, '/unsubscribed/bulk-delete', blocks)
})

const one: Record<BlockKind, (id: number) => Picked> = {
  opt_out: (id) => ({ opt_out: [id], suppression: [] }),
  suppression: (id) => ({ opt_out: [], suppression: [id] }),
}

for (const [kind, path] of [
  ['opt_out', '/:id/delete'],
  ['suppression', '/suppressed/:id/delete'],
] as const) {
  suppressionRoutes.get(path, idParam, async (c) =>
    giveBackPage(c, c.req.path, await existing(c, kind, c.req.valid('param').id), freshForm(), 200),
  )
  suppressionRoutes.post(path, idParam, async (c) => giveBack(c, c.req.path, await existing(c, kind, c.req.valid('param').id)))
}

async function existing(c: Context<AppEnv>, kind: BlockKind, id: number): Promise<BlockRow[]> {
  const blocks = await findBlocks(c.var.deps.db, one[kind](id))
  if (blocks.length === 0) throw new NotFound()
  return blocks
}

const called = ({ name, phone }: { name: string; phone: string }) => name || formatPhone(phone)

/** Throws Conflict where nobody but the person can. */
async function giveBack(c: Context<AppEnv>, action: string, blocks: BlockRow[]) {
  const { deps } = c.var
  const given = blocks.filter((block) => block.nature !== 'own_word')
  const [first] = blocks
  if (given.length === 0)
    throw new Conflict(refusedOwnWord(blocks.length === 1 && first ? called(first) : `Each of these ${blocks.length}`))
  const form = await readForm(c, whyForm)
  if (!form.ok) return giveBackPage(c, action, blocks, form, 422)
  const by = currentUser(c)
  const ids = (kind: BlockKind) => given.filter((block) => block.kind === kind).map(({ id }) => id)
  const act = { why: form.value.reason, by: by.username }
  const optOuts = await reinstate(deps, { ids: ids('opt_out'), ...act })
  const suppressed = await lift(deps, { ids: ids('suppression'), ...act })
  const why = withoutPhones(form.value.reason)
  if (optOuts.length > 0) await audit(c, 'opt_outs_reinstated', `${named('opt-out', optOuts)}: ${why}`)
  if (suppressed.length > 0) await audit(c, 'suppressions_lifted', `${named('suppression', suppressed)}: ${why}`)
  return redirectWithFlash(c, '/unsubscribed', givenBack(blocks, optOuts.length, suppressed.length))
}

/** `opt-out 12`, `3 opt-outs` */
const named = (noun: string, ids: readonly number[]) => (ids.length === 1 ? `${noun} ${ids[0]}` : plural(ids.length, noun))

function givenBack(blocks: readonly BlockRow[], optOuts: number, suppressed: number) {
  const done = optOuts + suppressed
  const stay = blocks.length - done
  const [first] = blocks
  if (done === 0) throw new Conflict('These numbers changed meanwhile, and nothing was taken off the list. Look at it again.')
  const stayed = stay > 0 ? `${plural(stay, 'person', 'people')} replied STOP and ${stay === 1 ? 'stays' : 'stay'}. ` : ''
  if (blocks.length === 1 && first) {
    const fact = optOuts > 0 ? `${called(first)} is no longer opted out.` : `The block of ${called(first)} is lifted.`
    return { kind: 'ok', fact, text: 'Why is in their record.' } as const
  }
  return { kind: 'ok', fact: `${plural(done, 'number')} taken off the list.`, text: `${stayed}Why is in the record of each.` } as const
}

const nobodyPicked = (c: Context<AppEnv>) =>
  redirectWithFlash(c, '/unsubscribed', {
    kind: 'info',
    fact: 'Nobody was taken off the list.',
    text: 'Nobody was picked, or they are off it already.',
  })

const addPage = (c: Context<AppEnv>, form: FormState, status: 200 | 422) =>
  page(c, { title: 'Add an opt-out', current: 'unsubscribed', status }, <OptOutFormPage form={form} />)

function giveBackPage(c: Context<AppEnv>, action: string, blocks: BlockRow[], form: FormState, status: 200 | 422) {
  return page(
    c,
    { title: 'Text them again', current: 'unsubscribed', status },
    <GiveBackPage action={action} blocks={blocks} form={form} />,
  )
}
