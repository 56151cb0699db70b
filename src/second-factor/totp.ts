import { hmac } from '@noble/hashes/hmac.js'
import { sha1 } from '@noble/hashes/legacy.js'
import { Secret, TOTP } from 'otpauth/bare'

/** RFC 6238 as every authenticator app has it: SHA-1, six digits, 30 seconds. */
const periodSeconds = 30
/** A clock may be off by this many of them, either way. */
const drift = 1
const secretBytes = 20
/** A longer name makes a QR code that no camera likes. */
const longestLabel = 40

const totp = (secret: string, label = '') =>
  new TOTP({
    issuer: 'SMS Admin',
    label,
    secret: Secret.fromBase32(secret),
    algorithm: 'SHA1',
    digits: 6,
    period: periodSeconds,
    hmac: (_algorithm, key, message) => hmac(sha1, key, message),
  })

/** 160 bits in base32. */
export const newSecret = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(secretBytes))
  return new Secret({ buffer: bytes.buffer }).base32
}

/** Of which 30 seconds, counted from 1970, `code` is at `now` (UTC ms); null where it is none of now. */
export function stepOf(secret: string, code: string, now: number): number | null {
  const delta = totp(secret).validate({ token: code, timestamp: now, window: drift })
  return delta === null ? null : TOTP.counter({ period: periodSeconds, timestamp: now }) + delta
}

/** What an authenticator app reads: `otpauth://totp/…`. */
export const setUpAddress = (secret: string, username: string): string =>
  totp(secret, [...username].slice(0, longestLabel).join('')).toString()
