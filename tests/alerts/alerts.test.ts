import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { raiseAlert } from '../../src/alerts/alerts'
import { alertText } from '../../src/alerts/words'
import { alertKinds, auditEvents, securityAlerts, suppressedContacts, unsubscribedContacts, users } from '../../src/db/schema'
import { runCron, runJob } from '../../src/jobs'
import { createSimulator } from '../../src/simulator/provider'
import type { SendOutcome, SendRequest } from '../../src/sms/provider'
import { countParts } from '../../src/sms/segments'
import { resetPassword } from '../../src/users/reset-password'
import { createCheapHarness } from '../auth/cheap-harness'
import { origin, password } from '../support/harness'

type Harness = Awaited<ReturnType<typeof open>>
const phone = '+13235550142'
const minute = 60_000
const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0'
const accepted: SendOutcome = { kind: 'accepted', sid: 'SM1', status: 'queued', parts: 1 }

async function open() {
  const h = await createCheapHarness()
  const texts: SendRequest[] = []
  const answers: SendOutcome[] = []
  h.deps.sms = {
    ...h.deps.sms,
    async send(request) {
      texts.push(request)
      return answers.shift() ?? accepted
    },
  }
  const rosa = await h.addUser('rosa', 'admin')
  await h.deps.db.update(users).set({ phone })
  /** Every nudge that waits, at its time. */
  async function work() {
    for (let nudge = h.nudges.shift(); nudge; nudge = h.nudges.shift()) {
      h.clock.now += nudge.delayMs
      await runJob(h.deps, nudge.job)
    }
  }
  const told = async () => {
    await work()
    return texts.splice(0).map(({ body }) => body)
  }
  const trail = async () =>
    (await h.deps.db.select().from(auditEvents))
      .filter(({ eventType }) => eventType.startsWith('alert'))
      .map(({ eventType, outcome, username, subject }) => [eventType, outcome, username, subject])
  return { ...h, rosa, texts, answers, told, trail, work }
}

async function signIn(h: Harness, browser = h.createBrowser(), typed = password) {
  const body = new URLSearchParams({ username: 'rosa', password: typed })
  await browser.request('/login', { method: 'POST', body, headers: { origin, 'user-agent': firefox } })
  return browser
}

const change = (browser: Awaited<ReturnType<typeof signIn>>, from: string, to: string) =>
  browser.post('/account/password', { current_password: from, new_password: to, confirm_password: to })

