import { splitGraphemes } from 'sms-segments-calculator/dist/libs/textUtils.js'
import { isGsmText } from './gsm'

export type Culprit = {
  char: string
  /** Where it stands first, in UTF-16 units. */
  index: number
  count: number
  /** What reads the same in the plain phone alphabet; empty for what cannot be seen anyway; null where nothing does. */
  replacement: string | null
}

// What Unicode's own decomposition does not turn into a plain character.
const PLAIN: Record<string, string> = {}
const write = (chars: string, plain: string) => {
  for (const char of chars) PLAIN[char] = plain
}
write('‘’‚‛′´`ʻʼʹˈ', "'")
write('“”„‟«»″', '"')
write('‹', '<')
write('›', '>')
write('‐‑‒–—―−•‣◦▪●·∙', '-')
write('⁄∕÷', '/')
write('×', 'x')
write('→', '->')
write('©', '(c)')
write('®', '(r)')
write('\t\u2028\u2029', ' ')
write('\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufe0e\ufe0f', '')
write('œ', 'oe')
write('Œ', 'OE')
write('þ', 'th')
write('Þ', 'Th')
write('ł', 'l')
write('Ł', 'L')
write('đð', 'd')
write('ĐÐ', 'D')
write('ħ', 'h')
write('Ħ', 'H')
write('ı', 'i')

const plainOrNull = (char: string): string | null => (isGsmText(char) ? char : (PLAIN[char] ?? null))

/** The letter under the accents, the digits of a fraction, the wide form made narrow. */
const baseOf = (char: string): string | null => {
  const parts = Array.from(char.normalize('NFKD').replace(/\p{M}/gu, ''), plainOrNull)
  return parts.length === 0 || parts.includes(null) ? null : parts.join('')
}

const plainOf = (grapheme: string): string | null => {
  const whole = PLAIN[grapheme]
  if (whole !== undefined) return whole
  let plain = ''
  for (const char of grapheme.normalize('NFC')) {
    const next = plain !== '' && /\p{M}/u.test(char) ? '' : (plainOrNull(char) ?? baseOf(char))
    if (next === null) return null
    plain += next
  }
  return plain
}

/** The calculator's splitter takes time by the square of the length: 40 s for a megabyte of emoji. No text that long can be sent. */
const mostSplit = 10_000
const charactersOf = (text: string): string[] => (text.length <= mostSplit ? splitGraphemes(text) : [...text])

/**
 * Which characters force UCS-2, in order of appearance, and the plain one to use instead. Empty exactly when the text is GSM-7.
 * A character is what a reader sees: a letter with its accent, an emoji with its joiners.
 */
export const ucs2Culprits = (text: string): Culprit[] => {
  if (isGsmText(text)) return []
  const found = new Map<string, Culprit>()
  let index = 0
  for (const char of charactersOf(text)) {
    const seen = found.get(char)
    if (seen) seen.count++
    else if (!isGsmText(char)) found.set(char, { char, index, count: 1, replacement: plainOf(char) })
    index += char.length
  }
  return [...found.values()]
}

/** The text with every culprit that has a plain counterpart replaced; emoji and other alphabets stay, and then so does UCS-2. */
export const replaceCulprits = (text: string): string =>
  isGsmText(text)
    ? text
    : charactersOf(text)
        .map((char) => (isGsmText(char) ? char : (plainOf(char) ?? char)))
        .join('')
