import type { AuditType } from '../../src/audit/types'
import type { AuditOutcome } from '../../src/db/schema'
import { runJob } from '../../src/jobs'
import { sendForm, written } from '../compose/office'
import { codeAt, secretOn, setUp } from '../second-factor/with-factor'
import { password } from '../support/harness'
import { knownRoutes } from '../support/routes'
import type { Populated } from '../web/populated'

type Fields = Record<string, string>

/** One way of using a route that changes or takes out something, and the event it leaves. */
export type Act = {
  type: AuditType
  outcome?: AuditOutcome
  subject?: string
  /** Where the route's own path does not lead to something it can be done to. */
  path?: string
  fields?: Fields
  /** Sent as a file. */
  file?: string
  /** What has to be done first; it may know the fields, and the path. */
  before?(h: Populated): Promise<{ fields?: Fields; path?: string } | undefined>
}

const fieldsOf = (route: string): Fields => knownRoutes[route]?.fields ?? {}
const people = 'name,phone\nAna,3236300201\n'
const later = { schedule_date: '2026-12-01', schedule_time: '18:00', client_timezone: 'UTC' }
const wrong = 'Wrong-Horse-9-Battery'

const reviewed = (fields: Fields) => async (h: Populated) => ({ fields: await sendOf(h, fields) })

const changed = (fields: Fields) => async (h: Populated) => {
  const answer = await h.admin.post('/scheduled/1/edit', fields)
  return { fields: sendForm(await answer.text()) }
}

async function sendOf(h: Populated, fields: Fields): Promise<Fields> {
  const answer = await h.admin.post('/dashboard/review', { ...written, ...fields })
  return sendForm(await answer.text())
}

/** So many wrong passwords for `username`, typed into `path`. */
const lockedOut = (path: string, fields: Fields) => async (h: Populated) => {
  for (let i = 0; i < 5; i++) await h.admin.post(path, fields)
  return undefined
}

async function strangerLocksNia(h: Populated): Promise<undefined> {
  const stranger = h.createBrowser()
  for (let i = 0; i < 5; i++) await stranger.post('/login', { username: 'nia', password: wrong })
}

async function elsewhere(h: Populated): Promise<undefined> {
  await h.createBrowser().post('/login', { username: 'rosa', password })
}

async function otherSession(h: Populated) {
  await elsewhere(h)
  const id = await h.d1.prepare('SELECT id FROM sessions ORDER BY created_at DESC, rowid DESC LIMIT 1').first<string>('id')
  return { path: `/account/sessions/${id}/revoke` }
}

async function committed(h: Populated): Promise<undefined> {
  await h.admin.post('/imports/1/commit')
  await runJob(h.deps, { type: 'import', importId: 1 })
}

/** What the form of a new sign-in code asks for. */
async function beginSetUp(h: Populated): Promise<Fields> {
  await h.admin.post('/account/second-factor/begin')
  const secret = secretOn(await h.admin.text('/account/second-factor/set-up'))
  return { code: codeAt(secret, h.clock.now), current_password: password }
}

/** Rosa has a sign-in code. */
async function withFactor(h: Populated): Promise<{ code: string; recovery: string }> {
  const { secret, recovery } = await setUp(h, h.admin)
  return { code: codeAt(secret, h.clock.now), recovery: recovery[0] ?? '' }
}

async function askedForCode(h: Populated) {
  const codes = await withFactor(h)
  await h.admin.post('/login', { username: 'rosa', password })
  return codes
}

async function lockedByCodes(h: Populated): Promise<undefined> {
  await askedForCode(h)
  for (let i = 0; i < 5; i++) await h.admin.post('/login/code', { code: '000000' })
}

