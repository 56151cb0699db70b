import { describe, expect, it } from 'vitest'
import { passwordFault, passwordHint } from '../../src/auth/password-policy'
import { auditEvents, passwordHistory, sessions, users } from '../../src/db/schema'
import { createCheapHarness, location } from '../auth/cheap-harness'
import { password } from '../support/harness'

type Harness = Awaited<ReturnType<typeof createCheapHarness>>
type Browser = Awaited<ReturnType<Harness['signIn']>>

const change = (browser: Browser, wanted: string, { current = password, again = wanted } = {}) =>
  browser.post('/account/password', { current_password: current, new_password: wanted, confirm_password: again })

/** The words at each refused field. */
const faultsOf = (page: string) =>
  Object.fromEntries([...page.matchAll(/id="(\w+)-fault">(?:<svg.*?<\/svg>)?(.*?)<\/p>/gs)].map(([, name, words]) => [name, words]))

async function signInAs(h: Harness, username: string, typed: string) {
  const browser = h.createBrowser()
  const answer = await browser.post('/login', { username, password: typed })
  return { browser, status: answer.status }
}

describe('a new password', () => {
  const policy = { minLength: 12, username: 'Rosa' }

  it.each([
    ['', 'Type a new password.'],
    ['Short-1', 'Make it at least 12 characters long.'],
    ['correct-horse-9', 'Add a capital letter.'],
    ['CORRECT-HORSE-9', 'Add a lowercase letter.'],
    ['Correct-Horse-X', 'Add a digit.'],
    ['CorrectHorse99', 'Add a symbol.'],
    ['Correct Horse 99', 'Add a symbol.'],
    ['aaaa', 'Make it at least 12 characters long. Add a capital letter, a digit and a symbol.'],
    ['My-rOsA-Horse-9', 'Leave the username out of it.'],
    ['Correct-Horse-9', null],
    ['Größe-9-Straße', null],
    ['Aa1-👩‍👩‍👧', 'Make it at least 12 characters long.'],
  ])('%s: %s', (typed, fault) => expect(passwordFault(typed, policy)).toBe(fault))

  it('is asked for in one sentence, made from the same rules', () => {
    expect(passwordHint(policy)).toBe(
      'At least 12 characters, with a lowercase letter, a capital letter, a digit and a symbol, without the username.',
    )
  })
})

