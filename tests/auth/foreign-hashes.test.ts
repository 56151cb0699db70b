import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { scrypt } from '#host'
import { isReadableHash, verifyPassword } from '../../src/auth/passwords'
import { pbkdf2Sha256, slowPbkdf2Sha256 } from '../../src/auth/pbkdf2'
import { cheapCost, createHarness, password } from '../support/harness'

/* Of `Correct-Horse-9`, made with Python's hashlib in the formats of Werkzeug 2 and 3. */
const hashes = {
  pbkdf2: 'pbkdf2:sha256:260000$iYV43jupLdu8HQmQ$d2297e44fc4012bb8c113799d3f6597db5224e05deb26c6b3f99b8375c33a1fb',
  'pbkdf2, other rounds': 'pbkdf2:sha256:1000$r0und5alt$152bc70ebc338a09dd58a06cea2f9aa5a550e377c234886893853eaa3402db9f',
  scrypt:
    'scrypt:32768:8:1$HLs5WP1DWfcbIfd2$5b3ca5cbdda1e879704ab1310f95458cbe12dfbc07caede073c9cff6d92cef3b78ecb3d5c18ddaa4943e08a361fb71041428f08597bea99735f4f03e7440f77f',
}

const bytes = (text: string) => new TextEncoder().encode(text)
const hex = (key: Uint8Array) => [...key].map((byte) => byte.toString(16).padStart(2, '0')).join('')

describe('PBKDF2 with SHA-256', () => {
  // RFC 7914, section 11; the last, from Python's hashlib, has a key and a salt longer than a block of the hash.
  const vectors: [string, string, number, number, string][] = [
    [
      'passwd',
      'salt',
      1,
      64,
      '55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783',
    ],
    ['password', 'salt', 4096, 32, 'c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a'],
    ['k'.repeat(70), 's'.repeat(70), 3, 40, '855392878ae5035946b51c62fffc095263e7ad7cc82a4a959b5a53677356f8b2c5b4f60e06ee5dde'],
  ]
  it.each(vectors)('of %s', async (secret, salt, rounds, length, key) => {
    expect(hex(await slowPbkdf2Sha256(bytes(secret), bytes(salt), rounds, length))).toBe(key)
    expect(hex(await pbkdf2Sha256(bytes(secret), bytes(salt), rounds, length))).toBe(key)
  })
})

describe('a hash of Werkzeug', () => {
  it.each(Object.entries(hashes))('by %s is verified', async (_, hash) => {
    expect(isReadableHash(hash)).toBe(true)
    expect(await verifyPassword({ scrypt }, password, hash)).toBe(true)
    expect(await verifyPassword({ scrypt }, `${password}!`, hash)).toBe(false)
  })

  it.each([
    '',
    'sha1$salt$00',
    'pbkdf2:sha256:0$salt$00',
    `pbkdf2:sha256:1$salt$${'0'.repeat(31)}`,
    `scrypt:3:8:1$salt$${'0'.repeat(64)}`,
    `scrypt:8388608:999:1$salt$${'0'.repeat(64)}`,
  ])('that makes no sense, %s, lets nobody in', async (hash) => {
    expect(isReadableHash(hash)).toBe(false)
    expect(await verifyPassword({ scrypt }, password, hash)).toBe(false)
  })

  it.each(Object.entries(hashes))('by %s signs in, and is replaced then', async (_, hash) => {
    const h = await createHarness()
    await h.addUser('rosa', 'admin')
    const stored = async () => (await h.deps.db.all<{ hash: string }>(sql`SELECT password_hash AS hash FROM users`))[0]?.hash ?? ''
    await h.deps.db.run(sql`UPDATE users SET password_hash = ${hash}`)
    const browser = h.createBrowser()
    expect((await browser.post('/login', { username: 'rosa', password: 'Wrong-Horse-9' })).status).toBe(422)
    expect(await stored()).toBe(hash)
    expect((await browser.post('/login', { username: 'rosa', password })).status).toBe(303)
    expect(await stored()).toMatch(/^scrypt\$32768\$8\$3\$/)
    expect((await browser.get('/community')).status).toBe(200)
    expect((await h.createBrowser().post('/login', { username: 'rosa', password })).status).toBe(303)
  })

  it('is not replaced where another password came meanwhile, and opens nothing', async () => {
    const h = await createHarness()
    await h.addUser('rosa', 'admin')
    await h.deps.db.run(sql`UPDATE users SET password_hash = ${hashes['pbkdf2, other rounds']}`)
    h.deps.scrypt = async (text, salt, _cost, length) => {
      await h.deps.db.run(sql`UPDATE users SET password_hash = 'another'`)
      return scrypt(text, salt, cheapCost, length)
    }
    const browser = h.createBrowser()
    await browser.post('/login', { username: 'rosa', password })
    expect(await h.deps.db.all(sql`SELECT password_hash AS hash FROM users`)).toEqual([{ hash: 'another' }])
    expect((await browser.get('/community')).status).toBe(303)
  })

  it('takes as much work for a wrong password as a name that does not exist', async () => {
    const h = await createHarness()
    const asked: number[] = []
    h.deps.scrypt = (text, salt, cost, length) => {
      asked.push(cost.p * cost.n)
      return scrypt(text, salt, cheapCost, length)
    }
    await h.addUser('rosa', 'admin')
    await h.deps.db.run(sql`UPDATE users SET password_hash = ${hashes.scrypt}`)
    const workOf = async (username: string) => {
      asked.length = 0
      await h.createBrowser().post('/login', { username, password: 'Wrong-Horse-9' })
      return asked.reduce((sum, work) => sum + work, 0)
    }
    expect(await workOf('rosa')).toBe(await workOf('nobody'))
  })
})
