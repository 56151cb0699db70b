import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { recoveryCodes, securityAlerts, sessions, users } from '../../src/db/schema'
import { createCheapHarness, location } from '../auth/cheap-harness'
import { password } from '../support/harness'
import { codeAt, codesOn, halfWay, isIn, openWithFactor, secretOn, sendCode, setUp } from './with-factor'

const home = '/account/second-factor'
const wrong = 'Wrong-Horse-9-Battery'

describe('setting up', () => {
  it('shows a QR code and the key, asks for code and password, and shows ten codes once', async () => {
    const h = await createCheapHarness()
    const rosa = await h.signIn('admin', 'rosa')
    expect(location(await rosa.post(`${home}/begin`))).toBe(`${home}/set-up`)
    const page = await rosa.text(`${home}/set-up`)
    const secret = secretOn(page)
    expect(secret).toHaveLength(32)
    expect(page).toMatch(/<svg class="qr" viewBox="0 0 \d+ \d+" role="img"/)
    expect(page).toContain(`otpauth://totp/SMS%20Admin:rosa?issuer=SMS%20Admin&amp;secret=${secret}`)
    const answer = await rosa.post(`${home}/set-up`, { code: codeAt(secret, h.clock.now), current_password: password })
    const shown = await answer.text()
    expect(new Set(codesOn(shown)).size).toBe(10)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(shown).not.toContain(secret)
    expect(await rosa.text(home)).toContain('<strong>10 codes left.</strong>')
    for (const path of [home, `${home}/set-up`, `${home}/turn-off`, `${home}/recovery-codes`]) {
      const later = await rosa.text(path)
      expect([path, codesOn(later), secretOn(later), later.includes(secret)]).toEqual([path, [], '', false])
    }
  })

  it('is in force only once it is confirmed', async () => {
    const h = await createCheapHarness()
    const rosa = await h.signIn('admin', 'rosa')
    await rosa.post(`${home}/begin`)
    expect(location(await h.createBrowser().post('/login', { username: 'rosa', password }))).toBe('/dashboard')
  })

  it.each([
    ['wrong code', { code: '000000', current_password: password }],
    ['code of two steps ago', null],
    ['wrong password', { current_password: wrong }],
    ['nothing', {}],
  ])('refuses %s, and turns nothing on', async (what, given) => {
    const h = await createCheapHarness()
    const rosa = await h.signIn('admin', 'rosa')
    await rosa.post(`${home}/begin`)
    const secret = secretOn(await rosa.text(`${home}/set-up`))
    const right = { code: codeAt(secret, h.clock.now), current_password: password }
    const late = { ...right, code: codeAt(secret, h.clock.now, -2) }
    const fields = what === 'nothing' ? {} : given === null ? late : { ...right, ...given }
    const answer = await rosa.post(`${home}/set-up`, fields)
    expect(answer.status).toBe(422)
    // The same key still: what was scanned is good.
    expect(secretOn(await answer.text())).toBe(secret)
    expect(await h.deps.db.select().from(recoveryCodes)).toEqual([])
  })

  it('counts wrong passwords like those at the door', async () => {
    const h = await createCheapHarness()
    const rosa = await h.signIn('admin', 'rosa')
    await rosa.post(`${home}/begin`)
    const secret = secretOn(await rosa.text(`${home}/set-up`))
    const code = codeAt(secret, h.clock.now)
    for (let i = 0; i < 5; i++) await rosa.post(`${home}/set-up`, { code, current_password: wrong })
    const shut = await rosa.post(`${home}/set-up`, { code, current_password: password })
    expect([shut.status, (await shut.text()).includes('Too many tries.')]).toEqual([422, true])
  })

  it('takes no secret but that of its own session, and that for 15 minutes', async () => {
    const h = await createCheapHarness()
    const rosa = await h.signIn('admin', 'rosa')
    const other = h.createBrowser()
    await other.post('/login', { username: 'rosa', password })
    await rosa.post(`${home}/begin`)
    const secret = secretOn(await rosa.text(`${home}/set-up`))
    expect(location(await other.get(`${home}/set-up`))).toBe(home)
    const fields = { code: codeAt(secret, h.clock.now), current_password: password, secret }
    expect(location(await other.post(`${home}/set-up`, fields))).toBe(home)
    h.clock.now += 15 * 60_000
    const late = await rosa.post(`${home}/set-up`, { ...fields, code: codeAt(secret, h.clock.now) })
    expect(location(late)).toBe(home)
    expect(await rosa.text(home)).toContain('That took too long.')
    expect(await h.deps.db.get(sql`SELECT 1 FROM users WHERE second_factor_secret IS NOT NULL`)).toBeUndefined()
  })

  it('from two tabs at once turns one on, whose recovery codes are the stored ones', async () => {
    const h = await createCheapHarness()
    const rosa = await h.signIn('admin', 'rosa')
    await rosa.post(`${home}/begin`)
    const secret = secretOn(await rosa.text(`${home}/set-up`))
    const fields = { code: codeAt(secret, h.clock.now), current_password: password }
    const answers = await Promise.all([rosa.post(`${home}/set-up`, fields), rosa.post(`${home}/set-up`, fields)])
    const shown = (await Promise.all(answers.map((answer) => answer.text()))).flatMap(codesOn)
    expect(shown).toHaveLength(10)
    expect(await sendCode(await halfWay(h), shown[3] ?? '')).toBe('in')
  })

  it('ends the sessions that the password alone began, but its own and those of others; refused, none', async () => {
    const h = await createCheapHarness()
    const rosa = await h.signIn('admin', 'rosa')
    const tom = await h.signIn('admin', 'tom')
    const elsewhere = h.createBrowser()
    await elsewhere.post('/login', { username: 'rosa', password, remember: '1' })
    await rosa.post(`${home}/begin`)
    expect((await rosa.post(`${home}/set-up`, { code: '000000', current_password: password })).status).toBe(422)
    expect(await isIn(elsewhere)).toBe(true)
    await setUp(h, rosa)
    expect(await Promise.all([elsewhere, rosa, tom].map(isIn))).toEqual([false, true, true])
  })

  it('ends a sign-in by the password alone that was under way', async () => {
    const h = await createCheapHarness()
    const rosa = await h.signIn('admin', 'rosa')
    const { scrypt } = h.deps
    h.deps.scrypt = async (...work) => {
      h.deps.scrypt = scrypt
      // The user was read, and had none.
      await setUp(h, rosa)
      return scrypt(...work)
    }
    const late = h.createBrowser()
    expect((await late.post('/login', { username: 'rosa', password })).status).toBe(303)
    expect(await isIn(late)).toBe(false)
    expect(await h.deps.db.select().from(sessions)).toHaveLength(1)
  })

  it('spends the code that proved it', async () => {
    const h = await openWithFactor()
    h.clock.now -= 60_000
    expect(await sendCode(await halfWay(h), h.code())).toBe('This code was used already.')
  })
})

