import gsmModule from 'sms-segments-calculator/dist/libs/UnicodeToGSM.js'

// A bundler may hand over the CommonJS module or its default export.
const gsmTable = (gsmModule as unknown as { default?: typeof gsmModule }).default ?? gsmModule

/**
 * Septets a UTF-16 unit takes in GSM-7: 1, 2 for the extension characters, 0 for what the alphabet lacks. From Twilio's calculator.
 * A typed array, because a count of parts asks once per unit of every text.
 */
export const septets = new Uint8Array(0x10000)
for (const [unit, encoded] of Object.entries(gsmTable)) septets[Number(unit)] = encoded.length

/** True where the whole text can be written in GSM-7. */
export const isGsmText = (text: string): boolean => {
  for (let i = 0; i < text.length; i++) if (septets[text.charCodeAt(i)] === 0) return false
  return true
}
