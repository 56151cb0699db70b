import type { Hono } from 'hono'
import type { AppEnv } from '../../src/web/env'

/** `signed`: for everybody, but Twilio's signature is asked for. */
export type Expected = 'public' | 'signed' | 'staff' | 'admin'

export type KnownRoute = {
  access: Expected
  /** What a form of ours sends, field by field. */
  fields?: Record<string, string>
  /** Fields of typed text, which a refused form shows again. */
  shownAgain?: readonly string[]
  /** What the address may hold behind `?`. */
  query?: readonly string[]
}

const list = ['search', 'page', 'sort', 'dir']
const person = { fields: { name: 'Ana Lopez', phone: '(323) 630-0201' }, shownAgain: ['name', 'phone'] }
const compose = {
  fields: {
    message_body: 'Hi {first_name|friend}, supper at 6.',
    target: 'community',
    event_id: '1',
    test_mode: '',
    include_unsubscribe: '1',
    schedule_later: '',
    schedule_date: '2026-12-01',
    schedule_time: '18:00',
    client_timezone: 'America/Los_Angeles',
    schedule_fold: 'first',
    repeat: 'weekly',
    repeat_month_day: '31',
    repeat_until: '2027-12-31',
    repeat_count: '5',
    repeat_1: '1',
    repeat_2: '',
    repeat_3: '',
    repeat_4: '',
    repeat_5: '',
    repeat_6: '',
    repeat_7: '1',
    only: 'quiet',
    submission_id: 'submission-1',
    review_token: 'f'.repeat(64),
    seen: '3-0-0',
    search: 'Ana',
    page: '1',
    template_id: '1',
    template: '1',
  },
  shownAgain: ['message_body'],
}
const pick = (...names: (keyof typeof compose.fields)[]) => Object.fromEntries(names.map((name) => [name, compose.fields[name]]))
const { repeat, repeat_month_day, repeat_until, repeat_count, repeat_1, repeat_7, ...once } = compose.fields
const { repeat_2, repeat_3, repeat_4, repeat_5, repeat_6, schedule_date, schedule_time, client_timezone, schedule_fold, ...now } = once
const later = { schedule_later: '1', schedule_date, schedule_time, client_timezone, schedule_fold }
const repeated = { repeat, repeat_month_day, repeat_until, repeat_count, repeat_1, repeat_7 }
const event = { fields: { title: 'Harvest Supper', date: '2026-12-01' }, shownAgain: ['title', 'date'] }
const template = {
  fields: { name: 'Reminder', ...pick('message_body', 'target', 'event_id'), ...later, keep: '' },
  shownAgain: ['name', 'message_body'],
}
const user = {
  fields: { username: 'nia', role: 'social_manager', password: 'Other-Horse-9-Battery', phone: '3235550142', must_change_password: '1' },
  shownAgain: ['username', 'phone'],
}
const proof = { current_password: 'Wrong-Horse-9-Battery', code: '000000' }
const dials = {
  preset: 'custom',
  latency_ms: '20',
  unreachable: '0',
  lost_before: '0',
  lost_after: '0',
  server_errors: '0',
  undeliverable: '0',
  busy_seconds: '0',
  receipt_seconds: '2',
  receipts: 'in_order',
  doubled: '1',
  refuses_sender: '',
}