describe.each([
  ['turn-off', 'turned off'],
  ['recovery-codes', 'new codes'],
])('%s', (what) => {
  const path = `${home}/${what}`

  it('asks for the password and a code, each of which counts when it is wrong', async () => {
    const h = await openWithFactor()
    expect((await h.rosa.post(path, { current_password: password })).status).toBe(422)
    expect((await h.rosa.post(path, { code: h.code() })).status).toBe(422)
    const guessing = await h.rosa.post(path, { current_password: wrong, code: h.code() })
    expect(guessing.status).toBe(422)
    for (let i = 0; i < 4; i++) expect((await h.rosa.post(path, { current_password: password, code: '000000' })).status).toBe(422)
    const shut = await h.rosa.post(path, { current_password: password, code: h.code() })
    expect([shut.status, (await shut.text()).includes('Too many tries.')]).toEqual([422, true])
    expect(await h.rosa.text(home)).toContain('10 codes left.')
  })

  it('takes a recovery code as well', async () => {
    const h = await openWithFactor()
    const answer = await h.rosa.post(path, { current_password: password, code: h.recovery[0] ?? '' })
    expect(answer.status).toBe(what === 'turn-off' ? 303 : 200)
  })
})

it('turned off, the password alone signs in, and nothing of it is left', async () => {
  const h = await openWithFactor()
  const [waiting, other] = await Promise.all([halfWay(h), halfWay(h)])
  expect(location(await h.rosa.post(`${home}/turn-off`, { current_password: password, code: h.code() }))).toBe(home)
  expect(await h.rosa.text(home)).toContain('Your sign-in code is off.')
  expect(await sendCode(waiting, h.code(1))).toBe('again')
  expect(location(await h.createBrowser().post('/login', { username: 'rosa', password }))).toBe('/dashboard')
  expect(await h.deps.db.select().from(recoveryCodes)).toEqual([])
  const [rosa] = await h.deps.db.select().from(users)
  expect(rosa).toMatchObject({ secondFactorSecret: null, secondFactorAt: null })
  // For the next phone another key.
  const { secret } = await setUp(h, h.rosa)
  expect(secret).not.toBe(h.secret)
  // Nor does who stood at the door go on with that one.
  expect(await sendCode(other, codeAt(secret, h.clock.now))).toBe('again')
})

