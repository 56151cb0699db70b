import type { Deps } from '../deps'
import { pbkdf2Sha256 } from './pbkdf2'

type Hasher = Pick<Deps, 'scrypt'>

/** Above these a hash is no sane one, and working it out would stop the server. */
const mostIterations = 5_000_000
const mostMemory = 256 * 1024 * 1024

/** Werkzeug's, of the app that this one replaces: `pbkdf2:sha256:260000$salt$hex`, `scrypt:32768:8:1$salt$hex`; its salt is text. */
type Foreign = { key: Uint8Array; derive(deps: Hasher, password: string): Promise<Uint8Array> }

/** Null for what is none, or one that cannot be worked out here. */
export function readForeignHash(hash: string): Foreign | null {
  const [method = '', salt = '', hex = ''] = hash.split('$')
  if (salt === '' || !/^(?:[0-9a-f]{2}){16,128}$/i.test(hex)) return null
  const key = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
  const saltBytes = new TextEncoder().encode(salt)
  const iterations = Number(/^pbkdf2:sha256:(\d{1,8})$/.exec(method)?.[1] ?? 0)
  if (iterations > 0 && iterations <= mostIterations) {
    return { key, derive: (_deps, password) => pbkdf2Sha256(new TextEncoder().encode(password), saltBytes, iterations, key.length) }
  }
  const [n = 0, r = 0, p = 0] = /^scrypt:(\d{1,8}):(\d{1,3}):(\d{1,3})$/.exec(method)?.slice(1).map(Number) ?? []
  if (n < 2 || (n & (n - 1)) !== 0 || r < 1 || p < 1 || 128 * n * r > mostMemory) return null
  return { key, derive: (deps, password) => deps.scrypt(password, saltBytes, { n, r, p }, key.length) }
}
