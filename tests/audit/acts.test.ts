import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { auditTypeNames } from '../../src/audit/types'
import { createHarness } from '../support/harness'
import { knownRoutes, partsOf, routesOf } from '../support/routes'
import { openPopulated, type Populated } from '../web/populated'
import { type Act, acts, fromJobs, fromTheShell, silent, upload } from './acts'

type Event = { event_type: string; outcome: string; username: string; address: string; subject: string }

const trail = ({ deps }: Populated) =>
  deps.db.all<Event>(sql`SELECT event_type, outcome, username, address, subject FROM audit_events ORDER BY id`)

async function perform(h: Populated, route: string, act: Act, ready?: () => Promise<unknown>): Promise<Event[]> {
  const made = await act.before?.(h)
  await ready?.()
  const before = (await trail(h)).length
  const { method, path: pattern } = partsOf(route)
  const path = made?.path ?? act.path ?? h.pathOf(pattern)
  const fields = made?.fields ?? act.fields ?? knownRoutes[route]?.fields
  const answer = await (method === 'GET'
    ? h.admin.get(path)
    : act.file === undefined
      ? h.admin.post(path, fields)
      : h.admin.request(path, { method, ...upload(act.file) }))
  await answer.text()
  return (await trail(h)).slice(before)
}

describe('the audit trail', () => {
  it('is asked of every route that changes something, or is not for a reason that is written down', async () => {
    const { app } = await createHarness()
    const changing = routesOf(app).filter((route) => !route.startsWith('GET '))
    const declared = [...Object.keys(acts).filter((route) => !route.startsWith('GET ')), ...Object.keys(silent)]
    expect(declared.sort()).toEqual(changing.sort())
  })

  it('is asked of every route that gives out a file', async () => {
    const h = await openPopulated()
    const files: string[] = []
    for (const route of routesOf(h.app).filter((each) => each.startsWith('GET '))) {
      const answer = await h.admin.get(h.pathOf(partsOf(route).path))
      await answer.text()
      if (answer.headers.get('content-disposition')?.startsWith('attachment')) files.push(route)
    }
    expect(files.sort()).toEqual(
      Object.keys(acts)
        .filter((route) => route.startsWith('GET '))
        .sort(),
    )
  })

  it('has no kind of event that nothing leaves', () => {
    const left = new Set<string>([...fromTheShell, ...fromJobs, ...Object.values(acts).flatMap((each) => each.map(({ type }) => type))])
    expect(auditTypeNames.filter((type) => !left.has(type))).toEqual([])
  })
})

describe.each(Object.entries(acts))('%s', (route, each) => {
  it.each(each.map((act) => ({ leaves: `${act.type} ${act.outcome ?? 'success'}`, act })))('leaves $leaves', async ({ act }) => {
    const h = await openPopulated()
    const { type, outcome = 'success', subject = '' } = act
    const event = { event_type: type, outcome, username: 'rosa', address: '192.0.2.1', subject }
    expect(await perform(h, route, act)).toEqual([event])
  })
})

it.each(Object.keys(silent).filter((route) => route.startsWith('POST /dashboard')))('%s leaves nothing', async (route) => {
  const h = await openPopulated()
  expect(await perform(h, route, { type: 'blast_sent' })).toEqual([])
})

/** Of each route whose act is recorded in the batch that does it, or before it begins: what it changes. */
const together: Readonly<Record<string, string>> = {
  'POST /login': 'SELECT id FROM sessions',
  'POST /login/code': 'SELECT id FROM sessions',
  'POST /account/password': 'SELECT password_hash FROM users',
  'POST /account/second-factor/set-up': 'SELECT second_factor_secret FROM users',
  'POST /account/second-factor/turn-off': 'SELECT second_factor_secret FROM users',
  'POST /account/second-factor/recovery-codes': 'SELECT code_hash FROM recovery_codes',
  'POST /dashboard':
    'SELECT submission_id FROM message_logs UNION SELECT submission_id FROM scheduled_messages UNION SELECT submission_id FROM recurring_schedules',
  'POST /logs/:id/undo': 'SELECT status FROM message_logs',
  'POST /logs/:id/pause': 'SELECT status FROM message_logs',
  'POST /logs/:id/resume': 'SELECT status FROM message_logs',
  'POST /logs/:id/cancel': 'SELECT status FROM message_logs',
  'POST /logs/:id/retry': 'SELECT status FROM message_logs',
  'POST /logs/:id/deliveries/:delivery_id/decide': 'SELECT id, status FROM message_deliveries',
  'POST /users/add': 'SELECT username FROM users',
  'POST /users/:id/edit': 'SELECT role, password_hash FROM users',
  'POST /users/:id/reset-second-factor': 'SELECT second_factor_secret FROM users',
  'POST /users/:id/delete': 'SELECT username FROM users',
}

describe.each(Object.entries(together))('%s, which cannot be recorded,', (route, what) => {
  const done = (acts[route] ?? []).filter(
    ({ outcome, subject = '' }) => outcome === undefined && !subject.startsWith('with a recovery code'),
  )
  it.each(done)('is not done: $type', async (act) => {
    const h = await openPopulated()
    const state = async () => (await h.d1.prepare(what).all()).results
    let before: unknown[] = []
    const events = await perform(h, route, act, async () => {
      before = await state()
      await h.d1.prepare("CREATE TRIGGER full BEFORE INSERT ON audit_events BEGIN SELECT RAISE(ABORT, 'disk full'); END").run()
    })
    expect(events).toEqual([])
    expect(await state()).toEqual(before)
    expect(h.logged.filter(({ event }) => event === 'request failed')).toHaveLength(1)
  })
})

it('a blast whose sender could not be nudged is recorded: it goes out a minute later', async () => {
  const h = await openPopulated()
  const [act] = acts['POST /dashboard'] ?? []
  if (!act) throw new Error('no such act')
  const events = await perform(h, 'POST /dashboard', act, async () => {
    h.deps.queue.send = () => Promise.reject(new Error('the queue is down'))
  })
  expect(events).toMatchObject([{ event_type: 'blast_sent', username: 'rosa', subject: 'blast 5' }])
})
