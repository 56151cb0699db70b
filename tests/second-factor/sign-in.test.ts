import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { auditEvents, halfWaySignIns, rememberedDevices, securityAlerts, sessions } from '../../src/db/schema'
import { runCron } from '../../src/jobs'
import { location } from '../auth/cheap-harness'
import { origin, password } from '../support/harness'
import { halfWay, isIn, openWithFactor, sendCode } from './with-factor'

const cookie = 'sms_admin_half_way'
const wrong = 'Wrong-Horse-9-Battery'

async function trailOf(h: Awaited<ReturnType<typeof openWithFactor>>) {
  const rows = await h.deps.db.select().from(auditEvents)
  return rows.map(({ eventType, outcome, username, subject }) => [eventType, outcome, username, subject])
}

describe('the right password', () => {
  it('signs nobody in who has a second factor: no session, no remembered browser, no page', async () => {
    const h = await openWithFactor()
    const before = await h.deps.db.select().from(sessions)
    const devices = await h.deps.db.select().from(rememberedDevices)
    const browser = await halfWay(h, { remember: '1' })
    expect([...browser.jar.keys()]).toEqual([cookie])
    expect(await h.deps.db.select().from(sessions)).toEqual(before)
    expect(await h.deps.db.select().from(rememberedDevices)).toEqual(devices)
    for (const path of ['/community', '/dashboard', '/account/second-factor', '/account/password']) {
      expect(location(await browser.get(path))).toBe(`/login?next=${encodeURIComponent(path)}`)
    }
  })

  it('does not sign in from a remembered browser either', async () => {
    const h = await openWithFactor()
    await h.rosa.post('/logout')
    expect(h.rosa.jar.has('sms_admin_device')).toBe(true)
    expect(location(await h.rosa.post('/login', { username: 'rosa', password }))).toBe('/login/code')
    expect(await isIn(h.rosa)).toBe(false)
  })

  it('with a code signs in, where they were going, for as long as they asked', async () => {
    const h = await openWithFactor()
    const browser = await halfWay(h, { next: '/logs?status=sent', remember: '1' })
    const page = await browser.get('/login/code')
    expect([page.status, (await page.text()).includes('Now your code')]).toEqual([200, true])
    const answer = await browser.post('/login/code', { code: h.code() })
    expect([answer.status, location(answer)]).toEqual([303, '/logs?status=sent'])
    expect([...browser.jar.keys()].sort()).toEqual(['sms_admin_device', 'sms_admin_session'])
    expect(answer.headers.getSetCookie().find((each) => each.startsWith('sms_admin_session='))).toMatch(/Max-Age=604800/)
    expect(await isIn(browser)).toBe(true)
    expect((await trailOf(h)).at(-1)).toEqual(['login_success', 'success', 'rosa', ''])
  })

  it('leads nowhere else', async () => {
    const h = await openWithFactor()
    const browser = await halfWay(h, { next: 'https://evil.example' })
    expect(location(await browser.post('/login/code', { code: h.code() }))).toBe('/dashboard')
  })

  it('is all that shows who has a second factor', async () => {
    const h = await openWithFactor()
    await h.addUser('tom', 'admin')
    const answers = await Promise.all(
      ['rosa', 'tom', 'nobody'].map(async (username) => {
        const answer = await h.createBrowser().post('/login', { username, password: wrong })
        return [answer.status, answer.headers.getSetCookie(), (await answer.text()).replaceAll(username, 'NAME')]
      }),
    )
    expect(answers[1]).toEqual(answers[0])
    expect(answers[2]).toEqual(answers[0])
  })
})

describe('a code', () => {
  it('may be a step off, with spaces in it', async () => {
    const h = await openWithFactor()
    expect(await sendCode(await halfWay(h), h.code(-2))).toBe('This code is not right.')
    expect(await sendCode(await halfWay(h), h.code(2))).toBe('This code is not right.')
    expect(await sendCode(await halfWay(h), h.code(-1))).toBe('in')
    expect(await sendCode(await halfWay(h), h.code(1).replace(/(...)/, ' $1 '))).toBe('in')
  })

  it('is good once, also for two at once', async () => {
    const h = await openWithFactor()
    const browsers = await Promise.all([halfWay(h), halfWay(h), halfWay(h)])
    const results = await Promise.all(browsers.map((browser) => sendCode(browser, h.code())))
    expect(results.sort()).toEqual(['This code was used already.', 'This code was used already.', 'in'])
    expect(await sendCode(await halfWay(h), h.code())).toBe('This code was used already.')
    // Nor one from before it.
    expect(await sendCode(await halfWay(h), h.code(-1))).toBe('This code was used already.')
  })

  it('of nothing is asked for again', async () => {
    const h = await openWithFactor()
    const browser = await halfWay(h)
    const answer = await browser.post('/login/code', { code: ' ' })
    expect([answer.status, (await answer.text()).includes('Type the code.')]).toEqual([422, true])
    expect(await sendCode(browser, h.code())).toBe('in')
  })
})

