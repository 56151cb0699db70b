import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { createApp } from '../../src/app'
import { readConfig } from '../../src/config'
import { auditEvents, rememberedDevices, securityAlerts, sessions, users } from '../../src/db/schema'
import { runCron } from '../../src/jobs'
import { resetSecondFactor } from '../../src/users/reset-second-factor'
import { createCheapHarness, location } from '../auth/cheap-harness'
import { password } from '../support/harness'
import { halfWay, isIn, openWithFactor, sendCode, setUp } from './with-factor'

describe('REQUIRE_SECOND_FACTOR', () => {
  it('leads whoever has none to set it up, and nowhere else until then', async () => {
    const h = await createCheapHarness({ REQUIRE_SECOND_FACTOR: '1' })
    const rosa = await h.signIn('social_manager', 'rosa')
    for (const path of ['/dashboard', '/community', '/account/password', '/account/sessions', '/users'])
      expect([path, location(await rosa.get(path))]).toEqual([path, '/account/second-factor'])
    expect(await rosa.text('/account/second-factor')).toContain('Set this up first.')
    await setUp(h, rosa)
    expect(await isIn(rosa)).toBe(true)
  })

  it('comes after the new password that an admin asked for', async () => {
    const h = await createCheapHarness({ REQUIRE_SECOND_FACTOR: '1' })
    const rosa = await h.signIn('social_manager', 'rosa')
    await h.deps.db.update(users).set({ mustChangePassword: true })
    expect(location(await rosa.get('/dashboard'))).toBe('/account/password')
    expect(location(await rosa.get('/account/second-factor'))).toBe('/account/password')
    const changed = { current_password: password, new_password: 'Better-Horse-10', confirm_password: 'Better-Horse-10' }
    expect((await rosa.post('/account/password', changed)).status).toBe(303)
    await rosa.post('/login', { username: 'rosa', password: 'Better-Horse-10' })
    expect(location(await rosa.get('/dashboard'))).toBe('/account/second-factor')
  })

  it('off, asks nobody', async () => {
    const h = await createCheapHarness({ REQUIRE_SECOND_FACTOR: '0' })
    expect(await isIn(await h.signIn('social_manager'))).toBe(true)
  })
})

describe('an admin', () => {
  it('sees who has one', async () => {
    const h = await openWithFactor()
    await h.addUser('tom', 'social_manager')
    const list = await h.rosa.text('/users')
    const rows = [...list.matchAll(/<tr role="row" id=.*?<\/tr>/gs)].map(([row]) => row)
    expect(rows.map((row) => [/rosa|tom/.exec(row)?.[0], /(On|Off)<\/span>/.exec(row)?.[1]])).toEqual([
      ['rosa', 'On'],
      ['tom', 'Off'],
    ])
    expect(await h.rosa.text('/users/1/edit')).toContain('On since')
    expect(await h.rosa.text('/users/2/edit')).toContain('Off: the password alone signs in.')
  })

  it('takes one away for a lost phone: the user is signed out, told, and signs in by the password', async () => {
    const h = await openWithFactor()
    await h.deps.db.run(sql`UPDATE users SET phone = '+13235550142'`)
    const tom = await h.signIn('admin', 'tom')
    const waiting = await halfWay(h)
    // Somebody locks rosa out meanwhile, and none of her browsers will be known any more.
    for (let i = 0; i < 5; i++) await sendCode(await halfWay(h), '000000')
    const path = '/users/1/reset-second-factor'
    expect(await tom.text(path)).toContain('Take the sign-in code of rosa away?')
    expect(location(await tom.post(path))).toBe('/users/1/edit')
    expect(await tom.text('/users/1/edit')).toContain('rosa has no sign-in code any more.')
    expect(await isIn(h.rosa)).toBe(false)
    expect(await sendCode(waiting, h.code())).toBe('again')
    expect((await h.deps.db.select().from(rememberedDevices)).filter(({ userId }) => userId === 1)).toEqual([])
    expect(location(await h.createBrowser().post('/login', { username: 'rosa', password }))).toBe('/dashboard')
    const alerts = await h.deps.db.select().from(securityAlerts)
    expect(alerts.map(({ kind, userId }) => [kind, userId])).toContainEqual(['second_factor_reset', 1])
    const trail = await h.deps.db.select().from(auditEvents)
    expect(trail.filter(({ eventType }) => eventType === 'second_factor_reset')).toMatchObject([{ username: 'tom', subject: 'user rosa' }])
  })

  it('cannot take away what is not there, and signs nobody out by trying; nor their own', async () => {
    const h = await openWithFactor()
    const tom = await h.signIn('social_manager', 'tom')
    for (const ask of [h.rosa.get, h.rosa.post]) {
      expect((await ask('/users/2/reset-second-factor')).status).toBe(409)
      expect((await ask('/users/1/reset-second-factor')).status).toBe(409)
      expect((await ask('/users/9/reset-second-factor')).status).toBe(404)
    }
    expect(await isIn(tom)).toBe(true)
    expect((await tom.post('/users/1/reset-second-factor')).status).toBe(403)
  })

  it('alone, has the shell', async () => {
    const h = await openWithFactor()
    for (let i = 0; i < 5; i++) await sendCode(await halfWay(h), '000000')
    expect(await resetSecondFactor(h.deps, 'nobody')).toEqual({ kind: 'nobody' })
    expect(await resetSecondFactor(h.deps, 'ROSA')).toEqual({ kind: 'done', username: 'rosa' })
    expect(await resetSecondFactor(h.deps, 'rosa')).toEqual({ kind: 'none', username: 'rosa' })
    expect(await h.deps.db.select().from(sessions)).toEqual([])
    expect(location(await h.createBrowser().post('/login', { username: 'rosa', password }))).toBe('/dashboard')
    const trail = await h.deps.db.select().from(auditEvents)
    expect(trail.filter(({ eventType }) => eventType === 'second_factor_reset')).toMatchObject([
      { userId: null, username: '', subject: 'user rosa, from the shell' },
    ])
  })
})

