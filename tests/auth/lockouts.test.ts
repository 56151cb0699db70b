import { describe, expect, it } from 'vitest'
import { hashPassword } from '../../src/auth/passwords'
import { auditEvents, loginAttempts, sessions, users } from '../../src/db/schema'
import { runCron } from '../../src/jobs'
import { cheapCost, createHarness, origin, password } from '../support/harness'
import { createCheapHarness, location } from './cheap-harness'

type Harness = Awaited<ReturnType<typeof createCheapHarness>>
const minute = 60_000
const behindProxy = { TRUST_PROXY: '1' }

/** One try from an address of its own; what it was answered. */
async function tryFrom(h: Harness, address: string, username: string, typed: string) {
  const body = new URLSearchParams({ username, password: typed })
  const answer = await h.app.request(`${origin}/login`, { method: 'POST', body, headers: { origin, 'x-forwarded-for': address } })
  const page = await answer.text()
  if (answer.status === 303) return { result: 'in', page }
  if (answer.status !== 422) throw new Error(`sign-in answered ${answer.status}`)
  return { result: page.includes('Too many tries.') ? 'shut' : page.includes('do not match') ? 'wrong' : 'refused', page }
}

async function fail(h: Harness, times: number, { address = '192.0.2.1', username = 'rosa' } = {}) {
  const answers = []
  for (let i = 0; i < times; i++) answers.push((await tryFrom(h, address, username, `Wrong-Horse-${i}`)).result)
  return answers
}

describe('five wrong passwords for one user from one address', () => {
  it('lock for 10 minutes: the right one is refused too, and the wait is shown, rounded up', async () => {
    const h = await createCheapHarness()
    await h.addUser('rosa', 'admin')
    expect(await fail(h, 4)).toEqual(['wrong', 'wrong', 'wrong', 'wrong'])
    const fifth = await tryFrom(h, '192.0.2.1', 'rosa', 'Wrong-Horse-9')
    expect(fifth.result).toBe('wrong')
    expect(fifth.page).toContain('That was one try too many. Try again in 10 minutes.')

    h.clock.now += 1
    const right = await tryFrom(h, '192.0.2.1', ' ROSA', password)
    expect(right.result).toBe('shut')
    expect(right.page).toMatch(/Too many tries\.<\/strong> ?Try again in 10 minutes\./)
    expect(right.page).toContain('value=" ROSA"')
    expect(right.page).not.toContain(password)
    h.clock.now += 9 * minute + 30_000
    expect((await tryFrom(h, '192.0.2.1', 'rosa', password)).page).toContain('Try again in 1 minute.')
    h.clock.now += 30_000
    expect((await tryFrom(h, '192.0.2.1', 'rosa', password)).result).toBe('in')
  })

  it('do not lock the user out from elsewhere, nor others from there', async () => {
    const h = await createCheapHarness(behindProxy)
    await h.addUser('rosa', 'admin')
    await h.addUser('tom', 'social_manager')
    await fail(h, 5)
    expect((await tryFrom(h, '192.0.2.1', 'rosa', password)).result).toBe('shut')
    expect((await tryFrom(h, '192.0.2.1', 'tom', password)).result).toBe('in')
    expect((await tryFrom(h, '198.51.100.7', 'rosa', password)).result).toBe('in')
  })

  it('count only within 5 minutes', async () => {
    const h = await createCheapHarness()
    await h.addUser('rosa', 'admin')
    await fail(h, 4)
    h.clock.now += 5 * minute + 1
    expect(await fail(h, 4)).toEqual(['wrong', 'wrong', 'wrong', 'wrong'])
    expect((await tryFrom(h, '192.0.2.1', 'rosa', password)).result).toBe('in')
  })

  it('are counted anew after the right one', async () => {
    const h = await createCheapHarness()
    await h.addUser('rosa', 'admin')
    await fail(h, 4)
    expect((await tryFrom(h, '192.0.2.1', 'rosa', password)).result).toBe('in')
    expect(await h.deps.db.select().from(loginAttempts)).toEqual([])
    expect(await fail(h, 5)).toEqual(['wrong', 'wrong', 'wrong', 'wrong', 'wrong'])
  })

  it('a lock is no longer for being knocked at', async () => {
    const h = await createCheapHarness()
    await h.addUser('rosa', 'admin')
    await fail(h, 5)
    for (let i = 0; i < 9; i++) {
      h.clock.now += minute
      expect(await fail(h, 1)).toEqual(['shut'])
    }
    h.clock.now += minute
    expect((await tryFrom(h, '192.0.2.1', 'rosa', password)).result).toBe('in')
  })

  it('at once are still five: the rest of a volley is not looked at', async () => {
    const h = await createCheapHarness()
    await h.addUser('rosa', 'admin')
    const volley = await Promise.all(Array.from({ length: 12 }, () => fail(h, 1)))
    expect(volley.flat().filter((result) => result === 'wrong')).toHaveLength(5)
    expect(volley.flat().filter((result) => result === 'shut')).toHaveLength(7)
    expect(h.work.done).toBe(5)
  })
})

