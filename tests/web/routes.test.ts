import { describe, expect, it } from 'vitest'
import { runtime } from '#host'
import { createHarness, origin } from '../support/harness'
import { type Expected, knownRoutes, partsOf, routesOf } from '../support/routes'
import { openPopulated, type Populated } from './populated'

const routes = Object.entries(knownRoutes).map(([route, { access }]) => ({ route, access, ...partsOf(route) }))
const guarded = routes.filter(({ access }) => access === 'staff' || access === 'admin')

/** What a form without a field answers, so that little is changed by asking. */
function ask(h: Populated, { method, path }: { method: string; path: string }, cookie = '', headers: Record<string, string> = {}) {
  const init = { method, headers: { origin, cookie, ...headers } }
  return h.app.request(`${origin}${h.pathOf(path)}`, init)
}

const cookieOf = (jar: Map<string, string>) => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')

/** A cookie of its own for every question: some end the session they are asked in. */
async function cookieFor(h: Populated, role: 'admin' | 'social_manager') {
  return cookieOf((await h.signIn(role)).jar)
}

it('every route of the app is in the table, and the table holds no other', async () => {
  const { app } = await createHarness()
  expect(routesOf(app).sort()).toEqual(Object.keys(knownRoutes).sort())
})

describe('nobody', () => {
  it('is led to sign in from every route that is not public, and back to pages', async () => {
    const h = await openPopulated()
    for (const route of guarded) {
      const answer = await ask(h, route)
      const path = h.pathOf(route.path)
      const back = route.method === 'GET' ? `?next=${encodeURIComponent(path)}` : ''
      expect([route.route, answer.status, answer.headers.get('location')]).toEqual([route.route, 303, `/login${back}`])
      expect(await answer.text()).toBe('')
    }
  })

  it('is told so by 401 where a page asks in the background', async () => {
    const h = await openPopulated()
    for (const route of guarded) {
      const answer = await ask(h, route, '', { 'hx-request': 'true' })
      expect([route.route, answer.status, answer.headers.get('hx-redirect')]).toEqual([route.route, 401, '/login'])
    }
  })

  it('changes nothing by trying', async () => {
    const h = await openPopulated()
    const before = await dump(h)
    for (const route of guarded) await ask(h, route)
    expect(await dump(h)).toEqual(before)
  })

  it('gets in nowhere with a cookie that was made up', async () => {
    const h = await openPopulated()
    for (const value of ['1', 'token-1', '%', 'x'.repeat(4000), "' OR 1=1 --", 'null', '../../etc/passwd']) {
      const answer = await ask(h, { method: 'GET', path: '/community' }, `sms_admin_session=${value}`)
      expect([value, answer.status]).toEqual([value, 303])
    }
  })
})

const roles: Record<'social_manager' | 'admin', readonly Expected[]> = {
  social_manager: ['public', 'staff'],
  admin: ['public', 'staff', 'admin'],
}

it('social_manager is refused, in words, what is an admin’s, and the log knows it', async () => {
  const h = await openPopulated()
  const cookie = await cookieFor(h, 'social_manager')
  const before = await dump(h)
  const theirs = routes.filter(({ access }) => access === 'admin')
  for (const { route, ...parts } of theirs) {
    const answer = await ask(h, parts, cookie)
    expect([route, answer.status]).toEqual([route, 403])
    expect(await answer.text()).toContain('Your role cannot do this')
  }
  expect(h.logged.filter(({ event }) => event === 'request beyond a role refused')).toHaveLength(theirs.length)
  expect(await dump(h)).toEqual(before)
})

describe.each(['social_manager', 'admin'] as const)('%s', (role) => {
  const allowed = routes.filter(({ access }) => roles[role].includes(access))

  it('is let in where the table says so', async () => {
    const h = await openPopulated()
    for (const { route, method, path } of allowed) {
      // Of an import it depends on its kind, too: see below.
      const answer = await ask(h, { method, path: path.replace('/imports/:id', '/imports/999999') }, await cookieFor(h, role))
      expect({ route, let: answer.status !== 401 && answer.status !== 403 && answer.status < 500 }).toEqual({ route, let: true })
    }
  })
})

it('a HEAD asks for the same role as its GET', async () => {
  const h = await openPopulated()
  const cookie = await cookieFor(h, 'social_manager')
  for (const { path, access, route } of routes.filter(({ method }) => method === 'GET')) {
    if (access !== 'staff' && access !== 'admin') continue
    expect([route, (await ask(h, { method: 'HEAD', path })).status]).toEqual([route, 303])
    if (access === 'admin') expect([route, (await ask(h, { method: 'HEAD', path }, cookie)).status]).toEqual([route, 403])
  }
})

/** Before a role is asked for, on D1 as on Node: one of the two must do there. */
const waiting = runtime === 'node' ? (['social_manager', 'admin'] as const) : (['admin'] as const)

