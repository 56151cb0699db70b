import { type CountryCode, parsePhoneNumberFromString, validatePhoneNumberLength } from 'libphonenumber-js/max'

export type ParsedPhone = { ok: true; phone: string } | { ok: false; reason: string; fix?: string }

// Longer is prose, or an attempt to keep the patterns below busy.
const MAX_LENGTH = 250
const CHECK = 'Check it with the person.'
const USE_MOBILE = 'Use a mobile number.'
const NOT_A_PHONE: ParsedPhone = { ok: false, reason: 'This is not a phone number.', fix: 'Leave the row out, or put in a number.' }
// Their landlines and mobiles share one numbering plan, so a type is never a reason to refuse.
const US_AND_TERRITORIES = new Set(['US', 'PR', 'VI', 'GU', 'AS', 'MP'])
const COUNTRIES_WITH_ARTICLE = new Set(['GB', 'NL', 'PH', 'AE', 'BS', 'DO', 'CZ', 'CF', 'GM', 'MV', 'SC', 'KY', 'VG', 'TC'])
const COUNT_WORDS = ['none', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']
const regionNames = new Intl.DisplayNames(['en'], { type: 'region', style: 'short' })

const countryName = (country: string): string => `${COUNTRIES_WITH_ARTICLE.has(country) ? 'the ' : ''}${regionNames.of(country) ?? country}`
const countWord = (count: number): string => COUNT_WORDS[count] ?? String(count)
const digitsOf = (text: string): string => text.replace(/\D/g, '')

/** Full-width digits and odd spaces become plain; what spreadsheets and chat apps wrap around a number is taken off. */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .trim()
    .replace(/^=?["']+|["']+$/g, '')
    .replace(/^tel:/i, '')
    .replace(/^(\+?\d{7,})\.0+$/, '$1')
    .trim()

const faultOfShape = (text: string): ParsedPhone | null => {
  if (text === '') return { ok: false, reason: 'There is no phone.', fix: 'Add the phone.' }
  if (/^[+-]?\d+(?:[.,]\d+)?e\+?\d+$/i.test(text)) {
    return {
      ok: false,
      reason: `A spreadsheet turned this phone into ${text}. The last digits are lost.`,
      fix: 'Format the column as text and paste the number again.',
    }
  }
  const parts = text.split(/[,;/|&\n]|\bor\b|\band\b/i)
  if (parts.filter((part) => digitsOf(part).length >= 7).length > 1) {
    return { ok: false, reason: 'There are two phones here.', fix: 'Keep one, and give the other a row of its own.' }
  }
  const extension = /\d[\s).-]*(?:;?\s*ext(?:ension|n)?\.?\s*[=:]?|,+|;|[x#])\s*#?\s*(\d{1,7})\s*$/i.exec(text)
  if (extension) {
    return { ok: false, reason: `It has an extension, ${extension[1]}. A text cannot reach an extension.`, fix: USE_MOBILE }
  }
  return /[^\d\s()+.\-/*_[\]]/.test(text) || !/\d/.test(text) ? NOT_A_PHONE : null
}

/** `digits` are without the country's 1. */
const faultOfNationalLength = (digits: string): ParsedPhone | null => {
  const count = digits.length
  if (count === 7) {
    const written = `${digits.slice(0, 3)}-${digits.slice(3)}`
    return { ok: false, reason: 'Only 7 digits: the area code is missing.', fix: `Write it with its area code, as in 323-${written}.` }
  }
  if (count < 7) return { ok: false, reason: `Only ${count} ${count === 1 ? 'digit' : 'digits'}: a phone has 10.`, fix: CHECK }
  if (count < 10)
    return { ok: false, reason: `Only ${count} digits: ${countWord(10 - count)} ${count === 9 ? 'is' : 'are'} missing.`, fix: CHECK }
  if (count === 10) return null
  return {
    ok: false,
    reason: `${count} digits: ${countWord(count - 10)} too many.`,
    fix: 'Check it with the person. A number abroad starts with + and the code of its country.',
  }
}

const faultOfNational = (digits: string): ParsedPhone => {
  const area = digits.slice(0, 3)
  if (/^[01]/.test(area)) return { ok: false, reason: `No area code starts with ${area[0]}.`, fix: CHECK }
  if (/^[01]/.test(digits.slice(3))) return { ok: false, reason: `No phone has a ${digits[3]} after its area code.`, fix: CHECK }
  return { ok: false, reason: `There is no such number in area code ${area}.`, fix: CHECK }
}

const parseAbroad = (text: string): ParsedPhone => {
  const length = validatePhoneNumberLength(text)
  const number = parsePhoneNumberFromString(text, { extract: false })
  const where = number?.country ?? number?.getPossibleCountries()[0]
  const place = where ? ` for ${countryName(where)}` : ''
  const digits = digitsOf(text)
  const meantUs = digits.length === 10 && parsePhoneNumberFromString(digits, 'US')?.isValid()
  const usFix = meantUs ? `If it is a US number, write +1${digits}.` : null
  if (number?.isValid()) {
    if (number.getType() === 'FIXED_LINE' && number.country) {
      return { ok: false, reason: `A landline in ${countryName(number.country)}. It cannot get texts.`, fix: usFix ?? USE_MOBILE }
    }
    if (number.getType() === 'PREMIUM_RATE') return { ok: false, reason: 'A premium-rate number. Nobody can text it.', fix: USE_MOBILE }
    return { ok: true, phone: number.number }
  }
  const fix = usFix ?? CHECK
  if (length === 'INVALID_COUNTRY' || !number) return { ok: false, reason: 'No country has this code after the +.', fix }
  if (length === 'TOO_SHORT') return { ok: false, reason: `Too few digits${place}.`, fix }
  if (length === 'TOO_LONG') return { ok: false, reason: `Too many digits${place}.`, fix }
  return { ok: false, reason: where ? `There is no such number in ${countryName(where)}.` : 'There is no such number.', fix }
}

/**
 * Reads a phone as people write it; a number without a country is in the US. `phone` is E.164, `reason` and `fix` are words for staff.
 *
 * Valid is what libphonenumber's full metadata calls assigned. That includes the fictional 555-01xx of a real area code and the
 * provider's test numbers (+1 500 555 xxxx). Numbers with +1 are never refused by type but for premium rate (900), which the provider
 * refuses (21268); toll-free numbers may be text-enabled, so they pass. Elsewhere a definite landline is refused.
 */
export const parsePhone = (input: string): ParsedPhone => {
  if (input.length > MAX_LENGTH) return NOT_A_PHONE
  const text = plain(input)
  const shape = faultOfShape(text)
  if (shape) return shape
  const digits = digitsOf(text)
  const abroad = text.startsWith('+')
    ? digits
    : /^011\d{8,}/.test(digits)
      ? digits.slice(3)
      : /^00\d{9,}/.test(digits)
        ? digits.slice(2)
        : null
  if (abroad !== null && !abroad.startsWith('1')) return parseAbroad(`+${abroad}`)

  const withoutPrefix = abroad ?? digits
  const national = withoutPrefix.startsWith('1') && (abroad !== null || withoutPrefix.length >= 8) ? withoutPrefix.slice(1) : withoutPrefix
  const wrongLength = faultOfNationalLength(national)
  if (wrongLength) {
    const tenWithOne = abroad === null && withoutPrefix.length === 10 && national.length === 9
    return tenWithOne ? faultOfNational(withoutPrefix) : wrongLength
  }
  const number = parsePhoneNumberFromString(`+1${national}`, { extract: false })
  // A number with a type is a valid one. `isValid()` would look for the type a second time, and that is most of an import's work.
  const type = number?.getType()
  if (!number || type === undefined) return faultOfNational(national)
  if (type === 'PREMIUM_RATE') return { ok: false, reason: 'A premium-rate number. Nobody can text it.', fix: USE_MOBILE }
  const country: CountryCode | undefined = number.country
  if (type === 'FIXED_LINE' && country && !US_AND_TERRITORIES.has(country)) {
    return { ok: false, reason: `A landline in ${countryName(country)}. It cannot get texts.`, fix: USE_MOBILE }
  }
  return { ok: true, phone: number.number }
}

const DATE = /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})\b/

/** Whether a cell is meant as a phone, right or wrong; much cheaper than `parsePhone`. Tells phones from names, ids and dates. */
export const looksLikePhone = (cell: string): boolean => {
  const text = cell.length > 60 ? '' : plain(cell)
  if (/^\d[.,]\d+e\+?\d+$/i.test(text)) return true
  const number = text.replace(/[\s,;]*(?:ext(?:ension)?|x)[\s.:=]*\d+$/i, '')
  const count = digitsOf(number).length
  return count >= 7 && count <= 15 && /^[\d\s()+.\-/]+$/.test(number) && !DATE.test(number)
}

/** The digits of a search for a phone, or null where the text is no such search: it holds a letter, or fewer than three digits. */
export const searchDigits = (text: string): string | null => {
  const asked = plain(text)
  const digits = digitsOf(asked)
  return digits.length >= 3 && /^[\d\s()+.\-/]+$/.test(asked) ? digits : null
}

/** E.164 as staff read it: (323) 555-0142 for +1, spaced with its country code for others. Unparseable text comes back as it is. */
export const formatPhone = (phone: string): string => {
  const national = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(phone)
  if (national) return `(${national[1]}) ${national[2]}-${national[3]}`
  return parsePhoneNumberFromString(phone)?.formatInternational() ?? phone
}
