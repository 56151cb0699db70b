import { describe, expect, it } from 'vitest'
import { loginAttempts, rememberedDevices } from '../../src/db/schema'
import { runCron } from '../../src/jobs'
import { origin, password } from '../support/harness'
import { createCheapHarness } from './cheap-harness'

type Harness = Awaited<ReturnType<typeof createCheapHarness>>
type Browser = ReturnType<Harness['createBrowser']>

const behindProxy = { TRUST_PROXY: '1' }
const minute = 60_000
const day = 86_400_000
const home = '192.0.2.1'
const attacker = '198.51.100.7'
const deviceCookie = 'sms_admin_device'

async function tryIn(browser: Browser, username: string, typed: string, address = home) {
  const body = new URLSearchParams({ username, password: typed })
  const answer = await browser.request('/login', { method: 'POST', body, headers: { origin, 'x-forwarded-for': address } })
  const page = await answer.text()
  return answer.status === 303 ? 'in' : page.includes('Too many tries.') ? 'shut' : 'wrong'
}

/** A browser in which `username` has signed in, and out again. */
async function knownBrowser(h: Harness, username = 'rosa') {
  const browser = h.createBrowser()
  expect(await tryIn(browser, username, password)).toBe('in')
  await browser.post('/logout')
  return browser
}

async function open(settings: Record<string, string> = {}) {
  const h = await createCheapHarness({ ...behindProxy, ...settings })
  const rosa = await h.addUser('rosa', 'admin')
  return { ...h, rosa }
}

/** Wrong passwords from as many addresses as it takes to lock the user everywhere. */
async function lockEverywhere(h: Harness, username = 'rosa') {
  for (let i = 0; i < 8; i++) expect(await tryIn(h.createBrowser(), username, `Wrong-Horse-${i}`, `203.0.113.${i}`)).toBe('wrong')
  expect(await tryIn(h.createBrowser(), username, password)).toBe('shut')
}

const tokenOf = (browser: Browser) => browser.jar.get(deviceCookie) ?? ''
/** The same cookie in another browser, as a thief has it. */
function withToken(h: Harness, token: string): Browser {
  const browser = h.createBrowser()
  browser.jar.set(deviceCookie, token)
  return browser
}
const devices = (h: Harness) => h.deps.db.select().from(rememberedDevices)

describe('a browser that a user has signed in with', () => {
  it('is let in while their account is locked, again and again, and the lock stays for others', async () => {
    const h = await open()
    const browser = await knownBrowser(h)
    for (let round = 0; round < 3; round++) {
      await lockEverywhere(h)
      expect(await tryIn(browser, 'rosa', password)).toBe('in')
      expect(await tryIn(h.createBrowser(), 'rosa', password, '203.0.113.99')).toBe('shut')
      h.clock.now += 16 * minute
    }
  })

  it('is let in while others behind its own address are locked, for this user or for all', async () => {
    const h = await open({ AUTH_MAX_ATTEMPTS_IP: '6' })
    const browser = await knownBrowser(h)
    for (let i = 0; i < 5; i++) await tryIn(h.createBrowser(), 'rosa', 'Wrong-Horse')
    await tryIn(h.createBrowser(), 'tom', 'Wrong-Horse')
    expect(await tryIn(h.createBrowser(), 'nobody', password)).toBe('shut')
    expect(await tryIn(browser, 'rosa', password)).toBe('in')
  })

  it('has five tries of its own, from wherever, and then the right password is refused too', async () => {
    const h = await open()
    const stolen = tokenOf(await knownBrowser(h))
    const answers = []
    for (let i = 0; i < 7; i++) answers.push(await tryIn(withToken(h, stolen), 'rosa', `Wrong-Horse-${i}`, `203.0.113.${i}`))
    expect(answers).toEqual(['wrong', 'wrong', 'wrong', 'wrong', 'wrong', 'shut', 'shut'])
    expect(await tryIn(withToken(h, stolen), 'rosa', password)).toBe('shut')
    // They count against nobody else: without the cookie the user signs in.
    expect(await tryIn(h.createBrowser(), 'rosa', password)).toBe('in')
  })

  it('a volley at once is five tries too', async () => {
    const h = await open()
    const stolen = tokenOf(await knownBrowser(h))
    h.work.done = 0
    const volley = await Promise.all(Array.from({ length: 12 }, () => tryIn(withToken(h, stolen), 'rosa', 'Wrong-Horse')))
    expect(volley.filter((answer) => answer === 'wrong')).toHaveLength(5)
    expect(h.work.done).toBe(5)
  })

  it('is worth nothing for another user, and after 180 days', async () => {
    const h = await open()
    await h.addUser('tom', 'admin')
    const browser = await knownBrowser(h)
    await lockEverywhere(h, 'tom')
    expect(await tryIn(withToken(h, tokenOf(browser)), 'tom', password)).toBe('shut')
    h.clock.now += 180 * day
    await lockEverywhere(h)
    expect(await tryIn(browser, 'rosa', password)).toBe('shut')
    await runCron(h.deps)
    expect(await devices(h)).toEqual([])
  })

  it('is begun anew by each sign-in', async () => {
    const h = await open()
    const browser = await knownBrowser(h)
    h.clock.now += 100 * day
    expect(await tryIn(browser, 'rosa', password)).toBe('in')
    h.clock.now += 100 * day
    await lockEverywhere(h)
    expect(await tryIn(browser, 'rosa', password)).toBe('in')
    expect(await devices(h)).toHaveLength(1)
  })

  it('proves a password inside while the account is locked', async () => {
    const h = await open()
    const browser = h.createBrowser()
    await tryIn(browser, 'rosa', password)
    await lockEverywhere(h)
    const fields = { current_password: password, new_password: 'Better-Horse-10', confirm_password: 'Better-Horse-10' }
    expect((await browser.post('/account/password', fields)).status).toBe(303)
  })
})

