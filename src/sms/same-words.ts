import smartModule from 'sms-segments-calculator/dist/libs/SmartEncodingMap.js'
import { replaceCulprits } from './plain-characters'

// A bundler may hand over the CommonJS module or its default export.
const smartTable = (smartModule as unknown as { default?: typeof smartModule }).default ?? smartModule

/** Twilio puts it before every text of a trial account. */
const trialLine = /^sent from your twilio trial account - /i

// Twilio's swaps first, by its own table and character by character, as it makes them; ours have other ideas of some.
const fold = (text: string): string =>
  replaceCulprits(Array.from(text, (char) => smartTable[char] ?? char).join(''))
    .replace(/\s+/g, ' ')
    .trim()

/**
 * True where a text in the provider's list is the one we handed over: trial line, white space and the characters that Twilio's "smart
 * encoding" swaps for plain ones make no difference.
 */
export const sameWords = (listed: string, ours: string): boolean =>
  fold(listed).replace(trialLine, '') === fold(ours).replace(trialLine, '')
