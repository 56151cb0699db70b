import { describe, expect, it } from 'vitest'
import { createApp } from '../../src/app'
import { ownPath } from '../../src/auth/form'
import { hashPassword, verifyPassword } from '../../src/auth/passwords'
import { auditEvents, sessions } from '../../src/db/schema'
import { createHarness, origin, password } from '../support/harness'

const sessionCookies = (answer: Response) => answer.headers.getSetCookie().filter((cookie) => cookie.startsWith('sms_admin_session='))
const location = (answer: Response) => answer.headers.get('location')

describe('signing in', () => {
  it('leads back to the page that was asked for', async () => {
    const h = await createHarness()
    await h.addUser('rosa', 'admin')
    const browser = h.createBrowser()
    const asked = await browser.get('/community?page=2')
    expect([asked.status, location(asked)]).toEqual([303, '/login?next=%2Fcommunity%3Fpage%3D2'])
    expect(await browser.text('/login?next=%2Fcommunity%3Fpage%3D2')).toContain('name="next" value="/community?page=2"')
    const answer = await browser.post('/login', { username: ' ROSA ', password, next: '/community?page=2' })
    expect([answer.status, location(answer)]).toEqual([303, '/community?page=2'])
    expect((await browser.get('/community')).status).toBe(200)
  })

  it('says the same for a wrong password and for nobody, keeps the name and never the password', async () => {
    const h = await createHarness()
    await h.addUser('rosa', 'admin')
    const pages = []
    for (const username of ['rosa', 'nobody']) {
      const answer = await h.createBrowser().post('/login', { username, password: 'Wrong-Horse-9' })
      expect(answer.status).toBe(422)
      expect(answer.headers.getSetCookie()).toEqual([])
      const page = await answer.text()
      expect(page).toContain(`value="${username}"`)
      expect(page).not.toContain('Wrong-Horse-9')
      pages.push(page.replaceAll(username, ''))
    }
    expect(pages[0]).toBe(pages[1])
  })

  it('is refused where a field is empty or absurd', async () => {
    const h = await createHarness()
    const absurd: Record<string, string>[] = [
      {},
      { username: 'rosa' },
      { username: 'x'.repeat(101), password },
      { username: 'rosa', password: 'x'.repeat(1001) },
    ]
    for (const fields of absurd) {
      expect((await h.createBrowser().post('/login', fields)).status).toBe(422)
    }
    const page = await (await h.createBrowser().post('/login', {})).text()
    expect(page).toContain('Type your username.')
    expect(page).toContain('Type your password.')
    expect(page).not.toContain('Invalid input')
  })

  it('is in the audit trail, a failure with the name that was typed', async () => {
    const h = await createHarness()
    const browser = await h.signIn('admin', 'rosa')
    await browser.post('/login', { username: 'mallory', password: 'x' })
    await browser.post('/logout')
    const trail = await h.deps.db.select().from(auditEvents)
    expect(trail.map(({ eventType, outcome, username, address }) => [eventType, outcome, username, address])).toEqual([
      ['login_success', 'success', 'rosa', '192.0.2.1'],
      ['login_failure', 'failure', 'mallory', '192.0.2.1'],
      ['logout', 'success', 'rosa', '192.0.2.1'],
    ])
  })
})

