import type { Deps } from '../deps'

type Base = Pick<Deps, 'config'>

/** For a browser to hold: 256 bits. */
export function newSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

/**
 * What is stored of a secret that a browser holds: HMAC with SECRET_KEY, so that neither reading the database nor writing to it makes a
 * cookie that is let in. `purpose` keeps a hash of one kind from being taken for another.
 */
export const keyedHash = ({ config }: Base, purpose: string, secret: string): Promise<string> => hmac(config.secretKey, purpose, secret)

/** Under every key that is believed, the one that is used now first: after a change of SECRET_KEY nobody is signed out. */
export const keyedHashes = ({ config }: Base, purpose: string, secret: string): Promise<string[]> =>
  Promise.all([config.secretKey, ...config.previousSecretKeys].map((key) => hmac(key, purpose, secret)))

/** With a key that is not SECRET_KEY. */
export async function hmac(key: string, purpose: string, secret: string): Promise<string> {
  const text = new TextEncoder()
  const imported = await crypto.subtle.importKey('raw', text.encode(key), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  const digest = await crypto.subtle.sign('HMAC', imported, text.encode(`${purpose} ${secret}`))
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
