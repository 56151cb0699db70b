import { describe, expect, it } from 'vitest'
import { describeDevice } from '../../src/account/device'
import { auditEvents, sessions } from '../../src/db/schema'
import { createCheapHarness, location } from '../auth/cheap-harness'
import { origin, password } from '../support/harness'

type Harness = Awaited<ReturnType<typeof createCheapHarness>>

const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0'
const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1'

async function signInFrom(h: Harness, userAgent: string, username = 'rosa') {
  const browser = h.createBrowser()
  const body = new URLSearchParams({ username, password })
  const answer = await browser.request('/login', { method: 'POST', body, headers: { origin, 'user-agent': userAgent } })
  if (answer.status !== 303) throw new Error(`sign-in answered ${answer.status}`)
  return browser
}

const revokePaths = (page: string) =>
  [...page.matchAll(/action="(\/account\/sessions\/[0-9a-f]{64}\/revoke)"/g)].map(([, path]) => path ?? '')

describe('the list of sessions', () => {
  it('says device, address, when signed in and last used, and which is this one', async () => {
    const h = await createCheapHarness({ APP_TIMEZONE: 'America/Los_Angeles' })
    await h.addUser('rosa', 'social_manager')
    const desk = await signInFrom(h, firefox)
    h.clock.now += 5 * 60_000
    await desk.get('/account/sessions')
    // Used later than what is stored of the desk: this one is first all the same.
    h.clock.now += 30_000
    await signInFrom(h, iphone)
    await h.signIn('admin', 'tom')
    const page = await desk.text('/account/sessions')
    const rows = [...page.matchAll(/<tr role="row" id=.*?<\/tr>/gs)].map(([row]) =>
      row
        .replace(/<[^>]+>/g, '|')
        .split('|')
        .filter((words) => words.trim() !== ''),
    )
    expect(rows).toEqual([
      ['Firefox on Windows', '192.0.2.1', 'today, 9:00 AM', 'today, 9:05 AM', 'This one'],
      ['Safari on an iPhone', '192.0.2.1', 'today, 9:05 AM', 'today, 9:05 AM', 'Sign out', ' Safari on an iPhone'],
    ])
    const cookie = desk.jar.get('sms_admin_session') ?? ''
    expect(page).not.toContain(cookie)
  })

  it('leaves out what has ended by itself', async () => {
    const h = await createCheapHarness()
    await h.addUser('rosa', 'admin')
    await signInFrom(h, iphone)
    h.clock.now += 31 * 60_000
    const desk = await signInFrom(h, firefox)
    const page = await desk.text('/account/sessions')
    expect(page).toContain('Here, and nowhere else. We remember 1 other browser from earlier.')
    expect(page).not.toContain('iPhone')
    expect((await desk.post('/account/sessions/others/revoke')).status).toBe(303)
    const after = await desk.text('/account/sessions')
    expect(after).toContain('We have forgotten your other browsers.')
    expect(after).not.toContain('from earlier')
    expect(after).not.toContain('Sign out everywhere else</button>')
    const trail = (await h.deps.db.select().from(auditEvents)).filter(({ eventType }) => eventType === 'session_revoked')
    expect(trail.map(({ subject }) => subject)).toEqual(['1 other session'])
  })
})

describe('ending a session', () => {
  it('elsewhere signs that browser out, and only that', async () => {
    const h = await createCheapHarness()
    await h.addUser('rosa', 'admin')
    const desk = await signInFrom(h, firefox)
    const phone = await signInFrom(h, iphone)
    const [path = ''] = revokePaths(await desk.text('/account/sessions'))
    const answer = await desk.post(path)
    expect([answer.status, location(answer)]).toEqual([303, '/account/sessions'])
    expect(await desk.text('/account/sessions')).toContain('Signed out: Safari on an iPhone.')
    expect((await phone.get('/community')).status).toBe(303)
    expect((await desk.post(path)).status).toBe(404)
    const trail = (await h.deps.db.select().from(auditEvents)).filter(({ eventType }) => eventType === 'session_revoked')
    expect(trail).toMatchObject([{ username: 'rosa', subject: 'Safari on an iPhone', address: '192.0.2.1' }])
  })

  it('of somebody else is 404, for admins too', async () => {
    const h = await createCheapHarness()
    await h.addUser('rosa', 'social_manager')
    await signInFrom(h, firefox)
    const [rosas] = await h.deps.db.select().from(sessions)
    const admin = await h.signIn('admin')
    for (const id of [rosas?.id ?? '', 'f'.repeat(64), 'x', '1', '%27%20OR%201=1', rosas?.id.toUpperCase() ?? '']) {
      expect((await admin.post(`/account/sessions/${id}/revoke`)).status).toBe(404)
    }
    expect(await h.deps.db.select().from(sessions)).toHaveLength(2)
  })

  it('its stored id is no cookie: sent as one, it opens nothing', async () => {
    const h = await createCheapHarness()
    await h.signIn()
    const [stored] = await h.deps.db.select().from(sessions)
    const forged = await h.app.request(`${origin}/community`, { headers: { cookie: `sms_admin_session=${stored?.id}` } })
    expect(forged.status).toBe(303)
  })

  it('everywhere else leaves this one and those of others', async () => {
    const h = await createCheapHarness()
    await h.addUser('rosa', 'admin')
    const desk = await signInFrom(h, firefox)
    const phones = [await signInFrom(h, iphone), await signInFrom(h, iphone)]
    const tom = await h.signIn('admin', 'tom')
    expect(await desk.text('/account/sessions')).toContain('Here and in 2 other browsers.')
    expect((await desk.post('/account/sessions/others/revoke')).status).toBe(303)
    expect(await desk.text('/account/sessions')).toContain('You are signed out everywhere else.')
    for (const phone of phones) expect((await phone.get('/community')).status).toBe(303)
    expect((await tom.get('/community')).status).toBe(200)
    const trail = (await h.deps.db.select().from(auditEvents)).filter(({ eventType }) => eventType === 'session_revoked')
    expect(trail.map(({ subject }) => subject)).toEqual(['2 other sessions'])
  })

  it('of this one is signing out', async () => {
    const h = await createCheapHarness()
    const admin = await h.signIn()
    const [own] = await h.deps.db.select().from(sessions)
    expect(location(await admin.post(`/account/sessions/${own?.id}/revoke`))).toBe('/login?signed_out=1')
    expect(admin.jar.has('sms_admin_session')).toBe(false)
    expect(await h.deps.db.select().from(sessions)).toEqual([])
  })
})

describe('a device in plain words', () => {
  it.each([
    [firefox, 'Firefox on Windows'],
    [iphone, 'Safari on an iPhone'],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
      'Edge on Windows',
    ],
    [
      'Mozilla/5.0 (Linux; Android 15; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36',
      'Samsung Internet on Android',
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
      'Safari on a Mac',
    ],
    [
      'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
      'Chrome on a Chromebook',
    ],
    ['curl/8.5.0', 'A browser we do not know'],
    ['', 'A browser we do not know'],
    ['Something (Linux)', 'A browser on Linux'],
  ])('%s', (userAgent, words) => expect(describeDevice(userAgent)).toBe(words))
})