it('the user is told when it is turned on, and when it is turned off', async () => {
  const h = await createCheapHarness()
  const rosa = await h.signIn('admin', 'rosa')
  await h.deps.db.run(sql`UPDATE users SET phone = '+13235550142'`)
  const told = async () => (await h.deps.db.select().from(securityAlerts)).map(({ kind }) => kind)
  const { secret } = await setUp(h, rosa)
  expect(await told()).toEqual(['second_factor_on'])
  await rosa.post(`${home}/turn-off`, { current_password: password, code: codeAt(secret, h.clock.now) })
  expect(await told()).toEqual(['second_factor_on', 'second_factor_off'])
})

it('new recovery codes end the old ones', async () => {
  const h = await openWithFactor()
  const answer = await h.rosa.post(`${home}/recovery-codes`, { current_password: password, code: h.code() })
  const fresh = codesOn(await answer.text())
  expect(fresh).toHaveLength(10)
  expect(await sendCode(await halfWay(h), h.recovery[0] ?? '')).toBe('This code is not right.')
  expect(await sendCode(await halfWay(h), fresh[0] ?? '')).toBe('in')
})

it('neither secret nor recovery codes are plain in the database or the log', async () => {
  const h = await openWithFactor()
  await h.rosa.post(`${home}/begin`)
  const other = await h.signIn('admin', 'tom')
  await other.post(`${home}/begin`)
  const pending = secretOn(await other.text(`${home}/set-up`))
  await sendCode(await halfWay(h), h.recovery[0] ?? '')
  const tables = await h.deps.db.all<{ name: string }>(
    sql`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%fts%' AND name NOT LIKE '\\_cf%' ESCAPE '\\'`,
  )
  const rows = await Promise.all(tables.map(({ name }) => h.deps.db.all(sql`SELECT * FROM ${sql.identifier(name)}`)))
  const stored = JSON.stringify([rows, h.logged])
  expect(await h.deps.db.select().from(sessions)).not.toEqual([])
  for (const secret of [h.secret, pending, ...h.recovery, ...h.recovery.map((code) => code.replaceAll('-', ''))]) {
    expect(secret.length).toBeGreaterThan(15)
    expect(stored).not.toContain(secret)
  }
})

it('a sealed secret is of no use in another user’s row', async () => {
  const h = await openWithFactor()
  const tom = await h.addUser('tom', 'admin')
  await h.deps.db.run(sql`
    UPDATE users SET second_factor_secret = (SELECT second_factor_secret FROM users WHERE username = 'rosa'), second_factor_at = 1 WHERE id = ${tom.id}`)
  expect(await sendCode(await halfWay(h, { username: 'tom' }), h.code())).toBe('Codes cannot be checked any more.')
})