/** What asks for the password and a code. */
function provenActs(type: AuditType): Act[] {
  const before = (fields: (codes: { code: string; recovery: string }) => Fields) => async (h: Populated) => ({
    fields: { current_password: password, ...fields(await withFactor(h)) },
  })
  return [
    { type, before: before(({ code }) => ({ code })) },
    { type, subject: 'with a recovery code', before: before(({ recovery }) => ({ code: recovery })) },
    { type, outcome: 'failure', subject: 'wrong password', before: before(({ code }) => ({ code, current_password: wrong })) },
    { type, outcome: 'failure', subject: 'wrong code', before: before(() => ({ code: '000000' })) },
  ]
}

/** Of every route that changes something or gives out a file, each thing that can come of it. */
export const acts: Readonly<Record<string, readonly Act[]>> = {
  'POST /login': [
    { type: 'login_success', fields: { username: 'rosa', password } },
    {
      type: 'login_code_asked',
      fields: { username: 'rosa', password },
      before: async (h) => void (await withFactor(h)),
    },
    { type: 'login_failure', outcome: 'failure', fields: { username: 'rosa', password: wrong } },
    {
      type: 'login_blocked',
      outcome: 'blocked',
      fields: { username: 'rosa', password },
      before: lockedOut('/login', { username: 'rosa', password: wrong }),
    },
  ],
  'POST /login/code': [
    { type: 'login_success', before: async (h) => ({ fields: { code: (await askedForCode(h)).code } }) },
    {
      type: 'login_success',
      subject: 'with a recovery code, 9 left',
      before: async (h) => ({ fields: { code: (await askedForCode(h)).recovery } }),
    },
    { type: 'login_failure', outcome: 'failure', subject: 'wrong code', before: async (h) => void (await askedForCode(h)) },
    { type: 'login_blocked', outcome: 'blocked', subject: 'wrong code', before: lockedByCodes },
  ],
  'POST /logout': [{ type: 'logout' }],
  'POST /account/password': [
    {
      type: 'password_changed',
      fields: { current_password: password, new_password: 'Other-Horse-9-Battery', confirm_password: 'Other-Horse-9-Battery' },
    },
    { type: 'password_changed', outcome: 'failure', subject: 'wrong password' },
    {
      type: 'password_changed',
      outcome: 'blocked',
      subject: 'wrong password',
      before: lockedOut('/account/password', fieldsOf('POST /account/password')),
    },
  ],
  'POST /account/sessions/others/revoke': [{ type: 'session_revoked', subject: '1 other session', before: elsewhere }],
  'POST /account/sessions/:id/revoke': [{ type: 'session_revoked', subject: 'A browser we do not know', before: otherSession }],
  'POST /account/second-factor/set-up': [
    { type: 'second_factor_turned_on', before: async (h) => ({ fields: await beginSetUp(h) }) },
    {
      type: 'second_factor_turned_on',
      outcome: 'failure',
      subject: 'wrong password',
      before: async (h) => ({ fields: { ...(await beginSetUp(h)), current_password: wrong } }),
    },
  ],
  'POST /account/second-factor/turn-off': provenActs('second_factor_turned_off'),
  'POST /account/second-factor/recovery-codes': provenActs('recovery_codes_made'),

  'POST /users/add': [
    { type: 'user_created', subject: 'user zoe, social manager', fields: { ...fieldsOf('POST /users/add'), username: 'zoe' } },
  ],
  'POST /users/:id/edit': [
    { type: 'user_updated', subject: 'user nia: social manager to admin', fields: { username: 'nia', role: 'admin' } },
    {
      type: 'admin_password_reset',
      subject: 'user nia',
      fields: { username: 'nia', role: 'social_manager', password: 'Other-Horse-9-Battery' },
    },
  ],
  'POST /users/:id/unlock': [{ type: 'lockout_cleared', subject: 'user nia', before: strangerLocksNia }],
  'POST /users/:id/reset-second-factor': [{ type: 'second_factor_reset', subject: 'user nia' }],
  'POST /users/:id/delete': [{ type: 'user_deleted', subject: 'user nia, social manager' }],

  'POST /dashboard': [
    { type: 'blast_sent', subject: 'blast 5', before: reviewed({}) },
    { type: 'blast_scheduled', subject: 'scheduled message 3', before: reviewed({ schedule_later: '1', ...later }) },
    {
      type: 'series_started',
      subject: 'series 2',
      before: reviewed({ schedule_later: '1', ...later, repeat: 'daily', repeat_count: '3' }),
    },
  ],
  'POST /logs/:id/undo': [{ type: 'blast_undone', subject: 'blast 2', path: '/logs/2/undo' }],
  'POST /logs/:id/pause': [{ type: 'blast_paused', subject: 'blast 1' }],
  'POST /logs/:id/resume': [{ type: 'blast_resumed', subject: 'blast 3', path: '/logs/3/resume' }],
  'POST /logs/:id/cancel': [{ type: 'blast_cancelled', subject: 'blast 1' }],
  'POST /logs/:id/retry': [{ type: 'blast_retried', subject: 'blast 4', path: '/logs/4/retry' }],
  'POST /logs/:id/deliveries/:delivery_id/decide': [
    { type: 'delivery_decided', subject: 'blast 1, arrived', path: '/logs/1/deliveries/3/decide' },
  ],
  'GET /logs/:id/export': [{ type: 'blast_exported', subject: 'blast 1' }],
  'POST /logs/clear': [
    { type: 'logs_cleared', subject: '1 blast', fields: { admin_password: password } },
    { type: 'logs_cleared', outcome: 'failure', subject: 'wrong password' },
  ],

  'POST /scheduled/recurring/:id/end': [{ type: 'series_ended', subject: 'series 1' }],
  'POST /scheduled/bulk-delete': [{ type: 'scheduled_deleted', subject: '1 scheduled message', fields: { scheduled_ids: '1' } }],
  'POST /scheduled/:id/edit': [{ type: 'scheduled_edited', subject: 'scheduled message 1', before: changed({ ...written, ...later }) }],
  'POST /scheduled/:id/cancel': [{ type: 'scheduled_cancelled', subject: 'scheduled message 1' }],
  'POST /scheduled/:id/delete': [{ type: 'scheduled_deleted', subject: 'scheduled message 1' }],

  'POST /community/add': [{ type: 'member_added', subject: 'member 3' }],
  'POST /community/:id/edit': [{ type: 'member_updated', subject: 'member 1' }],
  'POST /community/:id/delete': [{ type: 'members_deleted', subject: 'member 1' }],
  'POST /community/bulk-delete': [{ type: 'members_deleted', subject: '1 member', fields: { member_ids: '1' } }],
  'POST /community/:id/unsubscribe': [{ type: 'member_unsubscribed', subject: 'member 1' }],
  'POST /community/import': [{ type: 'import_uploaded', subject: 'import 2', file: people }],
  'GET /community/export': [{ type: 'members_exported' }],

  'POST /templates/add': [{ type: 'template_created', subject: 'template 2', fields: { name: 'Thanks', message_body: 'Thank you all' } }],
  'POST /templates/:id/edit': [{ type: 'template_updated', subject: 'template 1' }],
  'POST /templates/:id/delete': [{ type: 'template_deleted', subject: 'template 1' }],

  'POST /events/add': [{ type: 'event_created', subject: 'event 2' }],
  'POST /events/:id/edit': [{ type: 'event_updated', subject: 'event 1' }],
  'POST /events/:id/delete': [{ type: 'event_deleted', subject: 'event 1, 1 registration' }],
  'POST /events/bulk-delete': [{ type: 'event_deleted', subject: '1 event, 1 registration', fields: { event_ids: '1' } }],
  'POST /events/:id/register': [{ type: 'registration_added', subject: 'registration 2 of event 1' }],
  'POST /events/:id/unregister/:registration_id': [{ type: 'registration_removed', subject: 'registration 1 of event 1' }],
  'POST /events/:id/registrations/:registration_id/unsubscribe': [
    { type: 'registration_unsubscribed', subject: 'registration 1 of event 1' },
  ],
  'POST /events/:id/import': [
    { type: 'import_uploaded', subject: 'import 2', file: people },
    { type: 'registrations_imported', subject: 'import 2', path: '/imports/2/commit', before: uploaded('/events/1/import') },
  ],
  'GET /events/:id/export': [{ type: 'registrations_exported', subject: 'event 1' }],

  'POST /unsubscribed/add': [{ type: 'opt_out_added', subject: 'number ending 0201' }],
  'POST /unsubscribed/import': [
    { type: 'import_uploaded', subject: 'import 2', file: people },
    { type: 'opt_outs_imported', subject: 'import 2', path: '/imports/2/commit', before: uploaded('/unsubscribed/import') },
  ],
  'POST /unsubscribed/backfill': [{ type: 'suppressions_backfilled', subject: '0 opt-outs, 0 numbers that do not work' }],
  'POST /unsubscribed/bulk-delete': [
    { type: 'opt_outs_reinstated', subject: 'opt-out 1: Asked us', fields: { unsubscribed_ids: '1', reason: 'Asked us' } },
    { type: 'suppressions_lifted', subject: 'suppression 1: Works again', fields: { suppressed_ids: '1', reason: 'Works again' } },
  ],
  'POST /unsubscribed/:id/delete': [{ type: 'opt_outs_reinstated', subject: 'opt-out 1: Asked us' }],
  'POST /unsubscribed/suppressed/:id/delete': [{ type: 'suppressions_lifted', subject: 'suppression 1: Works again' }],
  'GET /unsubscribed/export': [{ type: 'opt_outs_exported' }],

  'POST /imports/:id/commit': [{ type: 'members_imported', subject: 'import 1' }],
  'POST /imports/:id/undo': [{ type: 'import_undone', subject: 'import 1', before: committed }],
  'GET /imports/:id/problems.csv': [{ type: 'import_problems_exported', subject: 'import 1' }],

  'POST /simulator/dials': [{ type: 'simulator_set', subject: 'custom' }],
  'POST /simulator/phones/:phone/reply': [{ type: 'simulator_replied', subject: 'number ending 0142' }],

  'GET /security/events/export': [{ type: 'audit_exported' }],
}

