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
export function slowPbkdf2Sha256(password: Uint8Array, salt: Uint8Array, iterations: number, length: number): Uint8Array {
  const [inner, outer] = hmacStates(password)
  const derived = new Uint8Array(Math.ceil(length / 32) * 32)
  for (let block = 0; block * 32 < length; block++) {
    const first = new Uint8Array(salt.length + 4)
    first.set(salt)
    new DataView(first.buffer).setUint32(salt.length, block + 1)
    let u = finish(outer, toBytes(finish(inner, first)))
    const sum = Int32Array.from(u)
    const words = new Int32Array(16)
    for (let round = 1; round < iterations; round++) {
      u = oneBlock(outer, oneBlock(inner, u, words), words)
      for (let i = 0; i < 8; i++) sum[i] = at(sum, i) ^ at(u, i)
    }
    derived.set(toBytes(sum), block * 32)
  }
  return derived.slice(0, length)
}

/** SHA-256's state after the padded key, inner and outer (RFC 2104). */
function hmacStates(key: Uint8Array): [Int32Array, Int32Array] {
  const short = key.length > 64 ? toBytes(finish(initial, key, 0)) : key
  const padded = (filler: number) => {
    const block = new Uint8Array(64).fill(filler)
    for (const [i, byte] of short.entries()) block[i] = byte ^ filler
    return compress(initial, toWords(block, 0))
  }
  return [padded(0x36), padded(0x5c)]
}

/** A digest of eight words, hashed after one block that is in `state` already. */
function oneBlock(state: Int32Array, digest: Int32Array, words: Int32Array): Int32Array {
  words.fill(0)
  words.set(digest)
  words[8] = -0x80000000
  words[15] = (64 + 32) * 8
  return compress(state, words)
}

/** Hashes the rest of a message of which `before` bytes are in `state`. */
function finish(state: Int32Array, rest: Uint8Array, before = 64): Int32Array {
  const padded = new Uint8Array(Math.ceil((rest.length + 9) / 64) * 64)
  padded.set(rest)
  padded[rest.length] = 0x80
  new DataView(padded.buffer).setUint32(padded.length - 4, (before + rest.length) * 8)
  let current = state
  for (let start = 0; start < padded.length; start += 64) current = compress(current, toWords(padded, start))
  return current
}

const at = (words: Int32Array, index: number): number => words[index] as number

function toWords(bytes: Uint8Array, start: number): Int32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  return Int32Array.from({ length: 16 }, (_, i) => view.getInt32(start + i * 4))
}

function toBytes(words: Int32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(words.length * 4))
  for (const [i, word] of words.entries()) view.setInt32(i * 4, word)
  return new Uint8Array(view.buffer)
}

// FIPS 180-4: the first 32 bits of the fractional parts of square and cube roots of the first primes.
const primes = Array.from({ length: 312 }, (_, n) => n).filter(
  (n) => n > 1 && !Array.from({ length: n - 2 }, (_, d) => n % (d + 2)).includes(0),
)
const fraction = (root: number): number => ((root - Math.floor(root)) * 0x100000000) | 0
const initial = Int32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)))
const constants = Int32Array.from(primes.slice(0, 64), (prime) => fraction(Math.cbrt(prime)))
const schedule = new Int32Array(64)

const rotate = (word: number, by: number): number => (word >>> by) | (word << (32 - by))

function compress(state: Int32Array, words: Int32Array): Int32Array {
  schedule.set(words)
  for (let i = 16; i < 64; i++) {
    const [early, late] = [at(schedule, i - 15), at(schedule, i - 2)]
    const s0 = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3)
    const s1 = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10)
    schedule[i] = (at(schedule, i - 16) + s0 + at(schedule, i - 7) + s1) | 0
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number]
  for (let i = 0; i < 64; i++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + at(constants, i) + at(schedule, i)) | 0
    const t2 = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  const next = Int32Array.of(a, b, c, d, e, f, g, h)
  for (let i = 0; i < 8; i++) next[i] = at(next, i) + at(state, i)
  return next
}