/** Every route of the product: who may use it, and what it reads. */
export const knownRoutes: Readonly<Record<string, KnownRoute>> = {
  'GET /health': { access: 'public' },
  'GET /static/:version/*': { access: 'public' },
  'POST /webhooks/twilio/status': {
    access: 'signed',
    fields: { MessageSid: 'SM1', MessageStatus: 'delivered', ErrorCode: '30003', To: '+13235550142' },
    query: ['delivery', 'attempt'],
  },
  'POST /webhooks/twilio/inbound': {
    access: 'signed',
    fields: { MessageSid: 'SM2', From: '+13235550142', Body: 'STOP', OptOutType: 'STOP' },
  },

  'GET /login': { access: 'public', query: ['next', 'signed_out', 'password_changed', 'expired'] },
  'POST /login': {
    access: 'public',
    fields: { username: 'rosa', password: 'Wrong-Horse-9-Battery', remember: '1', next: '/logs' },
    shownAgain: ['username'],
  },
  'GET /login/code': { access: 'public' },
  'POST /login/code': { access: 'public', fields: { code: '000000' } },
  'POST /logout': { access: 'public' },

  'GET /': { access: 'staff' },
  'GET /dashboard': {
    access: 'staff',
    query: ['from', 'event', 'scheduled', 'series', 'template', 'target', 'event_id', 'schedule_date', 'template_id'],
  },
  'GET /dashboard/review': { access: 'staff' },
  'POST /dashboard': { access: 'staff', ...compose, fields: now },
  'POST /dashboard/review': { access: 'staff', ...compose, fields: { ...pick('message_body', 'target'), ...later, ...repeated } },
  'POST /dashboard/edit': {
    access: 'staff',
    ...compose,
    fields: { ...pick('message_body', 'event_id', 'template_id', 'template'), plain: '1', use_template: 'empty' },
  },
  'POST /dashboard/preview': {
    access: 'staff',
    fields: { ...pick('message_body', 'event_id'), person: '0', next: '' },
    query: ['of'],
  },

  'GET /logs': { access: 'staff', query: [...list, 'status'] },
  'GET /logs/clear': { access: 'admin' },
  'POST /logs/clear': { access: 'admin', fields: { admin_password: 'Wrong-Horse-9-Battery' } },
  'GET /logs/status': { access: 'staff', query: ['ids'] },
  'GET /logs/:id': { access: 'staff', query: [...list, 'status', 'decide', 'at', 'handled'] },
  'GET /logs/:id/progress': { access: 'staff', query: ['decide', 'at', 'handled'] },
  'GET /logs/:id/export': { access: 'staff' },
  'POST /logs/:id/undo': { access: 'staff' },
  'POST /logs/:id/pause': { access: 'staff' },
  'POST /logs/:id/resume': { access: 'staff' },
  'POST /logs/:id/cancel': { access: 'staff' },
  'POST /logs/:id/retry': { access: 'staff' },
  'POST /logs/:id/deliveries/:delivery_id/decide': { access: 'staff', fields: { decision: 'arrived' } },

  'GET /scheduled': { access: 'staff', query: [...list, 'show'] },
  'GET /scheduled/status': { access: 'staff' },
  'GET /scheduled/recurring': { access: 'staff' },
  'GET /scheduled/recurring/:id/end': { access: 'staff' },
  'POST /scheduled/recurring/:id/end': { access: 'staff' },
  'GET /scheduled/bulk-delete': { access: 'staff', query: ['scheduled_ids'] },
  'POST /scheduled/bulk-delete': { access: 'staff', fields: { scheduled_ids: '999999' } },
  'GET /scheduled/:id/edit': { access: 'staff' },
  'POST /scheduled/:id/edit': {
    access: 'staff',
    ...compose,
    fields: { ...pick('message_body', 'target', 'event_id'), ...later, version: '1' },
  },
  'POST /scheduled/:id/edit/again': { access: 'staff', ...compose, fields: { ...pick('message_body', 'target'), ...later } },
  'POST /scheduled/:id/cancel': { access: 'staff' },
  'GET /scheduled/:id/delete': { access: 'staff' },
  'POST /scheduled/:id/delete': { access: 'staff' },

  'GET /templates': { access: 'staff', query: list },
  'GET /templates/add': { access: 'staff' },
  'POST /templates/add': { access: 'staff', ...template },
  'POST /templates/keep': { access: 'staff', ...compose, fields: { ...pick('message_body', 'target', 'template_id'), ...later } },
  'GET /templates/:id/edit': { access: 'staff' },
  'POST /templates/:id/edit': { access: 'staff', ...template },
  'GET /templates/:id/delete': { access: 'staff' },
  'POST /templates/:id/delete': { access: 'staff' },

  'GET /community': { access: 'staff', query: [...list, 'texts'] },
  'POST /community/:id/unsubscribe': { access: 'staff' },
  'GET /community/add': { access: 'admin' },
  'POST /community/add': { access: 'admin', ...person },
  'GET /community/:id/edit': { access: 'admin' },
  'POST /community/:id/edit': { access: 'admin', ...person },
  'GET /community/:id/delete': { access: 'admin' },
  'POST /community/:id/delete': { access: 'admin' },
  'GET /community/bulk-delete': { access: 'admin', query: ['member_ids'] },
  'POST /community/bulk-delete': { access: 'admin', fields: { member_ids: '999999' } },
  'GET /community/export': { access: 'admin' },
  'GET /community/import': { access: 'admin' },
  'POST /community/import': { access: 'admin', fields: { file: 'name,phone\nAna,3236300201\n' } },

  'GET /events': { access: 'staff', query: [...list, 'when'] },
  'GET /events/add': { access: 'staff' },
  'POST /events/add': { access: 'staff', ...event },
  'GET /events/:id': { access: 'staff', query: [...list, 'texts'] },
  'GET /events/:id/edit': { access: 'staff' },
  'POST /events/:id/edit': { access: 'staff', ...event },
  'GET /events/:id/delete': { access: 'admin' },
  'POST /events/:id/delete': { access: 'admin' },
  'GET /events/bulk-delete': { access: 'admin', query: ['event_ids'] },
  'POST /events/bulk-delete': { access: 'admin', fields: { event_ids: '999999' } },
  'POST /events/:id/register': { access: 'staff', ...person },
  'GET /events/:id/unregister/:registration_id': { access: 'staff' },
  'POST /events/:id/unregister/:registration_id': { access: 'staff' },
  'POST /events/:id/registrations/:registration_id/unsubscribe': { access: 'staff' },
  'GET /events/:id/import': { access: 'staff' },
  'POST /events/:id/import': { access: 'staff', fields: { file: 'name,phone\nAna,3236300201\n' } },
  'GET /events/:id/export': { access: 'staff' },

  'GET /unsubscribed': { access: 'admin', query: [...list, 'kind'] },
  'GET /unsubscribed/add': { access: 'admin' },
  'POST /unsubscribed/add': { access: 'admin', fields: { ...person.fields, reason: 'Called us' }, shownAgain: ['name', 'phone', 'reason'] },
  'GET /unsubscribed/import': { access: 'admin' },
  'POST /unsubscribed/import': { access: 'admin', fields: { file: 'name,phone\nAna,3236300201\n' } },
  'GET /unsubscribed/export': { access: 'admin' },
  'GET /unsubscribed/backfill': { access: 'admin' },
  'POST /unsubscribed/backfill': { access: 'admin' },
  'GET /unsubscribed/bulk-delete': { access: 'admin', query: ['unsubscribed_ids', 'suppressed_ids'] },
  'POST /unsubscribed/bulk-delete': {
    access: 'admin',
    fields: { unsubscribed_ids: '999999', suppressed_ids: '999999', reason: 'Asked us' },
  },
  'GET /unsubscribed/:id/delete': { access: 'admin' },
  'POST /unsubscribed/:id/delete': { access: 'admin', fields: { reason: 'Asked us' } },
  'GET /unsubscribed/suppressed/:id/delete': { access: 'admin' },
  'POST /unsubscribed/suppressed/:id/delete': { access: 'admin', fields: { reason: 'Works again' } },
  'GET /contacts': { access: 'staff', query: ['search', 'page', 'phone'] },

  'GET /imports/:id': { access: 'staff', query: ['show', 'page'] },
  'POST /imports/:id/commit': { access: 'staff' },
  'POST /imports/:id/undo': { access: 'staff' },
  'GET /imports/:id/problems.csv': { access: 'staff' },

  'GET /account/password': { access: 'staff' },
  'POST /account/password': {
    access: 'staff',
    fields: { current_password: 'Wrong-Horse-9-Battery', new_password: 'Other-Horse-9-Battery', confirm_password: 'Other-Horse-9-Battery' },
  },
  'GET /account/sessions': { access: 'staff' },
  'POST /account/sessions/others/revoke': { access: 'staff' },
  'POST /account/sessions/:id/revoke': { access: 'staff' },
  'GET /account/second-factor': { access: 'staff' },
  'POST /account/second-factor/begin': { access: 'staff' },
  'GET /account/second-factor/set-up': { access: 'staff' },
  'POST /account/second-factor/set-up': { access: 'staff', fields: proof },
  'GET /account/second-factor/turn-off': { access: 'staff' },
  'POST /account/second-factor/turn-off': { access: 'staff', fields: proof },
  'GET /account/second-factor/recovery-codes': { access: 'staff' },
  'POST /account/second-factor/recovery-codes': { access: 'staff', fields: proof },

  'GET /users': { access: 'admin', query: [...list, 'role'] },
  'GET /users/add': { access: 'admin' },
  'POST /users/add': { access: 'admin', ...user },
  'GET /users/:id/edit': { access: 'admin' },
  'POST /users/:id/edit': { access: 'admin', ...user },
  'POST /users/:id/unlock': { access: 'admin' },
  'GET /users/:id/reset-second-factor': { access: 'admin' },
  'POST /users/:id/reset-second-factor': { access: 'admin' },
  'GET /users/:id/delete': { access: 'admin' },
  'POST /users/:id/delete': { access: 'admin' },

  'GET /security/events': { access: 'admin', query: [...list, 'username', 'event_type', 'outcome', 'date_from', 'date_to'] },
  'GET /security/events/export': { access: 'admin', query: ['username', 'event_type', 'outcome', 'date_from', 'date_to'] },

  'GET /simulator': { access: 'staff', query: [...list, 'as_of'] },
  'GET /simulator/phones': { access: 'staff', query: [...list, 'as_of'] },
  'POST /simulator/dials': { access: 'staff', fields: dials, shownAgain: ['latency_ms', 'unreachable'] },
  'POST /simulator/phones/:phone/reply': { access: 'staff', fields: { body: 'On my way', search: 'Ana' }, shownAgain: ['body'] },
}

/** `POST /community/:id/edit`, once each, as the app itself has them; middleware is none of them. */
export function routesOf(app: Hono<AppEnv>): string[] {
  const isMiddleware = ({ method, path }: { method: string; path: string }) => method === 'ALL' && path.endsWith('*')
  return [...new Set(app.routes.filter((route) => !isMiddleware(route)).map(({ method, path }) => `${method} ${path}`))]
}

/** `POST /community/:id/edit` in its two parts. */
export function partsOf(route: string): { method: string; path: string } {
  const [method = '', path = ''] = route.split(' ')
  return { method, path }
}

/** The path with its parameters filled in; a `*` at the end is one of them. */
export const fillPath = (path: string, paramOf: (name: string) => string): string =>
  path.replace(/:(\w+)|\*$/g, (_, name) => paramOf(name ?? '*'))
