import { type Context, Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import { LivePart, SimulatorPage } from '../../templates/simulator/page'
import { formatPhone } from '../../templates/ui/format'
import { NotFound } from '../faults'
import { audit } from '../web/audit'
import type { AppEnv } from '../web/env'
import { redirectWithFlash } from '../web/flash'
import { type FormState, freshForm, readForm } from '../web/form'
import { type ListingState, readListing } from '../web/listing'
import { page } from '../web/page'
import { readDials, saveDials } from './dials'
import { dialsForm, replyForm, toDials, toValues } from './form'
import { specialNumbers } from './numbers'
import { listPhones, type PhonesPage, readTraffic } from './phones'
import { choiceOf, dialsOf } from './presets'
import { replyFrom } from './replies'

export const simulatorRoutes = new Hono<AppEnv>()

const phonesOnPage = 12
const noAnswer = { phone: '', form: freshForm() }
const specials = [...specialNumbers].map(([phone, { words }]) => ({ phone, words }))

/** With a real provider there are no pretend phones. */
const simulatorOnly = createMiddleware<AppEnv>(async (c, next) => {
  if (c.var.deps.sms.name !== 'simulator') throw new NotFound()
  await next()
})

simulatorRoutes.get('/', simulatorOnly, (c) => phonesPage(c, {}))

simulatorRoutes.get('/phones', simulatorOnly, async (c) => c.html(<LivePart {...(await readLive(c, readState(c)))} answer={noAnswer} />))

simulatorRoutes.post('/dials', simulatorOnly, async (c) => {
  const { deps } = c.var
  const form = await readForm(c, dialsForm)
  if (!form.ok) return phonesPage(c, { dials: form })
  const dials = form.value.preset === 'custom' ? toDials(form.value, deps.now()) : dialsOf(form.value.preset, deps.now())
  await saveDials(deps.db, dials)
  await audit(c, 'simulator_set', form.value.preset)
  return redirectWithFlash(c, '/simulator', { kind: 'ok', fact: 'Twilio is set.', text: 'It holds from the next text on.' })
})

simulatorRoutes.post('/phones/:phone/reply', simulatorOnly, async (c) => {
  const { deps } = c.var
  const phone = c.req.param('phone')
  if (!/^\+[1-9]\d{6,14}$/.test(phone)) throw new NotFound()
  const form = await readForm(c, replyForm)
  const search = form.values.search ?? ''
  // The phone alone: among all that a search found it may stand on a later page, and the text typed for it would be gone.
  if (!form.ok) return phonesPage(c, { answer: { phone, form }, search: phone })
  const read = await replyFrom(deps, { phone, body: form.value.body })
  await audit(c, 'simulator_replied', `number ending ${phone.slice(-4)}`)
  const note = { stop: 'No text reaches it until it writes START.', start: 'Texts reach it again.', text: 'The app has it now.' }
  const back = search === '' ? '/simulator' : `/simulator?${new URLSearchParams({ search })}`
  return redirectWithFlash(c, back, { kind: 'ok', fact: `${formatPhone(phone)} answered.`, text: note[read] })
})

function readState(c: Context<AppEnv>): ListingState {
  return { ...readListing(c, { sorts: ['latest'], pageSize: phonesOnPage }), path: '/simulator' }
}

function readAsOf(c: Context<AppEnv>): number {
  const text = c.req.query('as_of') ?? ''
  return /^\d{1,15}$/.test(text) ? Number(text) : 0
}

async function readLive(c: Context<AppEnv>, state: ListingState) {
  const { db } = c.var.deps
  const [list, traffic] = await Promise.all([listPhones(db, { ...state, asOf: readAsOf(c) }), readTraffic(db)])
  return { state, list, traffic } satisfies { state: ListingState; list: PhonesPage; traffic: unknown }
}

type Refused = { dials?: FormState; answer?: { phone: string; form: FormState }; search?: string }

async function phonesPage(c: Context<AppEnv>, { dials, answer = noAnswer, search }: Refused) {
  const { deps } = c.var
  const state = readState(c)
  const [stored, live] = await Promise.all([readDials(deps.db), readLive(c, search === undefined ? state : { ...state, search })])
  const now = deps.now()
  const values = toValues(stored, now)
  const form = dials
    ? { values: { ...(dials.values.preset === 'custom' ? {} : values), ...dials.values }, faults: dials.faults }
    : freshForm(values)
  const status = dials || answer.phone !== '' ? 422 : 200
  return page(
    c,
    { title: 'Pretend phones', current: 'simulator', status },
    <SimulatorPage {...live} answer={answer} choice={choiceOf(stored, now)} dials={form} specials={specials} />,
  )
}
