import { type Context, Hono } from 'hono'
import { LiveAnswer } from '../../templates/compose/live'
import { ruleWords } from '../../templates/schedule/words'
import { plural, weekdayTime } from '../../templates/ui/format'
import { createBlast } from '../blasts/blasts'
import { calendarDay } from '../dashboard/trend'
import { findPicked, markUsed } from '../message-templates/message-templates'
import type { Later } from '../schedule/later'
import { forbiddenAt } from '../schedule/quiet-hours'
import { repeatText } from '../schedule/recurring'
import { schedule } from '../schedule/scheduled'
import { replaceCulprits } from '../sms/segments'
import { trailOfNew } from '../web/audit'
import { currentUser } from '../web/auth'
import type { AppEnv } from '../web/env'
import { redirectWithFlash, setFlash } from '../web/flash'
import { type FormState, type FormValues, freshForm, readForm } from '../web/form'
import { takeText } from '../web/kept-text'
import { findEvent } from './draft'
import { findSubmission, isSamePress, readEarlier } from './earlier'
import { type ComposeFields, composeForm, editForm, freshValues, keptValues, previewForm, shownValues, testValues } from './form'
import { composePage, useTemplate, withTemplate } from './form-page'
import { type Prepared, prepare } from './prepare'
import { previewOf } from './preview'
import { reviewPage } from './review-page'
import { reviewToken } from './token'

export const composeRoutes = new Hono<AppEnv>()

composeRoutes.get('/', async (c) => {
  const { db, config, now } = c.var.deps
  const query = c.req.query()
  const kept = asksForText(query) ? null : await takeText(c)
  if (kept) return backInTheBox(c, kept)
  const earlier = await readEarlier({ db, now }, query)
  const event = await findEvent({ db }, query.event ?? '')
  const fresh = event ? { ...freshValues, target: 'event', event_id: String(event.id) } : freshValues
  if (query.test === '1') return composePage(c, freshForm({ ...tomorrow(now(), config.timeZone), ...testValues }))
  const template = await findPicked({ db }, query.template ?? '')
  const values = template ? withTemplate(query.target === undefined ? fresh : keptValues(query), template) : (earlier ?? fresh)
  return composePage(c, freshForm({ ...tomorrow(now(), config.timeZone), ...values }))
})

/** Of an earlier text, or one to begin with: what was kept waits until nothing else is asked for. */
const asksForText = (query: FormValues): boolean => ['from', 'scheduled', 'series', 'template', 'test'].some((name) => name in query)

function backInTheBox(c: Context<AppEnv>, kept: FormValues) {
  setFlash(c, { kind: 'info', fact: 'Your text is back in the box.', text: 'You had been signed out meanwhile. Nothing was sent.' })
  return composePage(c, freshForm(shownValues(composeForm.parse(kept))))
}

composeRoutes.get('/review', (c) => c.redirect('/dashboard', 303))

composeRoutes.post('/edit', async (c) => {
  const form = await readForm(c, editForm)
  const fields = form.ok ? form.value : editForm.parse({})
  const values = shownValues(fields)
  if (fields.use_template !== '') return useTemplate(c, values, fields)
  return composePage(c, freshForm(fields.plain ? { ...values, message_body: replaceCulprits(fields.message_body) } : values))
})

composeRoutes.post('/preview', async (c) => {
  const { deps } = c.var
  const form = await readForm(c, previewForm)
  if (!form.ok) return c.body(null, 204)
  const preview = await previewOf(deps, form.value)
  const props = { preview, sender: deps.sms.sender, now: deps.now(), timeZone: deps.config.timeZone }
  return c.html(<LiveAnswer {...props} mends={c.req.query('of') !== 'template'} />)
})

composeRoutes.post('/review', async (c) => {
  const fields = await readFields(c)
  const prepared = await prepare(c.var.deps, fields)
  return prepared.ok ? review(c, fields, prepared) : refused(c, fields, prepared.faults)
})