describe('changing the password', () => {
  it('ends every session, and the new one signs in', async () => {
    const h = await createCheapHarness()
    const browser = await h.signIn('social_manager', 'rosa')
    const elsewhere = await signInAs(h, 'rosa', password)
    const somebody = await h.signIn('admin')
    const answer = await change(browser, 'Better-Horse-10')
    expect([answer.status, location(answer)]).toEqual([303, '/login?password_changed=1'])
    const door = await browser.text('/login?password_changed=1')
    expect(door).toContain('Your password is changed.')
    for (const signedOut of [browser, elsewhere.browser]) expect((await signedOut.get('/community')).status).toBe(303)
    expect((await somebody.get('/community')).status).toBe(200)

    expect((await signInAs(h, 'rosa', password)).status).toBe(422)
    expect((await signInAs(h, 'rosa', 'Better-Horse-10')).status).toBe(303)
    const trail = (await h.deps.db.select().from(auditEvents)).filter(({ eventType }) => eventType === 'password_changed')
    expect(trail).toMatchObject([{ outcome: 'success', username: 'rosa', address: '192.0.2.1' }])
  })

  it('names every fault at its field at once, and shows no password again', async () => {
    const h = await createCheapHarness()
    const browser = await h.signIn('admin', 'rosa')
    const answer = await change(browser, 'rosa-short', { current: 'Wrong-Horse-9', again: 'something-else' })
    expect(answer.status).toBe(422)
    const page = await answer.text()
    expect(faultsOf(page)).toEqual({
      current_password: 'This is not your current password.',
      new_password: 'Make it at least 12 characters long. Add a capital letter and a digit. Leave the username out of it.',
      confirm_password: 'This is not the same as the new one. Type it again.',
    })
    expect(page).toContain('3 things to mend before it is changed')
    for (const typed of ['rosa-short', 'Wrong-Horse-9', 'something-else']) expect(page).not.toContain(typed)

    const empty = await browser.post('/account/password')
    expect(empty.status).toBe(422)
    expect(faultsOf(await empty.text())).toEqual({ current_password: 'Type your current password.', new_password: 'Type a new password.' })
    expect((await change(browser, `Aa1-${'x'.repeat(1000)}`)).status).toBe(422)
    expect((await signInAs(h, 'rosa', password)).status).toBe(303)
  })

  it('refuses the current one and the last 3, not the one before', async () => {
    const h = await createCheapHarness()
    let browser = await h.signIn('admin', 'rosa')
    const all = [password, 'Better-Horse-10', 'Better-Horse-11', 'Better-Horse-12', 'Better-Horse-13']
    for (const [i, wanted] of all.slice(1).entries()) {
      expect((await change(browser, wanted, { current: all[i] })).status).toBe(303)
      browser = (await signInAs(h, 'rosa', wanted)).browser
    }
    const current = 'Better-Horse-13'
    const refusal = async (wanted: string) => faultsOf(await (await change(browser, wanted, { current })).text())
    expect(await refusal(current)).toEqual({ new_password: 'This is your current password. Choose another one.' })
    for (const former of all.slice(1, 4)) {
      expect(await refusal(former)).toEqual({ new_password: 'You used this one before. Choose another one.' })
    }
    expect(await h.deps.db.select().from(passwordHistory)).toHaveLength(3)
    expect((await change(browser, password, { current })).status).toBe(303)
  })

  it('keeps no former ones where PASSWORD_HISTORY_COUNT is 0', async () => {
    const h = await createCheapHarness({ PASSWORD_HISTORY_COUNT: '0' })
    const browser = await h.signIn('admin', 'rosa')
    expect((await change(browser, 'Better-Horse-10')).status).toBe(303)
    expect(await h.deps.db.select().from(passwordHistory)).toEqual([])
  })

  it('tells nobody who lacks the current one whether another was used before', async () => {
    const h = await createCheapHarness()
    const browser = await h.signIn('admin', 'rosa')
    expect(faultsOf(await (await change(browser, password, { current: 'Wrong-Horse-9' })).text())).toEqual({
      current_password: 'This is not your current password.',
    })
  })

  it('counts wrong current ones like tries at the door', async () => {
    const h = await createCheapHarness()
    const browser = await h.signIn('admin', 'rosa')
    const wrong = async (i: number) => faultsOf(await (await change(browser, 'Better-Horse-10', { current: `Wrong-Horse-${i}` })).text())
    for (let i = 0; i < 4; i++) expect(await wrong(i)).toEqual({ current_password: 'This is not your current password.' })
    expect(await wrong(4)).toEqual({ current_password: 'This is not your current password. Too many tries. Try again in 10 minutes.' })
    const right = await change(browser, 'Better-Horse-10')
    expect(right.status).toBe(422)
    expect(faultsOf(await right.text())).toEqual({ current_password: 'Too many tries. Try again in 10 minutes.' })
    const trail = (await h.deps.db.select().from(auditEvents)).filter(({ eventType }) => eventType === 'password_changed')
    expect(trail.map(({ outcome }) => outcome)).toEqual([...Array(5).fill('failure'), 'blocked'])
    h.clock.now += 10 * 60_000
    expect((await change(browser, 'Better-Horse-10')).status).toBe(303)
  })

  it('twice at once changes it once', async () => {
    const h = await createCheapHarness()
    const browser = await h.signIn('admin', 'rosa')
    const answers = await Promise.all([change(browser, 'Better-Horse-10'), change(browser, 'Better-Horse-11')])
    expect(answers.filter((answer) => location(answer) === '/login?password_changed=1')).toHaveLength(1)
    expect(await h.deps.db.select().from(passwordHistory)).toHaveLength(1)
    expect(await h.deps.db.select().from(sessions)).toEqual([])
  })
})

describe('whoever has to change it', () => {
  it('is led there from every page until it is changed, and can sign out', async () => {
    const h = await createCheapHarness()
    const browser = await h.signIn('admin', 'rosa')
    await h.deps.db.update(users).set({ mustChangePassword: true })
    for (const path of ['/', '/dashboard', '/community', '/community/add', '/logs', '/account/sessions', '/logs/status?ids=1']) {
      const answer = await browser.get(path)
      expect([path, answer.status, location(answer)]).toEqual([path, 303, '/account/password'])
    }
    expect(location(await browser.post('/community/add', { phone: '3235550142' }))).toBe('/account/password')
    const poll = await browser.request('/logs/status?ids=1', { headers: { 'hx-request': 'true' } })
    expect([poll.status, poll.headers.get('hx-redirect')]).toEqual([403, '/account/password'])
    expect(await browser.text('/account/password')).toContain('Choose a new password first.')

    expect((await change(browser, 'weak')).status).toBe(422)
    expect(location(await browser.get('/community'))).toBe('/account/password')
    expect((await change(browser, 'Better-Horse-10')).status).toBe(303)
    const { browser: again } = await signInAs(h, 'rosa', 'Better-Horse-10')
    expect((await again.get('/community')).status).toBe(200)
    expect(await again.text('/account/password')).not.toContain('Choose a new password first.')

    await h.deps.db.update(users).set({ mustChangePassword: true })
    expect(location(await again.post('/logout'))).toBe('/login?signed_out=1')
  })

  it('a visitor has no password to change', async () => {
    const h = await createCheapHarness()
    const visitor = h.createBrowser()
    for (const path of ['/account/password', '/account/sessions']) {
      expect(location(await visitor.get(path))).toBe(`/login?next=${encodeURIComponent(path)}`)
    }
    expect(location(await visitor.post('/account/password', { new_password: 'Better-Horse-10' }))).toBe('/login')
  })
})