describe('its cookie', () => {
  it('is HttpOnly, Secure, Lax and lasts 180 days; a failed sign-in sets none', async () => {
    const h = await open({ PUBLIC_URL: 'https://sms.example.org', APP_ENV: 'production', SMS_PROVIDER: 'simulator' })
    const ask = (typed: string) =>
      h.app.request('https://sms.example.org/login', {
        method: 'POST',
        body: new URLSearchParams({ username: 'rosa', password: typed }),
        headers: { origin: 'https://sms.example.org' },
      })
    const cookies = (await ask(password)).headers.getSetCookie().filter((cookie) => cookie.startsWith(`__Host-${deviceCookie}=`))
    expect(cookies).toHaveLength(1)
    for (const part of ['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/', `Max-Age=${180 * 86_400}`])
      expect(cookies[0]).toContain(`; ${part}`)
    expect(cookies[0]).toMatch(/^__Host-sms_admin_device=[\w-]{43};/)
    expect((await ask('Wrong-Horse-9')).headers.getSetCookie()).toEqual([])
  })

  it('is stored by a hash, with user, browser and times', async () => {
    const h = await open()
    const browser = h.createBrowser()
    const body = new URLSearchParams({ username: 'rosa', password })
    await browser.request('/login', { method: 'POST', body, headers: { origin, 'user-agent': 'Firefox/144.0' } })
    const rows = await devices(h)
    const now = h.clock.now
    expect(rows).toMatchObject([
      { userId: h.rosa.id, userAgent: 'Firefox/144.0', createdAt: now, lastUsedAt: now, expiresAt: now + 180 * day },
    ])
    expect(JSON.stringify(rows)).not.toContain(tokenOf(browser))
  })

  it('is another one after each use, and the former one is dead once that has come back', async () => {
    const h = await open()
    const browser = await knownBrowser(h)
    const seen = [tokenOf(browser)]
    for (let i = 0; i < 2; i++) {
      h.clock.now += 2 * minute
      expect(await tryIn(browser, 'rosa', password)).toBe('in')
      seen.push(tokenOf(browser))
    }
    expect(new Set(seen).size).toBe(3)
    await lockEverywhere(h)
    const [oldest = '', , newest = ''] = seen
    expect(await tryIn(withToken(h, oldest), 'rosa', password)).toBe('shut')
    expect(await tryIn(withToken(h, newest), 'rosa', password)).toBe('in')
  })

  it('survives a lost answer and a second press', async () => {
    const h = await open()
    const browser = await knownBrowser(h)
    const before = tokenOf(browser)
    await tryIn(browser, 'rosa', password)
    const after = tokenOf(browser)
    // Pressed twice: what the first press set stays.
    const second = withToken(h, before)
    expect(await tryIn(second, 'rosa', password)).toBe('in')
    expect(tokenOf(second)).toBe(before)
    expect(await devices(h)).toHaveLength(1)
    expect(await tryIn(withToken(h, after), 'rosa', password)).toBe('in')

    // The answer was lost: the browser still has the former token, the next day too.
    const lost = tokenOf(browser)
    await tryIn(withToken(h, lost), 'rosa', password)
    h.clock.now += day
    await lockEverywhere(h)
    expect(await tryIn(browser, 'rosa', password)).toBe('in')
    expect(await devices(h)).toHaveLength(1)
  })

  it('remembers a shared computer for each of those who sign in on it', async () => {
    const h = await open()
    await h.addUser('tom', 'admin')
    const shared = h.createBrowser()
    for (const username of ['rosa', 'tom', 'rosa', 'tom']) {
      h.clock.now += 2 * minute
      expect(await tryIn(shared, username, password)).toBe('in')
    }
    expect(await devices(h)).toHaveLength(2)
    expect(tokenOf(shared).split('.')).toHaveLength(2)
    await lockEverywhere(h)
    expect(await tryIn(shared, 'rosa', password)).toBe('in')
  })

  it('of nonsense is read as none', async () => {
    const h = await open()
    for (const value of ['x', '.', '%', 'a'.repeat(43), `${'a'.repeat(43)}.`.repeat(40), "' OR 1=1 --"]) {
      expect(await tryIn(withToken(h, value), 'rosa', password)).toBe('in')
    }
  })

  it('no more than 20 are kept of one user', async () => {
    const h = await open()
    for (let i = 0; i < 22; i++) {
      h.clock.now += 1
      await knownBrowser(h)
    }
    expect(await devices(h)).toHaveLength(20)
  })
})

