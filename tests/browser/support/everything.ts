import { communityMembers, eventRegistrations, events, scheduledMessages, unsubscribedContacts } from '../../../src/db/schema'
import { runJob } from '../../../src/jobs'
import { harvestSupper, seedBlast, times } from '../../blasts/seed'
import { codeAt, setUp } from '../../second-factor/with-factor'
import { origin, password } from '../../support/harness'
import { openPopulated } from '../../web/populated'
import type { Visit } from './visits'

/** One word, as long as any field takes: nothing to break it at. */
const longName = 'Wolfeschlegelsteinhausenbergerdorff'.repeat(3).slice(0, 100)
const longText = `https://example.org/${'harvest-supper-'.repeat(30)} and {first_name|friend}`

export const anybody: readonly Visit[] = ['', '?signed_out', '?password_changed', '?expired', '?next=/logs'].map((query) => ({
  route: 'GET /login',
  path: `/login${query}`,
  status: 200,
}))

/** Somebody with a sign-in code, in the app and on the way in, and what they see. The page of new codes is there once. */
async function openCoded(h: Awaited<ReturnType<typeof openPopulated>>) {
  const inside = await h.signIn('social_manager', 'olu')
  const { secret } = await setUp(h, inside)
  const code = () => codeAt(secret, h.clock.now)
  const asked = h.createBrowser()
  await asked.post('/login', { username: 'olu', password })
  const own = (path: string, status = 200, post?: Record<string, string>): Visit => {
    const at = `/account/second-factor${path}`
    return { route: `${post ? 'POST' : 'GET'} ${at}`, path: at, status, post }
  }
  return {
    inside: inside.jar,
    asked: asked.jar,
    insideVisits: [
      own(''),
      own('/turn-off'),
      own('/turn-off', 422, {}),
      own('/recovery-codes'),
      own('/recovery-codes', 422, { current_password: password, code: '000000' }),
      own('/recovery-codes', 200, { current_password: password, code: code() }),
    ],
    askedVisits: [
      { route: 'GET /login/code', path: '/login/code', status: 200 },
      { route: 'POST /login/code', path: '/login/code', post: { code: '' }, status: 422 },
      { route: 'POST /login/code', path: '/login/code', post: { code: '000000' }, status: 422 },
    ] satisfies Visit[],
  }
}