describe('a new SECRET_KEY', () => {
  const before = 'test-key-0123456789-0123456789-0123456789'
  const after = 'new-key-0123456789-0123456789-01234567890'

  async function openUnder(settings: Record<string, string>) {
    const h = await openWithFactor()
    const under = (keys: Record<string, string>) => {
      const deps = { ...h.deps, config: readConfig({ APP_ENV: 'development', TRUST_PROXY: '1', ...keys }, 'node') }
      const app = createApp(deps)
      // What the browsers of the harness ask from here on.
      h.app.request = app.request
      return deps
    }
    return { ...h, under, deps: under(settings) }
  }
  const sealed = ({ deps }: { deps: Awaited<ReturnType<typeof openWithFactor>>['deps'] }) =>
    deps.db.get<{ secret: string }>(sql`SELECT second_factor_secret AS secret FROM users`)

  it('opens what the one before sealed, which is sealed anew as it is used; recovery codes stay good', async () => {
    const h = await openUnder({ SECRET_KEY: after, SECRET_KEY_PREVIOUS: before })
    const old = await sealed(h)
    expect(await sendCode(await halfWay(h), h.code())).toBe('in')
    expect(await sealed(h)).not.toEqual(old)
    h.under({ SECRET_KEY: after })
    expect(await sendCode(await halfWay(h), h.code(1))).toBe('in')
    expect(await sendCode(await halfWay(h), h.recovery[0] ?? '')).toBe('in')
  })

  it('seals anew, within a minute, what nobody uses', async () => {
    const h = await openUnder({ SECRET_KEY: after, SECRET_KEY_PREVIOUS: before })
    await runCron(h.deps)
    const once = await sealed(h)
    await runCron(h.deps)
    expect(await sealed(h)).toEqual(once)
    h.under({ SECRET_KEY: after })
    expect(await sendCode(await halfWay(h), h.code())).toBe('in')
  })

  it('alone, can check no code: the next step is said, and nobody gets in', async () => {
    const h = await openUnder({ SECRET_KEY: after })
    expect(await sendCode(await halfWay(h), h.code())).toBe('Codes cannot be checked any more.')
    expect(await sendCode(await halfWay(h), h.recovery[0] ?? '')).toBe('Codes cannot be checked any more.')
  })
})
