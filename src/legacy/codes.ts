import { FAILURE_CODES } from '../sms/failure-codes'

/** Digits with what people put between them: phones, dates, SIDs' numbers. */
const phoneLike = /\+?\d(?:[\s().-]*\d){6,}/g
const alone = /(?<![\w.+-])\d{5}(?![\w-]|\.\d)/g

/**
 * The provider's code in a message of the former app, which kept nothing else: a number that stands alone and is in our table. What the words
 * around it say counts for nothing; null where there is none, or more than one.
 */
export function codeIn(message: string): number | null {
  const found = new Set((message.replace(phoneLike, ' ').match(alone) ?? []).map(Number).filter((code) => code in FAILURE_CODES))
  const [code] = found
  return found.size === 1 && code !== undefined ? code : null
}
