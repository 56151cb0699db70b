import { resolveWallTime } from './wall-time'

export const repeats = ['daily', 'weekly', 'monthly'] as const
export type Repeat = (typeof repeats)[number]

/** When a series goes out, in wall time of its zone. */
export type Rule = {
  repeat: Repeat
  /** Of a weekly one: 1 is Monday, 7 is Sunday. */
  weekdays: readonly number[]
  /** Of a monthly one: 1 to 31; a shorter month has it on its last day. */
  monthDay: number
  /** HH:MM */
  time: string
  timeZone: string
  /** YYYY-MM-DD; the first occurrence is on that day or after. */
  startsOn: string
  /** Last day, YYYY-MM-DD. */
  until: string | null
  /** How many there are in all. */
  count: number | null
}

/** `at` in UTC ms. A time that the clocks skip that day is as much later as they skip; one that comes twice is the first. */
export type Occurrence = { date: string; at: number }

const dayMs = 86_400_000
/** Ten thousand days are 27 years; no series is looked at longer. */
const mostDays = 10_000

/** All occurrences in their order. */
export function* occurrencesOf(rule: Rule): Generator<Occurrence> {
  let made = 0
  const start = Date.parse(`${rule.startsOn}T00:00:00Z`)
  for (let step = 0; step < mostDays && made < (rule.count ?? Number.POSITIVE_INFINITY); step++) {
    const day = new Date(start + step * dayMs)
    const date = day.toISOString().slice(0, 10)
    if (rule.until !== null && date > rule.until) return
    if (!fits(rule, day)) continue
    const resolved = resolveWallTime({ date, time: rule.time }, rule.timeZone, 'first', Number.NEGATIVE_INFINITY)
    if (!('at' in resolved)) return
    made++
    yield { date, at: resolved.at }
  }
}

/** Those ahead of `now` (UTC ms), at most `most`; and the last one that was, if any. */
export function occurrencesAround(rule: Rule, now: number, most: number): { last: Occurrence | null; next: Occurrence[]; more: boolean } {
  let last: Occurrence | null = null
  const next: Occurrence[] = []
  for (const occurrence of occurrencesOf(rule)) {
    if (next.length === most) return { last, next, more: true }
    if (occurrence.at <= now) last = occurrence
    else next.push(occurrence)
  }
  return { last, next, more: false }
}

function fits({ repeat, weekdays, monthDay }: Rule, day: Date): boolean {
  if (repeat === 'daily') return true
  if (repeat === 'weekly') return weekdays.includes(day.getUTCDay() || 7)
  const lastOfMonth = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate()
  return day.getUTCDate() === Math.min(monthDay, lastOfMonth)
}