describe('a session', () => {
  it('has a new id after sign-in: one that was planted before is worth nothing', async () => {
    const h = await createHarness()
    await h.addUser('rosa', 'admin')
    const planted = 'sms_admin_session=planted-by-somebody'
    const body = new URLSearchParams({ username: 'rosa', password })
    const answer = await h.app.request(`${origin}/login`, { method: 'POST', body, headers: { cookie: planted, origin } })
    const [cookie = '', ...more] = sessionCookies(answer)
    expect(more).toEqual([])
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).toMatch(/SameSite=Lax/)
    expect(cookie).not.toContain('planted')
    expect((await h.app.request(`${origin}/community`, { headers: { cookie: planted } })).status).toBe(303)
  })

  it('has a cookie that nobody guesses: more than 128 random bits, none of them stored', async () => {
    const h = await createHarness()
    const [one = '', two = ''] = [await h.signIn(), await h.signIn()].map(({ jar }) => jar.get('sms_admin_session'))
    const secretOf = (cookie: string) => /^[0-9a-f-]{36}([\w-]{43})$/.exec(cookie)?.[1] ?? ''
    expect(secretOf(one)).not.toBe('')
    expect(secretOf(two)).not.toBe(secretOf(one))
    const rows = JSON.stringify(await h.deps.db.select().from(sessions))
    for (const part of [one.slice(0, 36), secretOf(one)]) expect(rows).not.toContain(part)
    const cut = await h.app.request(`${origin}/community`, { headers: { cookie: `sms_admin_session=${one.slice(0, 36)}` } })
    expect(cut.status).toBe(303)
  })

  it('is dead on the server after sign-out: a copied cookie is worth nothing', async () => {
    const h = await createHarness()
    const browser = await h.signIn()
    const copied = [...browser.jar].map(([name, value]) => `${name}=${value}`).join('; ')
    expect((await h.app.request(`${origin}/community`, { headers: { cookie: copied } })).status).toBe(200)
    const answer = await browser.post('/logout')
    expect([answer.status, location(answer)]).toEqual([303, '/login?signed_out=1'])
    expect(browser.jar.has('sms_admin_session')).toBe(false)
    expect((await h.app.request(`${origin}/community`, { headers: { cookie: copied } })).status).toBe(303)
    expect(await h.deps.db.select().from(sessions)).toEqual([])
  })

  it('a request in flight during sign-out does not bring it back', async () => {
    const h = await createHarness()
    const browser = await h.signIn()
    await Promise.all([browser.get('/community'), browser.post('/logout'), browser.get('/community'), browser.get('/community')])
    expect(await h.deps.db.select().from(sessions)).toEqual([])
  })

  it('is kept only where that is wanted and the office allows it', async () => {
    const signIn = async (settings: Record<string, string>, remember: string) => {
      const h = await createHarness(settings)
      await h.addUser('rosa', 'admin')
      const browser = h.createBrowser()
      const answer = await browser.post('/login', { username: 'rosa', password, remember })
      expect((await browser.get('/community')).status).toBe(200)
      const offered = (await h.createBrowser().text('/login')).includes('name="remember"')
      return { offered, kept: /Max-Age=604800/.test(sessionCookies(answer)[0] ?? '') }
    }
    expect(await signIn({}, '1')).toEqual({ offered: true, kept: true })
    expect(await signIn({}, '0')).toEqual({ offered: true, kept: false })
    expect(await signIn({ REMEMBER_COOKIE_DURATION_DAYS: '0' }, '1')).toEqual({ offered: false, kept: false })
  })

  it('ends after 30 idle minutes, and 24 hours however busy', async () => {
    const h = await createHarness()
    const browser = await h.signIn()
    h.clock.now += 29 * 60_000
    expect((await browser.get('/community')).status).toBe(200)
    h.clock.now += 29 * 60_000
    expect((await browser.get('/community')).status).toBe(200)
    h.clock.now += 31 * 60_000
    expect((await browser.get('/community')).status).toBe(303)

    const busy = await h.signIn()
    for (let minutes = 0; minutes < 24 * 60; minutes += 20) {
      h.clock.now += 20 * 60_000
      await busy.get('/community')
    }
    expect((await busy.get('/community')).status).toBe(303)
  })

  it('lasts 7 days where "keep me signed in" was ticked, and says so to the browser', async () => {
    const h = await createHarness()
    await h.addUser('rosa', 'admin')
    const browser = h.createBrowser()
    const answer = await browser.post('/login', { username: 'rosa', password, remember: '1' })
    expect(sessionCookies(answer)[0]).toMatch(/Max-Age=604800/)
    h.clock.now += 6 * 86_400_000
    expect((await browser.get('/community')).status).toBe(200)
    h.clock.now += 2 * 86_400_000
    expect((await browser.get('/community')).status).toBe(303)
  })

  it('is stored by a hash of its cookie, and not at all for visitors', async () => {
    const h = await createHarness()
    await h.createBrowser().get('/login')
    expect(await h.deps.db.select().from(sessions)).toEqual([])
    const browser = await h.signIn()
    const cookie = browser.jar.get('sms_admin_session')
    const rows = JSON.stringify(await h.deps.db.select().from(sessions))
    expect(rows).not.toContain(cookie)
  })

  it('is worth nothing under another SECRET_KEY: whoever can write to the database cannot make one', async () => {
    const h = await createHarness()
    const browser = await h.signIn()
    const other = createApp({ ...h.deps, config: { ...h.deps.config, secretKey: 'another-key-0123456789-0123456789-012345' } })
    const cookie = [...browser.jar].map(([name, value]) => `${name}=${value}`).join('; ')
    expect((await h.app.request(`${origin}/community`, { headers: { cookie } })).status).toBe(200)
    expect((await other.request(`${origin}/community`, { headers: { cookie } })).status).toBe(303)
  })

  it('of a deleted user is over', async () => {
    const h = await createHarness()
    const browser = await h.signIn('admin', 'rosa')
    await h.d1.prepare("DELETE FROM users WHERE username = 'rosa'").run()
    expect((await browser.get('/community')).status).toBe(303)
  })
})

describe('passwords', () => {
  it('verify against their own hash only, accents typed either way', async () => {
    const { deps } = await createHarness()
    const hash = await hashPassword(deps, 'Crème-Brûlée-9')
    expect(hash).toMatch(/^scrypt\$32768\$8\$3\$/)
    expect(await verifyPassword(deps, 'Crème-Brûlée-9'.normalize('NFD'), hash)).toBe(true)
    expect(await verifyPassword(deps, 'Creme-Brulee-9', hash)).toBe(false)
    for (const broken of ['', 'scrypt$1', 'x$1$2$3$4$5']) expect(await verifyPassword(deps, 'x', broken)).toBe(false)
  })
})

describe('next', () => {
  it.each(['/logs', '/logs/12?page=2', '/community?search=a%20b'])('%s is ours', (path) => expect(ownPath(path)).toBe(path))

  it.each([
    '/\\evil.example',
    '\\\\evil.example',
    '///evil.example',
    'http:///evil.example',
    '//evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/\t/evil.example',
    '/\n/evil.example',
    '/.//evil.example',
    '/..//evil.example',
    '/logs/..//evil.example',
    '/%2e//evil.example',
    '/logs/%2E%2e//evil.example',
    '/.///evil.example',
    '',
    'logs',
  ])('%s leads to the dashboard', (path) => expect(ownPath(path)).toBe('/dashboard'))

  it('leads nobody away who is signed in already', async () => {
    const h = await createHarness()
    const browser = await h.signIn()
    expect(location(await browser.get('/login?next=/.//evil.example'))).toBe('/dashboard')
  })
})