describe('a recovery code', () => {
  it('signs in once, in the same field, with or without dashes; what is left is told, and the user hears of it', async () => {
    const h = await openWithFactor()
    await h.deps.db.run(sql`UPDATE users SET phone = '+13235550142'`)
    const [one = '', two = ''] = h.recovery
    const browser = await halfWay(h)
    expect(await sendCode(browser, one)).toBe('in')
    expect(await browser.text('/dashboard')).toContain('You have 9 recovery codes left.')
    expect((await trailOf(h)).at(-1)).toEqual(['login_success', 'success', 'rosa', 'with a recovery code, 9 left'])
    const alerts = await h.deps.db.select().from(securityAlerts)
    expect(alerts.map(({ kind, detail }) => [kind, detail])).toContainEqual(['recovery_code', '9'])
    expect(await sendCode(await halfWay(h), one)).toBe('This code is not right.')
    expect(await sendCode(await halfWay(h), two.replaceAll('-', ' '))).toBe('in')
  })

  it('lets one of two in that come at once', async () => {
    const h = await openWithFactor()
    const browsers = await Promise.all([halfWay(h), halfWay(h)])
    const results = await Promise.all(browsers.map((browser) => sendCode(browser, h.recovery[0] ?? '')))
    expect(results.sort()).toEqual(['This code is not right.', 'in'])
  })

  it('is 16 digits, and none of somebody else’s', async () => {
    const h = await openWithFactor()
    for (const code of h.recovery) expect(code).toMatch(/^(\d{4}-){3}\d{4}$/)
    expect(2 ** 50).toBeLessThan(10 ** 16)
    expect(await sendCode(await halfWay(h), '1234-5678-9012-3456')).toBe('This code is not right.')
  })
})

describe('wrong codes', () => {
  it('lock like wrong passwords, are in the trail, and alert the user; the right password in between forgives none', async () => {
    const h = await openWithFactor()
    await h.deps.db.run(sql`UPDATE users SET phone = '+13235550142'`)
    for (let i = 0; i < 4; i++) expect(await sendCode(await halfWay(h), '000000')).toBe('This code is not right.')
    const browser = await halfWay(h)
    const last = await browser.post('/login/code', { code: '000000' })
    expect(await last.text()).toContain('That was one try too many. Try again in 10 minutes.')
    expect(await sendCode(browser, h.code())).toBe('Too many tries.')
    expect((await h.createBrowser().post('/login', { username: 'rosa', password })).status).toBe(422)
    const alerts = await h.deps.db.select().from(securityAlerts)
    expect(alerts.map(({ kind }) => kind)).toContain('code_lockout')
    const trail = await trailOf(h)
    expect(trail.filter(([type, , , subject]) => type === 'login_failure' && subject === 'wrong code')).toHaveLength(5)
    expect(trail).toContainEqual(['login_blocked', 'blocked', 'rosa', 'wrong code'])
  })

  it('lock for everybody when they come from many addresses', async () => {
    const h = await openWithFactor()
    const browser = await halfWay(h)
    for (let i = 0; i < 8; i++) await sendCode(browser, '000000', `203.0.113.${i}`)
    expect(await sendCode(browser, h.code(), '203.0.113.99')).toBe('Too many tries.')
  })

  it('get no more tries at once than one after another', async () => {
    const h = await openWithFactor()
    const browser = await halfWay(h)
    const results = await Promise.all(Array.from({ length: 20 }, () => sendCode(browser, '000000')))
    expect(results.filter((result) => result === 'This code is not right.')).toHaveLength(5)
    expect(results.filter((result) => result === 'Too many tries.')).toHaveLength(15)
  })

  it('alert the user, too, when they come so slowly that they lock nothing: the tenth in a day', async () => {
    const h = await openWithFactor()
    await h.deps.db.run(sql`UPDATE users SET phone = '+13235550142'`)
    const told = async () => (await h.deps.db.select().from(securityAlerts)).some(({ kind }) => kind === 'code_lockout')
    const guess = async () => {
      h.clock.now += 5 * 60_000
      expect(await sendCode(await halfWay(h), '000000')).toBe('This code is not right.')
    }
    for (let i = 0; i < 9; i++) await guess()
    h.clock.now += 86_400_000
    for (let i = 0; i < 9; i++) await guess()
    expect(await told()).toBe(false)
    await guess()
    expect(await told()).toBe(true)
  })

  it('are forgiven by a right one', async () => {
    const h = await openWithFactor()
    const browser = await halfWay(h)
    for (let i = 0; i < 4; i++) await sendCode(browser, '000000')
    expect(await sendCode(browser, h.code())).toBe('in')
    for (let i = 0; i < 4; i++) expect(await sendCode(await halfWay(h), '000000')).toBe('This code is not right.')
  })

  it('do not count right passwords: proving one’s own often locks nobody', async () => {
    const h = await openWithFactor()
    for (let i = 0; i < 8; i++) await halfWay(h)
    expect(await sendCode(await halfWay(h), h.code())).toBe('in')
  })
})

