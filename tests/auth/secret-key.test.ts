import { expect, it } from 'vitest'
import { createApp } from '../../src/app'
import { keyedHash } from '../../src/auth/keyed-hash'
import { readConfig } from '../../src/config'
import { rememberedDevices, sessions } from '../../src/db/schema'
import { origin, password } from '../support/harness'
import { createCheapHarness } from './cheap-harness'

const before = 'test-key-0123456789-0123456789-0123456789'
const after = 'new-key-0123456789-0123456789-01234567890'

/** Rosa is signed in under the key of before; `under` is the app with other keys on the same database. */
async function open() {
  const h = await createCheapHarness({ TRUST_PROXY: '1' })
  const browser = await h.signIn('admin', 'rosa')
  const under = (settings: Record<string, string>) => {
    const config = readConfig({ APP_ENV: 'development', TRUST_PROXY: '1', ...settings }, 'node')
    const app = createApp({ ...h.deps, config })
    const cookie = [...browser.jar].map(([name, value]) => `${name}=${value}`).join('; ')
    return {
      get: async (path: string) => (await app.request(`${origin}${path}`, { headers: { cookie } })).status,
      signIn: async (typed: string, address: string, jar = cookie) => {
        const body = new URLSearchParams({ username: 'rosa', password: typed })
        const headers = { cookie: jar, origin, 'x-forwarded-for': address }
        return (await app.request(`${origin}/login`, { method: 'POST', body, headers })).status
      },
    }
  }
  return { ...h, under }
}

it('a new SECRET_KEY with the one before beside it signs nobody out, and both pass to the new one as they are used', async () => {
  const h = await open()
  const rotated = h.under({ SECRET_KEY: after, SECRET_KEY_PREVIOUS: before })
  const [old] = await h.deps.db.select().from(sessions)
  expect(await Promise.all([rotated.get('/community'), rotated.get('/community')])).toEqual([200, 200])
  const [moved, ...more] = await h.deps.db.select().from(sessions)
  expect(more).toEqual([])
  expect(moved?.id).not.toBe(old?.id)
  // Without the one before, too, from now on; and the old key alone opens nothing any more.
  expect(await h.under({ SECRET_KEY: after }).get('/community')).toBe(200)
  expect(await h.under({ SECRET_KEY: before }).get('/community')).toBe(303)
})

it('a remembered browser stays known', async () => {
  const h = await open()
  const rotated = h.under({ SECRET_KEY: after, SECRET_KEY_PREVIOUS: before })
  for (let i = 0; i < 8; i++) await rotated.signIn('Wrong-Horse', `203.0.113.${i}`, '')
  expect(await rotated.signIn(password, '192.0.2.1', '')).toBe(422)
  expect(await h.under({ SECRET_KEY: after }).signIn(password, '192.0.2.1')).toBe(422)
  expect(await rotated.signIn(password, '192.0.2.1')).toBe(303)
  expect(await h.deps.db.select().from(rememberedDevices)).toHaveLength(1)
})

it('nothing new is stored under the key of before', async () => {
  const h = await open()
  await h.deps.db.delete(sessions)
  await h.deps.db.delete(rememberedDevices)
  const config = readConfig({ APP_ENV: 'development', SECRET_KEY: after, SECRET_KEY_PREVIOUS: before }, 'node')
  const body = new URLSearchParams({ username: 'rosa', password })
  const answer = await createApp({ ...h.deps, config }).request(`${origin}/login`, { method: 'POST', body, headers: { origin } })
  const cookieOf = (name: string) => new RegExp(`${name}=([^;]+)`).exec(answer.headers.getSetCookie().join('\n'))?.[1] ?? ''
  const [session] = await h.deps.db.select().from(sessions)
  const [device] = await h.deps.db.select().from(rememberedDevices)
  const alone = { config: readConfig({ APP_ENV: 'development', SECRET_KEY: after }, 'node') }
  expect(session?.id).toBe(await keyedHash(alone, 'session', decodeURIComponent(cookieOf('sms_admin_session'))))
  expect(device?.tokenHash).toBe(await keyedHash(alone, 'device', cookieOf('sms_admin_device')))
})