describe('a user with a phone is told by text', () => {
  it('of a sign-in with a new browser, not of the next one with it', async () => {
    const h = await open()
    const browser = await signIn(h)
    expect(h.texts).toEqual([])
    expect(await h.told()).toEqual([
      'SMS Admin: rosa signed in with Firefox on Windows, for the first time. Not you? Change your password at once.',
    ])
    h.clock.now += 20 * minute
    await signIn(h, browser)
    expect(await h.told()).toEqual([])
    expect(await h.trail()).toEqual([['alert_sent', 'success', '', 'user rosa: new browser']])
  })

  it('of a lock, whichever it is, when it falls', async () => {
    const h = await open()
    for (let i = 0; i < 4; i++) await signIn(h, h.createBrowser(), 'Wrong-Horse')
    expect(await h.told()).toEqual([])
    for (let i = 0; i < 3; i++) await signIn(h, h.createBrowser(), 'Wrong-Horse')
    expect(await h.told()).toEqual([
      'SMS Admin: too many wrong passwords for rosa. Signing in is locked for 10 min. Not you? Tell an admin.',
    ])
    expect(await h.trail()).toEqual([['alert_sent', 'success', '', 'user rosa: locked out']])
  })

  it('of a new password, their own, an admin’s or the shell’s, and not of a browser that it was changed in', async () => {
    const h = await open()
    const browser = await signIn(h)
    await h.told()
    h.clock.now += 20 * minute
    expect((await change(browser, password, 'Better-Horse-10')).status).toBe(303)
    await signIn(h, browser, 'Better-Horse-10')
    expect(await h.told()).toEqual(['SMS Admin: the password of rosa was changed. Not you? Tell an admin at once.'])
    const admin = await h.signIn('admin', 'ada')
    await admin.post(`/users/${h.rosa.id}/edit`, { username: 'rosa', role: 'admin', phone, password: 'Better-Horse-11' })
    const given = 'SMS Admin: rosa was given a new password by an admin. Not asked for? Tell them at once.'
    expect(await h.told()).toEqual([given])
    h.clock.now += 20 * minute
    await resetPassword(h.deps, 'rosa', 'Better-Horse-12')
    expect(await h.told()).toEqual([given])
  })

  it('not where nothing changed, or nothing came of it', async () => {
    const h = await open()
    const browser = await signIn(h)
    await h.told()
    await change(browser, 'Wrong-Horse', 'Better-Horse-10')
    await change(browser, password, 'weak')
    const admin = await h.signIn('admin', 'ada')
    await admin.post(`/users/${h.rosa.id}/edit`, { username: 'rosa', role: 'admin', phone, password: '' })
    for (let i = 0; i < 8; i++) await h.createBrowser().post('/login', { username: 'nobody', password: 'x' })
    expect(await h.told()).toEqual([])
  })

  it('of each kind once in 15 minutes, however many there are and at once', async () => {
    const h = await open()
    await Promise.all(Array.from({ length: 6 }, () => signIn(h)))
    h.clock.now += 14 * minute
    await signIn(h)
    expect(await h.told()).toHaveLength(1)
    for (let i = 0; i < 5; i++) await signIn(h, h.createBrowser(), 'Wrong-Horse')
    expect(await h.told()).toHaveLength(1)
    h.clock.now += 15 * minute
    await signIn(h)
    expect(await h.told()).toHaveLength(1)
  })

  it('in one part, with nothing in it that is secret', async () => {
    const h = await open()
    const browser = await signIn(h)
    await change(browser, password, 'Better-Horse-10')
    await h.work()
    const all = h.texts.map(({ body }) => body).join()
    for (const secret of [password, 'Better-Horse-10', phone, ...browser.jar.values()]) expect(all).not.toContain(secret)
    for (const kind of alertKinds) {
      expect(countParts(alertText(kind, 'x'.repeat(100), 'Samsung Internet on a Chromebook', 1440))).toMatchObject({ parts: 1 })
    }
  })

  it('on the pretend phone of the simulator', async () => {
    const h = await open()
    const { db, now, sleep } = h.deps
    h.deps.sms = createSimulator({ db, now, sleep, from: '+13236300201' })
    const browser = await signIn(h)
    await h.work()
    expect(await browser.text(`/simulator/phones?search=5550142`)).toContain('signed in with Firefox on Windows')
    h.clock.now += minute
    await runJob(h.deps, { type: 'receipts' })
    expect(h.logged).toEqual([])
  })
})

describe('nobody is texted', () => {
  it('without a phone', async () => {
    const h = await open()
    await h.deps.db.update(users).set({ phone: null })
    await signIn(h)
    expect(await h.told()).toEqual([])
    expect(await h.trail()).toEqual([])
    expect(await h.deps.db.select().from(securityAlerts)).toEqual([])
  })

  it.each([
    ['has opted out', (h: Harness) => h.deps.db.insert(unsubscribedContacts).values({ phone, source: 'inbound', createdAt: 1 })],
    [
      'does not work',
      (h: Harness) =>
        h.deps.db.insert(suppressedContacts).values({ phone, category: 'hard_fail', source: 'message_failure', createdAt: 1 }),
    ],
  ])('whose phone %s, by the moment the text leaves', async (_, block) => {
    const h = await open()
    await signIn(h)
    await block(h)
    expect(await h.told()).toEqual([])
    expect(await h.trail()).toEqual([['alert_failed', 'failure', '', 'user rosa: new browser; the phone has opted out or does not work']])
  })
})