describe.each(waiting)('a %s who has to change the password', (role) => {
  const elsewhere = guarded.filter(({ path }) => path !== '/account/password')

  async function openWaiting() {
    const h = await openPopulated()
    const cookie = await cookieFor(h, role)
    await h.d1.prepare('UPDATE users SET must_change_password = 1').run()
    return { h, cookie }
  }

  it('is led there from everywhere, also from where their role may not go, and changes nothing', async () => {
    const { h, cookie } = await openWaiting()
    const before = await dump(h)
    for (const route of elsewhere) {
      const answer = await ask(h, route, cookie)
      expect([route.route, answer.status, answer.headers.get('location')]).toEqual([route.route, 303, '/account/password'])
      expect(await answer.text()).toBe('')
    }
    expect(await dump(h)).toEqual(before)
  })

  it('is told so by 403 where a page asks in the background', async () => {
    const { h, cookie } = await openWaiting()
    for (const route of elsewhere) {
      const answer = await ask(h, route, cookie, { 'hx-request': 'true' })
      expect([route.route, answer.status, answer.headers.get('hx-redirect')]).toEqual([route.route, 403, '/account/password'])
    }
  })

  it('is let in where they change it, and where everybody is', async () => {
    const { h } = await openWaiting()
    for (const { route, ...parts } of routes.filter(({ access, path }) => access === 'public' || path === '/account/password')) {
      const cookie = await cookieFor(h, role)
      await h.d1.prepare('UPDATE users SET must_change_password = 1').run()
      const answer = await ask(h, parts, cookie)
      const refused = [401, 403].includes(answer.status) || answer.headers.get('location') === '/account/password'
      expect({ route, let: !refused && answer.status < 500 }).toEqual({ route, let: true })
    }
  })
})

describe.each(waiting)('a %s who has to set up a second factor', (role) => {
  const there = '/account/second-factor'
  const isThere = (path: string) => path === there || path.startsWith(`${there}/`)
  const elsewhere = guarded.filter(({ path }) => !isThere(path))
  const openRequired = () => openPopulated({ REQUIRE_SECOND_FACTOR: '1' })

  it('is led there from everywhere, also from where their role may not go, and changes nothing', async () => {
    const h = await openRequired()
    const cookie = await cookieFor(h, role)
    const before = await dump(h)
    for (const route of elsewhere) {
      const answer = await ask(h, route, cookie)
      expect([route.route, answer.status, answer.headers.get('location')]).toEqual([route.route, 303, there])
      expect(await answer.text()).toBe('')
      const inBackground = await ask(h, route, cookie, { 'hx-request': 'true' })
      expect([route.route, inBackground.status, inBackground.headers.get('hx-redirect')]).toEqual([route.route, 403, there])
    }
    expect(await dump(h)).toEqual(before)
  })

  it('is let in where they set it up, and where everybody is', async () => {
    const h = await openRequired()
    for (const { route, ...parts } of routes.filter(({ access, path }) => access === 'public' || isThere(path))) {
      const answer = await ask(h, parts, await cookieFor(h, role))
      expect({ route, let: ![401, 403].includes(answer.status) && answer.status < 500 }).toEqual({ route, let: true })
    }
  })
})

it('the webhooks take nothing without a signature, from whoever it is', async () => {
  const h = await openPopulated({ TWILIO_AUTH_TOKEN: 'fake-auth-token' })
  const admin = await cookieFor(h, 'admin')
  const before = await dump(h)
  for (const route of routes.filter(({ access }) => access === 'signed')) {
    for (const signature of ['', 'x', '=', 'x'.repeat(10_000)]) {
      for (const cookie of ['', admin]) {
        const answer = await ask(h, route, cookie, { 'x-twilio-signature': signature })
        expect([route.route, answer.status]).toEqual([route.route, 403])
      }
    }
  }
  expect(await dump(h)).toEqual(before)
})

it('an import of members is an admin’s to commit, undo and download; others may look', async () => {
  const h = await openPopulated()
  const cookie = await cookieFor(h, 'social_manager')
  const before = await dump(h)
  expect((await ask(h, { method: 'GET', path: '/imports/:id' }, cookie)).status).toBe(200)
  for (const route of ['POST /imports/:id/commit', 'POST /imports/:id/undo', 'GET /imports/:id/problems.csv']) {
    expect([route, (await ask(h, partsOf(route), cookie)).status]).toEqual([route, 403])
  }
  expect(await dump(h)).toEqual(before)
})

it('a method that a route does not have changes nothing', async () => {
  const h = await openPopulated()
  const cookie = await cookieFor(h, 'admin')
  const before = await dump(h)
  for (const path of new Set(guarded.map((route) => route.path))) {
    for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      expect([method, path, (await ask(h, { method, path }, cookie)).status]).toEqual([method, path, 404])
    }
  }
  expect(await dump(h)).toEqual(before)
})

/** Everything that is stored, but for sessions and the trail, which grow by asking. */
async function dump({ d1 }: Populated): Promise<Record<string, unknown[]>> {
  const tables = ['community_members', 'events', 'event_registrations', 'message_logs', 'message_deliveries', 'imports', 'import_rows']
  const more = [
    'unsubscribed_contacts',
    'suppressed_contacts',
    'simulator_messages',
    'users',
    'inbound_messages',
    'scheduled_messages',
    'recurring_schedules',
    'message_templates',
    'recovery_codes',
    'half_way_sign_ins',
  ]
  const rows: Record<string, unknown[]> = {}
  for (const table of [...tables, ...more]) rows[table] = (await d1.prepare(`SELECT * FROM ${table}`).all()).results
  return rows
}