describe('between password and code', () => {
  it('is over after ten minutes', async () => {
    const h = await openWithFactor()
    const browser = await halfWay(h)
    h.clock.now += 10 * 60_000
    expect(location(await browser.get('/login/code'))).toBe('/login?expired=1')
    expect(await sendCode(await halfWay(h), h.code())).toBe('in')
    const late = await halfWay(h)
    h.clock.now += 10 * 60_000
    expect(await sendCode(late, h.code())).toBe('again')
    expect(await late.text('/login?expired=1')).toContain('That took too long')
    await runCron(h.deps)
    expect(await h.deps.db.select().from(halfWaySignIns)).toEqual([])
  })

  it('is nothing without the cookie, with a made-up one, or with what is stored', async () => {
    const h = await openWithFactor()
    await halfWay(h)
    const [stored] = await h.deps.db.select().from(halfWaySignIns)
    for (const value of ['', 'f'.repeat(64), stored?.id ?? '', "' OR 1=1 --", 'null']) {
      const browser = h.createBrowser()
      if (value !== '') browser.jar.set(cookie, value)
      expect([value, await sendCode(browser, h.code())]).toEqual([value, 'again'])
    }
    // None of them used the code up.
    expect(await sendCode(await halfWay(h), h.code())).toBe('in')
  })

  it('lets nobody in twice', async () => {
    const h = await openWithFactor()
    const browser = await halfWay(h)
    const copy = h.createBrowser()
    copy.jar.set(cookie, browser.jar.get(cookie) ?? '')
    expect(await sendCode(browser, h.code())).toBe('in')
    expect(await sendCode(copy, h.code(1))).toBe('again')
    expect(await isIn(copy)).toBe(false)
  })

  it('lets one in of two with codes of their own at once', async () => {
    const h = await openWithFactor()
    const browser = await halfWay(h)
    const copy = h.createBrowser()
    copy.jar.set(cookie, browser.jar.get(cookie) ?? '')
    const results = await Promise.all([sendCode(browser, h.recovery[0] ?? ''), sendCode(copy, h.recovery[1] ?? '')])
    expect(results.sort()).toEqual(['again', 'in'])
  })

  it('is void once the password is changed', async () => {
    const h = await openWithFactor()
    const browser = await halfWay(h)
    const changed = { current_password: password, new_password: 'Better-Horse-10', confirm_password: 'Better-Horse-10' }
    expect((await h.rosa.post('/account/password', changed)).status).toBe(303)
    expect(await sendCode(browser, h.code())).toBe('again')
    expect(await isIn(browser)).toBe(false)
  })

  it('is void once the user is deleted', async () => {
    const h = await openWithFactor()
    await h.addUser('tom', 'admin')
    const browser = await halfWay(h)
    await h.deps.db.run(sql`DELETE FROM users WHERE username = 'rosa'`)
    expect(await sendCode(browser, h.code())).toBe('again')
  })

  it('opens a session that nobody could know of before, and a planted half-way cookie asks for its own user’s code', async () => {
    const h = await openWithFactor()
    const victim = h.createBrowser()
    victim.jar.set('sms_admin_session', 'planted')
    await victim.post('/login', { username: 'rosa', password })
    expect(await sendCode(victim, h.code())).toBe('in')
    expect(victim.jar.get('sms_admin_session')).not.toBe('planted')
    const planted = h.createBrowser()
    planted.jar.set(cookie, 'a'.repeat(64))
    await planted.post('/login', { username: 'rosa', password })
    expect(planted.jar.get(cookie)).not.toBe('a'.repeat(64))
  })

  it('keeps the cookie from scripts and other sites', async () => {
    const h = await openWithFactor()
    const body = new URLSearchParams({ username: 'rosa', password })
    const answer = await h.app.request(`${origin}/login`, { method: 'POST', body, headers: { origin } })
    const [set = '', ...more] = answer.headers.getSetCookie()
    expect(more).toEqual([])
    expect(set).toMatch(/^sms_admin_half_way=[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/)
  })
})

it('the own password is proven as before, where there is a second factor', async () => {
  const h = await openWithFactor()
  for (let i = 0; i < 8; i++) {
    const answer = await h.rosa.post('/logs/clear', { admin_password: password })
    expect(answer.status).toBe(303)
  }
})