describe('forgotten is a browser', () => {
  const shutOut = async (h: Harness, browser: Browser) => {
    await lockEverywhere(h)
    return (await tryIn(browser, 'rosa', password)) === 'shut'
  }

  it('with a change of the password, but for the one in which it was changed', async () => {
    const h = await open()
    const other = await knownBrowser(h)
    const browser = h.createBrowser()
    await tryIn(browser, 'rosa', password)
    const stolen = tokenOf(browser)
    const fields = { current_password: password, new_password: 'Better-Horse-10', confirm_password: 'Better-Horse-10' }
    expect((await browser.post('/account/password', fields)).status).toBe(303)
    expect(await devices(h)).toHaveLength(1)
    await lockEverywhere(h)
    for (const each of [other, withToken(h, stolen)]) expect(await tryIn(each, 'rosa', 'Better-Horse-10')).toBe('shut')
    expect(await tryIn(browser, 'rosa', 'Better-Horse-10')).toBe('in')
  })

  it("with an admin's reset, and with the user", async () => {
    const h = await open()
    await knownBrowser(h)
    const admin = await h.signIn('admin', 'ada')
    const edit = `/users/${h.rosa.id}/edit`
    await admin.post(edit, { username: 'rosa', role: 'admin', password: 'Better-Horse-10', must_change_password: '1' })
    expect((await devices(h)).filter(({ userId }) => userId === h.rosa.id)).toEqual([])
    await tryIn(h.createBrowser(), 'rosa', 'Better-Horse-10')
    await admin.post(`/users/${h.rosa.id}/delete`)
    expect((await devices(h)).filter(({ userId }) => userId === h.rosa.id)).toEqual([])
  })

  it('with its session, and with all others', async () => {
    const h = await open()
    const desk = h.createBrowser()
    await tryIn(desk, 'rosa', password)
    const phone = h.createBrowser()
    await tryIn(phone, 'rosa', password)
    const [path = ''] = /\/account\/sessions\/[0-9a-f]{64}\/revoke/.exec(await desk.text('/account/sessions')) ?? []
    expect((await desk.post(path)).status).toBe(303)
    expect(await devices(h)).toHaveLength(1)
    expect(await shutOut(h, phone)).toBe(true)

    h.clock.now += 20 * minute
    const signedOut = await knownBrowser(h)
    await desk.post('/account/sessions/others/revoke')
    expect(await shutOut(h, signedOut)).toBe(true)
    const trail = await h.d1.prepare("SELECT subject FROM audit_events WHERE event_type = 'session_revoked'").all()
    expect(trail.results).toEqual([{ subject: 'A browser we do not know' }, { subject: '1 remembered browser' }])
    expect(await tryIn(desk, 'rosa', password)).toBe('in')
  })

  it('whose sign-in was under way while the password changed: it is not remembered at all', async () => {
    const h = await open()
    const { scrypt } = h.deps
    h.deps.scrypt = async (...work) => {
      const key = await scrypt(...work)
      await h.d1.prepare("UPDATE users SET password_hash = 'another'").run()
      return key
    }
    const browser = h.createBrowser()
    await tryIn(browser, 'rosa', password)
    expect(tokenOf(browser)).toBe('')
    expect(await devices(h)).toEqual([])
  })
})

