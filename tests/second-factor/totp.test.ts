import { Secret } from 'otpauth'
import { describe, expect, it } from 'vitest'
import { newSecret, setUpAddress, stepOf } from '../../src/second-factor/totp'
import { codeAt } from './with-factor'

/** RFC 6238, appendix B, SHA-1: the last six of its eight digits. */
const vectors: readonly [seconds: number, code: string][] = [
  [59, '287082'],
  [1111111109, '081804'],
  [1111111111, '050471'],
  [1234567890, '005924'],
  [2000000000, '279037'],
  [20000000000, '353130'],
]
const rfcSecret = Secret.fromUTF8('12345678901234567890').base32

describe('codes', () => {
  it.each(vectors)('of RFC 6238 at %i s are taken, at their own step', (seconds, code) => {
    expect(stepOf(rfcSecret, code, seconds * 1000)).toBe(Math.floor(seconds / 30))
  })

  it('may be one step off, and not two', () => {
    const secret = newSecret()
    const now = Date.parse('2026-11-22T17:00:10Z')
    const step = Math.floor(now / 30_000)
    expect([-2, -1, 0, 1, 2].map((off) => stepOf(secret, codeAt(secret, now, off), now))).toEqual([null, step - 1, step, step + 1, null])
  })

  it.each(['', '12345', '1234567', 'abcdef', '١٢٣٤٥٦'])('%j is none', (code) => {
    expect(stepOf(rfcSecret, code, 59_000)).toBeNull()
  })
})

it('a secret has 160 bits, and is another each time', () => {
  const made = Array.from({ length: 50 }, newSecret)
  expect(new Set(made).size).toBe(50)
  for (const secret of made) expect(Secret.fromBase32(secret).bytes).toHaveLength(20)
})

it('the address for the app says whose code it is, and no name makes it too long for a QR code', () => {
  expect(setUpAddress(rfcSecret, 'rosa')).toBe(
    `otpauth://totp/SMS%20Admin:rosa?issuer=SMS%20Admin&secret=${rfcSecret}&algorithm=SHA1&digits=6&period=30`,
  )
  expect(setUpAddress(rfcSecret, '🍲'.repeat(100)).length).toBeLessThan(700)
})