composeRoutes.post('/', async (c) => {
  const { deps } = c.var
  const fields = await readFields(c)
  const prepared = await prepare(deps, fields)
  if (fields.review_token === '' || fields.submission_id === '') {
    return prepared.ok ? review(c, fields, prepared) : refused(c, fields, prepared.faults)
  }
  const made = await findSubmission(deps.db, fields.submission_id)
  // A second press after the audience changed, or the event is gone, is still the first press.
  if (made && (prepared.ok ? isSamePress(made, prepared.draft) : !made.off)) {
    return made.kind === 'blast' ? pressedTwice(c, made.id) : scheduledTwice(c)
  }
  if (!prepared.ok) return refused(c, fields, prepared.faults)
  if (made) return reviewPage(c, asAnother(fields), prepared, 409)
  if (fields.review_token !== (await reviewToken(deps, prepared.draft, prepared.counts))) return reviewPage(c, fields, prepared, 409)
  const { audience, later } = prepared.draft
  if (await forbiddenAt(deps, audience, later?.at ?? deps.now())) return reviewPage(c, fields, prepared, 422)
  return prepared.draft.later ? sendLater(c, fields, prepared, prepared.draft.later) : send(c, fields, prepared)
})

/** A form that was pressed already stays that press, also when its page comes again by Back and Reload; with another text in it, it is another one. */
async function review(c: Context<AppEnv>, fields: ComposeFields, prepared: Prepared) {
  const made = await findSubmission(c.var.deps.db, fields.submission_id)
  return reviewPage(c, made && !isSamePress(made, prepared.draft) ? asAnother(fields) : fields, prepared)
}

const asAnother = (fields: ComposeFields): ComposeFields => ({ ...fields, submission_id: '' })

async function send(c: Context<AppEnv>, fields: ComposeFields, prepared: Prepared) {
  const { deps } = c.var
  const { draft, counts } = prepared
  const user = currentUser(c)
  const result = await createBlast(deps, {
    messageBody: draft.body,
    audience: draft.audience,
    includeUnsubscribe: draft.includeUnsubscribe,
    submissionId: fields.submission_id,
    fingerprint: counts.fingerprint,
    excluded: counts,
    createdBy: user.username,
    trail: trailOfNew(c, 'blast_sent', 'blast'),
  })
  if (result.kind === 'already') return pressedTwice(c, result.id)
  if (result.kind === 'changed') {
    const again = await prepare(deps, fields)
    return again.ok ? reviewPage(c, fields, again, 409) : refused(c, fields, again.faults)
  }
  await markUsed(deps, fields.template_id, user.username)
  return redirectWithFlash(c, `/logs/${result.id}`, {
    kind: 'ok',
    fact: `Your text for ${plural(counts.people, 'person', 'people')} is stored.`,
    text: 'It goes out by itself, even if you leave this page.',
  })
}

const pressedTwice = (c: Context<AppEnv>, id: number) =>
  redirectWithFlash(c, `/logs/${id}`, { kind: 'info', fact: 'This is your earlier send.', text: 'You pressed twice; it went out once.' })

async function sendLater(c: Context<AppEnv>, fields: ComposeFields, { draft, counts }: Prepared, { at, timeZone, rule }: Later) {
  const { deps } = c.var
  const user = currentUser(c)
  const { body: messageBody, audience, includeUnsubscribe } = draft
  const text = { messageBody, audience, includeUnsubscribe, submissionId: fields.submission_id, createdBy: user.username }
  const result = rule
    ? await repeatText(deps, { ...text, rule, trail: trailOfNew(c, 'series_started', 'series') })
    : await schedule(deps, { ...text, at, timeZone, trail: trailOfNew(c, 'blast_scheduled', 'scheduled message') })
  if (result.kind === 'already') return scheduledTwice(c)
  await markUsed(deps, fields.template_id, user.username)
  const clock = { timeZone, now: deps.now() }
  const people = plural(counts.people, 'person', 'people')
  return redirectWithFlash(c, '/scheduled', {
    kind: 'ok',
    fact: rule ? `Scheduled: ${ruleWords(rule, clock)}.` : `Scheduled for ${weekdayTime(at, clock)}.`,
    text: `Who gets it is decided ${rule ? 'each time ' : ''}when it starts sending: ${people} as of now.`,
  })
}

const scheduledTwice = (c: Context<AppEnv>) =>
  redirectWithFlash(c, '/scheduled', { kind: 'info', fact: 'This is scheduled already.', text: 'You pressed twice; it goes out once.' })

/** Where somebody who ticks “Send later” begins. */
const tomorrow = (now: number, timeZone: string) => ({ schedule_date: calendarDay(now + 86_400_000, timeZone), schedule_time: '10:00' })

/** The schema takes anything, so there are no faults of its own. */
async function readFields(c: Context<AppEnv>): Promise<ComposeFields> {
  const form = await readForm(c, composeForm)
  return form.ok ? form.value : composeForm.parse({})
}

const refused = (c: Context<AppEnv>, fields: ComposeFields, faults: FormState['faults']) =>
  composePage(c, { values: shownValues(fields), faults }, 422)