describe('an admin ends a lock', () => {
  it('and is told of it before and after; it is in the audit trail, and so is nothing where there was none', async () => {
    const h = await open()
    await h.addUser('tom', 'social_manager')
    const admin = h.createBrowser()
    await tryIn(admin, 'rosa', password)
    const tom = '/users/2/edit'
    expect(await admin.text(tom)).not.toContain('tom is locked out')
    await admin.post('/users/2/unlock')
    expect(await admin.text(tom)).toContain('tom is not locked out.')

    await lockEverywhere(h, 'tom')
    const page = await admin.text(tom)
    expect(page).toContain('tom is locked out until today, 5:10 PM.')
    expect(page).toContain('A browser they have signed in with before is still let in.')
    expect(page).toContain('action="/users/2/unlock"')
    const answer = await admin.post('/users/2/unlock')
    expect([answer.status, answer.headers.get('location')]).toEqual([303, tom])
    const after = await admin.text(tom)
    expect(after).toContain('tom can sign in again.')
    expect(after).not.toContain('action="/users/2/unlock"')
    expect(await tryIn(h.createBrowser(), 'tom', password)).toBe('in')
    const trail = await h.d1.prepare("SELECT username, subject FROM audit_events WHERE event_type = 'lockout_cleared'").all()
    expect(trail.results).toEqual([{ username: 'rosa', subject: 'user tom' }])
  })

  it('also by a new password, which forgets the browsers that a lock would let in', async () => {
    const h = await open()
    await h.addUser('tom', 'social_manager')
    const admin = h.createBrowser()
    await tryIn(admin, 'rosa', password)
    await lockEverywhere(h, 'tom')
    const other = 'Trumpet-Lemon-Quay-31'
    await admin.post('/users/2/edit', { username: 'tom', role: 'social_manager', phone: '', password: other })
    expect(await admin.text('/users/2/edit')).not.toContain('is locked out')
    expect(await tryIn(h.createBrowser(), 'tom', other)).toBe('in')
  })

  it('at one address, or of one browser, and only their own', async () => {
    const h = await open()
    await h.addUser('tom', 'social_manager')
    const admin = h.createBrowser()
    await tryIn(admin, 'rosa', password)
    const known = await knownBrowser(h, 'tom')
    for (const browser of [h.createBrowser(), known]) {
      for (let i = 0; i < 5; i++) await tryIn(browser, 'tom', 'Wrong-Horse', attacker)
      expect(await tryIn(browser, 'tom', password, attacker)).toBe('shut')
      expect(await admin.text('/users/2/edit')).toContain('Too many wrong passwords from one place.')
      expect(await admin.text('/users/1/edit')).not.toContain('is locked out until')
      await admin.post('/users/2/unlock')
      expect(await h.deps.db.select().from(loginAttempts)).toEqual([])
      expect(await tryIn(browser, 'tom', password, attacker)).toBe('in')
    }
  })

  it('social managers may not', async () => {
    const h = await open()
    const browser = await h.signIn('social_manager', 'tom')
    expect((await browser.post(`/users/${h.rosa.id}/unlock`)).status).toBe(403)
  })
})