describe('a user and an address', () => {
  it('8 for one user lock it from everywhere', async () => {
    const h = await createCheapHarness(behindProxy)
    await h.addUser('rosa', 'admin')
    await fail(h, 4)
    await fail(h, 4, { address: '198.51.100.7' })
    expect((await tryFrom(h, '203.0.113.9', 'rosa', password)).result).toBe('shut')
    h.clock.now += 10 * minute
    expect((await tryFrom(h, '203.0.113.9', 'rosa', password)).result).toBe('in')
  })

  it('one address alone never gets so far as to lock a user from everywhere', async () => {
    const h = await createCheapHarness(behindProxy)
    await h.addUser('rosa', 'admin')
    for (let i = 0; i < 30; i++) {
      await fail(h, 1)
      h.clock.now += minute / 2
    }
    expect((await tryFrom(h, '203.0.113.9', 'rosa', password)).result).toBe('in')
  })

  it('30 from one address lock it for everyone, and the right password for one does not clear the others', async () => {
    const h = await createCheapHarness({ ...behindProxy, AUTH_MAX_ATTEMPTS_IP: '6' })
    await h.addUser('rosa', 'admin')
    for (const username of ['ann', 'ben', 'cy', 'di']) await fail(h, 1, { username })
    expect((await tryFrom(h, '192.0.2.1', 'rosa', password)).result).toBe('in')
    for (const username of ['ed', 'flo']) await fail(h, 1, { username })
    expect((await tryFrom(h, '192.0.2.1', 'rosa', password)).result).toBe('shut')
    expect((await tryFrom(h, '198.51.100.7', 'rosa', password)).result).toBe('in')
  })

  it.each([
    ['2001:db8:1:2::1', '2001:0DB8:1:2:ffff::9', '2001:db8:1:3::1'],
    ['::1', '0:0:0:0:1::', '0:0:0:1::'],
    ['::ffff:192.0.2.1', '192.0.2.1', '::ffff:192.0.2.2'],
  ])('%s and %s are one client, %s another', async (one, same, other) => {
    const h = await createCheapHarness({ ...behindProxy, AUTH_MAX_ATTEMPTS_IP_ACCOUNT: '1' })
    await h.addUser('rosa', 'admin')
    await fail(h, 1, { address: one })
    expect((await tryFrom(h, same, 'rosa', password)).result).toBe('shut')
    expect((await tryFrom(h, other, 'rosa', password)).result).toBe('in')
  })
})

describe('a name that nobody has', () => {
  it('is answered, worked on and locked like any other', async () => {
    const h = await createCheapHarness({ AUTH_MAX_ATTEMPTS_IP_ACCOUNT: '2' })
    await h.addUser('rosa', 'admin')
    const seen = []
    for (const username of ['rosa', 'nobody']) {
      const before = h.work.done
      const answers = []
      for (let i = 0; i < 3; i++) answers.push(await tryFrom(h, '192.0.2.1', username, 'Wrong-Horse-9'))
      expect(h.work.done - before).toBe(2)
      seen.push(answers.map(({ result, page }) => [result, page.replaceAll(username, '')]))
    }
    expect(seen[0]?.map(([result]) => result)).toEqual(['wrong', 'wrong', 'shut'])
    expect(seen[0]).toEqual(seen[1])
  })
})

