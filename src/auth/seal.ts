import type { Deps } from '../deps'

type Base = Pick<Deps, 'config'>

/** `former`: it was sealed with a key of before, and is to be sealed anew. */
export type Opened = { text: string; former: boolean }

const ivLength = 12

/**
 * What has to be read again and must not be read in a copy of the database: AES-GCM with a key made of SECRET_KEY. `purpose` names what it is
 * and whose, so that nobody who writes to the database puts one in another's place.
 */
export async function seal({ config }: Base, purpose: string, text: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(ivLength))
  const key = await keyOf(config.secretKey, purpose)
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, new TextEncoder().encode(text))
  return btoa(String.fromCharCode(...iv, ...new Uint8Array(sealed)))
}

/** Null where no key that is believed opens it. */
export async function unseal({ config }: Base, purpose: string, sealed: string): Promise<Opened | null> {
  const bytes = Uint8Array.from(atob(sealed), (character) => character.charCodeAt(0))
  for (const [n, secretKey] of [config.secretKey, ...config.previousSecretKeys].entries()) {
    const text = await open(await keyOf(secretKey, purpose), bytes)
    if (text !== null) return { text, former: n > 0 }
  }
  return null
}

async function open(key: CryptoKey, bytes: Uint8Array): Promise<string | null> {
  try {
    const iv = bytes.slice(0, ivLength)
    return new TextDecoder().decode(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, bytes.slice(ivLength)))
  } catch {
    // WebCrypto's only word for a key that does not fit.
    return null
  }
}

async function keyOf(secretKey: string, purpose: string): Promise<CryptoKey> {
  const text = new TextEncoder()
  const source = await crypto.subtle.importKey('raw', text.encode(secretKey), 'HKDF', false, ['deriveKey'])
  const how = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: text.encode(`seal ${purpose}`) }
  return crypto.subtle.deriveKey(how, source, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}
