import { type SQL, sql } from 'drizzle-orm'
import { hmac } from '../auth/keyed-hash'

export const codesMade = 10
/** Digits alone, for the keys a phone shows for a code; 16 of them are 53 bits. */
const digits = 16

/** Like `4821-0937-5512-8846`. */
export function makeCodes(): string[] {
  return Array.from({ length: codesMade }, () => makeDigits().replace(/(?<=.)(?=(?:.{4})+$)/g, '-'))
}

/** Bytes from 250 on would make some digits likelier. */
function makeDigits(): string {
  let made = ''
  while (made.length < digits) {
    const fair = [...crypto.getRandomValues(new Uint8Array(digits))].filter((byte) => byte < 250)
    made += fair.map((byte) => byte % 10).join('')
  }
  return made.slice(0, digits)
}

/** Keyed with the secret that the codes stand in for, which is sealed: with SECRET_KEY itself a change of it would end them unseen. */
export const hashOfCode = (secret: string, code: string): Promise<string> => hmac(secret, 'recovery code', code.replace(/\D/g, ''))

/** Puts `hashes` in the place of the user's codes, where `guard` holds. */
export function replaceCodes(userId: number, hashes: readonly string[], guard: SQL): SQL[] {
  return [
    sql`DELETE FROM recovery_codes WHERE user_id = ${userId} AND ${guard}`,
    sql`INSERT INTO recovery_codes (user_id, code_hash)
      SELECT ${userId}, value FROM json_each(${JSON.stringify(hashes)}) WHERE ${guard}`,
  ]
}
