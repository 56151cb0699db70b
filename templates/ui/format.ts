const grouped = new Intl.NumberFormat('en-US')

/** `1243` → `1,243`. */
export const count = (n: number): string => grouped.format(n)

/** `plural(1, 'person', 'people')` → `1 person`, `plural(1243, 'person', 'people')` → `1,243 people`. */
export const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`

/** US dollars: `15.5375` → `$15.54`; below a cent as much as it takes, so that a price per part reads `$0.0125`. */
export function money(dollars: number, digits = 2): string {
  return new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: 2,
    maximumFractionDigits: digits,
  }).format(dollars)
}

/** E.164 as people write it: `+13235550142` → `(323) 555-0142`, other countries in groups; anything else stays as it is. */
export function formatPhone(phone: string): string {
  const us = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(phone)
  if (us) return `(${us[1]}) ${us[2]}-${us[3]}`
  const abroad = /^\+(\d{7,15})$/.exec(phone)
  if (!abroad?.[1]) return phone
  const code = callingCode(abroad[1])
  return [`+${code}`, ...inGroups(abroad[1].slice(code.length))].join(' ')
}

const oneDigit = /^[17]/
const twoDigits = /^(2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/

function callingCode(digits: string): string {
  if (oneDigit.test(digits)) return digits.slice(0, 1)
  return digits.slice(0, twoDigits.test(digits) ? 2 : 3)
}

/** From the end in fours, the rest in front: `2079460958` → `20 7946 0958`. A single digit never stands alone. */
function inGroups(digits: string): string[] {
  const groups: string[] = []
  let rest = digits
  while (rest.length > 5) {
    groups.unshift(rest.slice(-4))
    rest = rest.slice(0, -4)
  }
  return rest ? [rest, ...groups] : groups
}

type Clock = { timeZone: string; now: number }

/** UTC ms → `today, 5:42 PM`, `yesterday, 5:15 PM`, `tomorrow, 10:00 AM`, `Nov 18, 12:30 PM`, and with the year when it is another one. */
export function dateTime(at: number, { timeZone, now }: Clock): string {
  return `${day(at, { timeZone, now })}, ${parts(at, timeZone, { hour: 'numeric', minute: '2-digit' })}`
}

/** UTC ms → `today`, `yesterday`, `tomorrow`, `Nov 18` or `Mar 3, 2024`. */
export function day(at: number, { timeZone, now }: Clock): string {
  const distance = dayNumber(at, timeZone) - dayNumber(now, timeZone)
  if (distance === 0) return 'today'
  if (distance === -1) return 'yesterday'
  if (distance === 1) return 'tomorrow'
  const sameYear = parts(at, timeZone, { year: 'numeric' }) === parts(now, timeZone, { year: 'numeric' })
  return date(at, timeZone, !sameYear)
}

/** A calendar day, YYYY-MM-DD, that is the same day everywhere → as `day`. `now` and `timeZone` say which day is today. */
export function calendarDay(date: string, { timeZone, now }: Clock): string {
  const today = formatter('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(now)
  return day(noonOf(date), { timeZone: 'UTC', now: noonOf(today) })
}

const noonOf = (date: string): number => Date.parse(`${date}T12:00:00Z`)

/** UTC ms → `Nov 18` or, with the year, `Mar 3, 2024`. */
export const date = (at: number, timeZone: string, withYear = true): string =>
  parts(at, timeZone, { month: 'short', day: 'numeric', ...(withYear ? { year: 'numeric' } : {}) })

/** UTC ms → `5:42:31 PM`. */
export const clockTime = (at: number, timeZone: string): string =>
  parts(at, timeZone, { hour: 'numeric', minute: '2-digit', second: '2-digit' })

/** UTC ms → `Mon Nov 23, 10:00 AM`, and with the year when it is another one: when something will be. */
export function weekdayTime(at: number, { timeZone, now }: Clock): string {
  const sameYear = parts(at, timeZone, { year: 'numeric' }) === parts(now, timeZone, { year: 'numeric' })
  return `${parts(at, timeZone, { weekday: 'short' })} ${date(at, timeZone, !sameYear)}, ${hourMinute(at, timeZone)}`
}

/** UTC ms → `10:00 AM`. */
export const hourMinute = (at: number, timeZone: string): string => parts(at, timeZone, { hour: 'numeric', minute: '2-digit' })

/** UTC ms → `18:00 UTC`; with its day where that is not the day in `timeZone`. */
export function utcTime(at: number, timeZone: string): string {
  const time = `${new Date(at).toISOString().slice(11, 16)} UTC`
  return dayNumber(at, 'UTC') === dayNumber(at, timeZone) ? time : `${date(at, 'UTC', false)}, ${time}`
}

// Newer ICU puts U+202F before AM and PM; staff copy these into texts, where it would cost a part.
function parts(at: number, timeZone: string, options: Intl.DateTimeFormatOptions): string {
  return formatter('en-US', { timeZone, ...options })
    .format(at)
    .replace(/\u202f/g, ' ')
}

const formatters = new Map<string, Intl.DateTimeFormat>()
const mostFormatters = 200

/** Making one takes some 50 µs, which a page of 50 rows pays a hundred times over. Zones come from the viewer too, so their number is bounded. */
function formatter(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`
  const known = formatters.get(key)
  if (known) return known
  if (formatters.size >= mostFormatters) formatters.clear()
  const made = new Intl.DateTimeFormat(locale, options)
  formatters.set(key, made)
  return made
}

function dayNumber(at: number, timeZone: string): number {
  const iso = formatter('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at)
  return Math.round(Date.parse(`${iso}T00:00:00Z`) / 86_400_000)
}

/** `America/Los_Angeles` → `Los Angeles`. */
export const zoneName = (timeZone: string): string => (timeZone.split('/').at(-1) ?? timeZone).replace(/_/g, ' ')

/** The beginning of a text, cut between words: `Harvest Supper is tonight at 6 in…`. */
export function excerpt(text: string, length = 40): string {
  const line = text.replace(/\s+/g, ' ').trim()
  if (line.length <= length) return line
  const cut = line.slice(0, length)
  const space = cut.lastIndexOf(' ')
  return `${(space > length / 2 ? cut.slice(0, space) : cut).replace(/[\s,;:.]+$/, '')}…`
}