/** The populated app with every state a blast and an import can be in, and people whose names are as long as can be. */
export async function openEverything() {
  const h = await openPopulated()
  const { deps } = h
  const at = { createdAt: deps.now(), updatedAt: deps.now() }
  const failures = [...times(3, { status: 'failed', errorCode: 21610 }), ...times(2, { status: 'undelivered', errorCode: 30007 })]
  const reached = times(4, { status: 'delivered', parts: 1 })
  await seedBlast(h, { status: 'processing' }, harvestSupper)
  await seedBlast(h, { status: 'paused', pausedBy: 'rosa' }, [...reached, ...times(9, { status: 'queued' })])
  await seedBlast(h, { status: 'paused', pauseCode: 30007 }, [...failures, ...times(9, { status: 'queued' })])
  await seedBlast(h, { status: 'sent' }, [...reached, ...failures])
  await seedBlast(h, { status: 'sent', createdBy: longName, messageBody: longText }, [
    ...reached,
    ...times(3, { status: 'unknown', needsPerson: true, name: longName }),
  ])
  await seedBlast(h, { status: 'failed' }, failures)
  await seedBlast(h, { status: 'cancelled' }, [...reached, ...times(5, { status: 'skipped', skipReason: 'cancelled' })])
  await seedBlast(h, { status: 'cancelled' }, times(5, { status: 'skipped', skipReason: 'undone' }))

  await deps.db.insert(communityMembers).values({ name: longName, phone: '+13235550150', ...at })
  await deps.db.insert(events).values({ title: longName, date: '2026-11-20', ...at })
  await deps.db.insert(eventRegistrations).values({ eventId: 2, name: longName, phone: '+13235550150', ...at })
  const reason = { name: longName, reason: longText.slice(0, 200) }
  await deps.db.insert(unsubscribedContacts).values({ phone: '+13235550150', source: 'inbound', ...reason, createdAt: deps.now() })
  const later = { messageBody: longText, target: 'event', eventId: 2, timeZone: 'Asia/Kathmandu', submissionId: 'long', ...at } as const
  await deps.db.insert(scheduledMessages).values({ ...later, status: 'pending', dueAt: deps.now() + 90_000_000 })
  await deps.db.insert(scheduledMessages).values({ ...later, submissionId: 'old', status: 'expired', dueAt: deps.now() - 90_000_000 })
  await h.addUser(longName, 'social_manager')

  async function upload(content: string, name: string) {
    const body = new FormData()
    body.set('file', new File([content], name))
    const answer = await h.admin.request('/community/import', { method: 'POST', body, headers: { origin } })
    return Number(answer.headers.get('location')?.split('/').at(-1))
  }
  const csv = `name,phone\n${longName},3235550160\nMaria Alvarez,3235550142\nTom,3235550145\nX,1.3E+10\nY,${longName}\n`
  const work = (importId: number) => runJob(deps, { type: 'import', importId })
  const imports = { previewed: 0, committed: 0, undone: 0, reading: 0 }
  for (const state of ['previewed', 'committed', 'undone'] as const) {
    const id = await upload(csv, `${longName}.csv`)
    imports[state] = id
    await work(id)
    if (state === 'previewed') continue
    await h.admin.post(`/imports/${id}/commit`)
    await work(id)
    if (state === 'committed') continue
    await h.admin.post(`/imports/${id}/undo`)
    await work(id)
  }
  imports.reading = await upload(csv, 'waiting.csv')

  const page = (route: string, path: string, post?: Record<string, string>, status = 200): Visit => ({ route, path, post, status })
  const blasts = await deps.db.query.messageLogs.findMany()
  const compose = {
    message_body: 'Hi {first_name|friend}, supper’s at 6.',
    target: 'community',
    include_unsubscribe: '1',
    submission_id: 'submission-1',
  }
  const tomorrow = { schedule_later: '1', schedule_date: '2026-11-24', schedule_time: '18:00', client_timezone: 'Europe/Berlin' }
  const states: Visit[] = [
    ...blasts.map(({ id }) => page('GET /logs/:id', `/logs/${id}`)),
    ...Object.values(imports).map((id) => page('GET /imports/:id', `/imports/${id}`)),
    ...['/community/3/edit', '/community/3/delete', '/events/2', '/events/2/edit', '/events/2/delete', '/events/2/unregister/2'].map(
      (path) => page('GET with a long name', path),
    ),
    ...['/scheduled/3/edit', '/scheduled/3/delete', '/users/3/edit', '/contacts?phone=%2B13235550150', '/dashboard?scheduled=3'].map(
      (path) => page('GET with a long name', path),
    ),
    page('POST /dashboard/review', '/dashboard/review', compose),
    page('POST /dashboard/review', '/dashboard/review', { ...compose, message_body: longText }),
    page('POST /dashboard/review', '/dashboard/review', { ...compose, ...tomorrow }),
    page('POST /dashboard/review', '/dashboard/review', { ...compose, ...tomorrow, repeat: 'weekly', repeat_1: '1', repeat_count: '5' }),
    page('POST /dashboard', '/dashboard', { ...compose, review_token: 'f'.repeat(64), seen: '9-0-0' }, 409),
    page('POST /dashboard/edit', '/dashboard/edit', { ...compose, template: '1', use_template: '1' }),
    page('POST /templates/keep', '/templates/keep', compose),
    page('a page that is not', '/nowhere', undefined, 404),
    page('an act that comes too late', '/logs/4/undo', {}, 409),
  ]
  // The admin is about to set one up.
  await h.admin.post('/account/second-factor/begin')
  return { ...h, states, coded: await openCoded(h) }
}