/** Routes that answer a POST and leave nothing in the trail, and why. */
export const silent: Readonly<Record<string, string>> = {
  'POST /account/second-factor/begin': 'A secret that is not in force. What turns it on is recorded.',
  'POST /dashboard/review': 'Shows what would be sent. Nothing is stored.',
  'POST /dashboard/edit': 'Shows the form again. Nothing is stored.',
  'POST /scheduled/:id/edit/again': 'Shows the form again. Nothing is stored.',
  'POST /dashboard/preview': 'Shows the text for one person. Nothing is stored.',
  'POST /templates/keep': 'Asks for a name. Nothing is stored.',
  'POST /webhooks/twilio/status': 'Twilio’s word on a text, in the results of its blast.',
  'POST /webhooks/twilio/inbound': 'The person’s own word, in their consent record.',
}

/** Left by what is done after the answer (tests/alerts). */
export const fromJobs: readonly AuditType[] = ['alert_sent', 'alert_failed']

/** Left by `npm run doctor`, not by a route (tests/cli). */
export const fromTheShell: readonly AuditType[] = ['backup_taken', 'database_restored', 'legacy_imported']

function uploaded(path: string): Act['before'] {
  return async (h) => {
    await h.admin.request(path, { method: 'POST', ...upload(people) })
    await runJob(h.deps, { type: 'import', importId: 2 })
    return undefined
  }
}

export function upload(text: string): { body: FormData; headers: Record<string, string> } {
  const body = new FormData()
  body.set('file', new File([text], 'people.csv'))
  return { body, headers: { 'sec-fetch-site': 'same-origin' } }
}