it('a name that nobody has costs the same hashing as a wrong password: once, at the same cost, with a device cookie too', async () => {
  const h = await createHarness()
  const work: unknown[] = []
  const { scrypt } = h.deps
  h.deps.scrypt = (text, salt, cost, length) => {
    work.push([cost, salt.length, length])
    return scrypt(text, salt, cheapCost, length)
  }
  await h.addUser('rosa', 'admin')
  await h.deps.db.update(users).set({ passwordHash: await hashPassword(h.deps, password) })
  const seen = []
  for (const username of ['rosa', 'nobody']) {
    for (const cookie of ['', `sms_admin_device=${'a'.repeat(43)}`]) {
      work.length = 0
      const body = new URLSearchParams({ username, password: 'Wrong-Horse-9' })
      await h.app.request(`${origin}/login`, { method: 'POST', body, headers: { origin, cookie } })
      seen.push(JSON.stringify(work))
    }
  }
  expect(JSON.parse(seen[0] ?? '')).toEqual([[{ n: 32_768, r: 8, p: 3 }, 16, 32]])
  expect(new Set(seen).size).toBe(1)
})

describe('a name with capitals beyond ASCII', () => {
  it('finds its user as it is written', async () => {
    const h = await createCheapHarness()
    await h.addUser('Élodie', 'admin')
    expect((await tryFrom(h, '192.0.2.1', 'Élodie', password)).result).toBe('in')
  })
})

describe('afterwards', () => {
  it('the trail tells failures from blocked tries', async () => {
    const h = await createCheapHarness({ AUTH_MAX_ATTEMPTS_IP_ACCOUNT: '1' })
    await h.addUser('rosa', 'admin')
    await fail(h, 1)
    await tryFrom(h, '192.0.2.1', 'rosa', password)
    const trail = await h.deps.db.select().from(auditEvents)
    expect(trail.map(({ eventType, outcome, username, address }) => [eventType, outcome, username, address])).toEqual([
      ['login_failure', 'failure', 'rosa', '192.0.2.1'],
      ['login_blocked', 'blocked', 'rosa', '192.0.2.1'],
    ])
    expect(await h.deps.db.select().from(sessions)).toEqual([])
  })

  it('whoever knocks on and on while locked out does not fill the trail: twenty a minute are told, of all together', async () => {
    const h = await createCheapHarness()
    await fail(h, 5)
    const blocked = async () => (await h.deps.db.select().from(auditEvents)).filter(({ eventType }) => eventType === 'login_blocked').length
    for (let i = 0; i < 19; i++) await tryFrom(h, '192.0.2.1', 'rosa', password)
    await Promise.all(Array.from({ length: 9 }, () => tryFrom(h, '192.0.2.1', 'rosa', password)))
    expect(await blocked()).toBe(20)
    h.clock.now += minute
    await tryFrom(h, '192.0.2.1', 'rosa', password)
    expect(await blocked()).toBe(21)
  })

  it('tries are deleted once they can lock nobody, not before', async () => {
    const h = await createCheapHarness()
    await fail(h, 1, { username: 'nobody' })
    h.clock.now += 15 * minute
    await runCron(h.deps)
    expect(await h.deps.db.select().from(loginAttempts)).toHaveLength(1)
    h.clock.now += 1
    await runCron(h.deps)
    expect(await h.deps.db.select().from(loginAttempts)).toEqual([])
  })

  it('a sign-in that was under way while the password changed opens nothing', async () => {
    const h = await createCheapHarness()
    await h.addUser('rosa', 'admin')
    const { scrypt } = h.deps
    h.deps.scrypt = async (...work) => {
      const key = await scrypt(...work)
      await h.d1.prepare("UPDATE users SET password_hash = 'another'").run()
      return key
    }
    const browser = h.createBrowser()
    await browser.post('/login', { username: 'rosa', password })
    expect(location(await browser.get('/community'))).toBe('/login?next=%2Fcommunity')
    expect(await h.deps.db.select().from(sessions)).toEqual([])
  })
})