describe('an alert that fails', () => {
  it.each<[SendOutcome, string]>([
    [{ kind: 'refused', code: 21606, httpStatus: 400 }, 'refused, code 21606'],
    [{ kind: 'unknown', reason: 'HTTP 500' }, 'no answer, it may have arrived'],
  ])('%j is in the audit trail, and is not sent again', async (outcome, why) => {
    const h = await open()
    h.answers.push(outcome)
    const browser = await signIn(h)
    expect((await browser.get('/community')).status).toBe(200)
    expect(await h.told()).toHaveLength(1)
    h.clock.now += 10 * minute
    await runCron(h.deps)
    expect(await h.told()).toEqual([])
    expect(await h.trail()).toEqual([['alert_failed', 'failure', '', `user rosa: new browser; ${why}`]])
  })

  it('because the provider was busy or away goes again, three times in all', async () => {
    const h = await open()
    h.answers.push({ kind: 'throttled', retryAfterMs: 90_000 }, { kind: 'not_sent', reason: 'DNS' })
    const started = h.clock.now
    await signIn(h)
    expect(await h.told()).toHaveLength(3)
    expect(h.clock.now - started).toBe(120_000)
    expect(await h.trail()).toEqual([['alert_sent', 'success', '', 'user rosa: new browser']])
    h.clock.now += 20 * minute
    for (let i = 0; i < 3; i++) h.answers.push({ kind: 'not_sent', reason: 'DNS' })
    await signIn(h)
    expect(await h.told()).toHaveLength(3)
    expect((await h.trail()).at(-1)).toEqual(['alert_failed', 'failure', '', 'user rosa: new browser; the provider was not reached'])
  })

  it('to be raised keeps nobody from signing in', async () => {
    const h = await open()
    h.deps.queue = { send: () => Promise.reject(new Error('queue is down')) }
    const browser = await signIn(h)
    expect((await browser.get('/community')).status).toBe(200)
    expect(h.logged.map(({ event }) => event)).toEqual(['alert not raised'])
    const db = { run: () => Promise.reject(new Error('the disk is full')) } as unknown as Harness['deps']['db']
    await expect(raiseAlert({ ...h.deps, db }, h.rosa, 'lockout')).resolves.toBeUndefined()
    expect(h.logged).toHaveLength(2)
  })

  it('whose nudge was lost is sent by the next pass', async () => {
    const h = await open()
    await signIn(h)
    h.nudges.length = 0
    await runCron(h.deps)
    expect(await h.told()).toHaveLength(1)
  })

  it('that could not be recorded is recorded by a later pass, and not sent again', async () => {
    const h = await open()
    await signIn(h)
    await h.d1.prepare("CREATE TRIGGER full BEFORE INSERT ON audit_events BEGIN SELECT RAISE(ABORT, 'disk full'); END").run()
    await h.work().catch(() => undefined)
    await h.d1.prepare('DROP TRIGGER full').run()
    h.clock.now += 5 * minute
    await runCron(h.deps)
    expect(await h.told()).toHaveLength(1)
    expect(await h.trail()).toEqual([['alert_failed', 'failure', '', 'user rosa: new browser; no answer, it may have arrived']])
  })

  it('in a process that died with it is given up, never sent twice', async () => {
    const h = await open()
    await signIn(h)
    await h.deps.db.run(sql`UPDATE security_alerts SET due_at = NULL, claimed_at = ${h.clock.now}`)
    h.clock.now += 5 * minute
    await runCron(h.deps)
    expect(await h.told()).toEqual([])
    expect(await h.trail()).toEqual([['alert_failed', 'failure', '', 'user rosa: new browser; no answer, it may have arrived']])
  })

  it('two that send at once send it once', async () => {
    const h = await open()
    await signIn(h)
    await Promise.all([runJob(h.deps, { type: 'alerts' }), runJob(h.deps, { type: 'alerts' })])
    expect(h.texts).toHaveLength(1)
  })
})

it('what is told of is forgotten after a day', async () => {
  const h = await open()
  await signIn(h)
  await h.told()
  h.clock.now += 86_400_001
  await runCron(h.deps)
  expect(await h.deps.db.select().from(securityAlerts)).toEqual([])
})
