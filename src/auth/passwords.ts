import type { Deps, ScryptCost } from '../deps'
import { readForeignHash } from './foreign-hashes'

type Hasher = Pick<Deps, 'scrypt'>

/** OWASP password storage cheat sheet: N=2^15, r=8, p=3 needs 32 MB, which a Worker has. */
const cost: ScryptCost = { n: 32_768, r: 8, p: 3 }
const keyLength = 32
const saltLength = 16

/** `scrypt$N$r$p$salt$key`, base64: the cost travels with the hash. */
export async function hashPassword(deps: Hasher, password: string): Promise<string> {
  const salt = crypto.getRandomValues(new Uint8Array(saltLength))
  const key = await deps.scrypt(normalize(password), salt, cost, keyLength)
  return ['scrypt', cost.n, cost.r, cost.p, toBase64(salt), toBase64(key)].join('$')
}

/** Whether it is of another app, and to be replaced by one of ours as soon as the password is known. */
export const isForeignHash = (hash: string): boolean => !hash.startsWith('scrypt$')

/** Whether anybody could sign in with it. */
export const isReadableHash = (hash: string): boolean => !isForeignHash(hash) || readForeignHash(hash) !== null

/** False for a hash that cannot be read, too. */
export async function verifyPassword(deps: Hasher, password: string, hash: string): Promise<boolean> {
  if (isForeignHash(hash)) return verifyForeign(deps, password, hash)
  const [scheme, n, r, p, salt, key] = hash.split('$')
  if (scheme !== 'scrypt' || !salt || !key) return false
  const expected = fromBase64(key)
  const actual = await deps.scrypt(normalize(password), fromBase64(salt), { n: Number(n), r: Number(r), p: Number(p) }, expected.length)
  return sameBytes(actual, expected)
}

/**
 * Werkzeug hashes what was typed, byte by byte, at about a third of our cost (p=1, or 260,000 rounds). A wrong password does the rest of the
 * work, so that the time does not tell who has yet to sign in for the first time from a name that does not exist.
 */
async function verifyForeign(deps: Hasher, password: string, hash: string): Promise<boolean> {
  const foreign = readForeignHash(hash)
  if (!foreign) return verifyPassword(deps, password, hashOfNobody)
  if (sameBytes(await foreign.derive(deps, password), foreign.key)) return true
  await deps.scrypt(normalize(password), new Uint8Array(saltLength), { ...cost, p: cost.p - 1 }, keyLength)
  return false
}

/** For names that do not exist: the same work, never true, so that both answer in the same time. */
export const hashOfNobody = [
  'scrypt',
  cost.n,
  cost.r,
  cost.p,
  toBase64(new Uint8Array(saltLength)),
  toBase64(new Uint8Array(keyLength)),
].join('$')

/** The same password typed on another keyboard (composed or decomposed accents) is the same password. */
const normalize = (password: string) => password.normalize('NFKC')

export const samePassword = (one: string, other: string): boolean => normalize(one) === normalize(other)

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0)
  return difference === 0
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}
