import { pbkdf2Async } from '@noble/hashes/pbkdf2.js'
import { sha256 } from '@noble/hashes/sha2.js'

/** PBKDF2 with HMAC-SHA256 (RFC 8018). The host's own where it agrees; Cloudflare's refuses more than 100,000 rounds. */
export async function pbkdf2Sha256(password: Uint8Array, salt: Uint8Array, iterations: number, length: number): Promise<Uint8Array> {
  try {
    const key = await crypto.subtle.importKey('raw', new Uint8Array(password), 'PBKDF2', false, ['deriveBits'])
    const bits = await crypto.subtle.deriveBits(
      { name: 'PBKDF2', hash: 'SHA-256', salt: new Uint8Array(salt), iterations },
      key,
      length * 8,
    )
    return new Uint8Array(bits)
  } catch {
    return slowPbkdf2Sha256(password, salt, iterations, length)
  }
}

/** The same in plain code: about a second for 600,000 rounds. */
export const slowPbkdf2Sha256 = (password: Uint8Array, salt: Uint8Array, iterations: number, length: number): Promise<Uint8Array> =>
  pbkdf2Async(sha256, password, salt, { c: iterations, dkLen: length })
