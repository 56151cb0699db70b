import type { DeliveryCounts } from '../blasts/counts'

export type TrendRow = { at: number; counts: DeliveryCounts }

/** Texts of one day by result; `sent` is handed over without a receipt yet. `at` is noon of that day in UTC. */
export type TrendDay = { at: number; delivered: number; sent: number; failed: number; unknown: number }

/** Of the texts that were handed over or tried, how many arrived, and how many did not. */
export type Share = { delivered: number; failed: number; of: number }

export const trendDays = 30
const dayMs = 86_400_000

const dayIn = (timeZone: string): ((at: number) => string) => {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
  return (at) => format.format(at)
}

/** The calendar day, YYYY-MM-DD, in the organisation's zone. */
export const calendarDay = (at: number, timeZone: string): string => dayIn(timeZone)(at)

/** The last `days` calendar days of the zone, oldest first, days without texts too. A blast counts on the day it was made. */
export function trendOf(rows: readonly TrendRow[], now: number, timeZone: string, days = trendDays): TrendDay[] {
  const dayOf = dayIn(timeZone)
  const trend = new Map<string, TrendDay>()
  // Steps of a day from noon in UTC are calendar days, whatever the zone's clocks do at night.
  const noon = Date.parse(`${dayOf(now)}T12:00:00Z`)
  for (let back = days - 1; back >= 0; back--) {
    const at = noon - back * dayMs
    trend.set(new Date(at).toISOString().slice(0, 10), { at, delivered: 0, sent: 0, failed: 0, unknown: 0 })
  }
  for (const { at, counts } of rows) {
    const day = trend.get(dayOf(at))
    if (!day) continue
    day.delivered += counts.delivered
    day.sent += counts.accepted + counts.sent
    day.failed += counts.failed + counts.undelivered
    day.unknown += counts.unknown
  }
  return [...trend.values()]
}

export const textsOf = ({ delivered, sent, failed, unknown }: TrendDay): number => delivered + sent + failed + unknown

export function shareOf(trend: readonly TrendDay[], days: number): Share {
  const sum = (count: (day: TrendDay) => number) => trend.slice(-days).reduce((n, day) => n + count(day), 0)
  return { delivered: sum((day) => day.delivered), failed: sum((day) => day.failed), of: sum(textsOf) }
}

/** Below these a week's failures are the usual few. */
const manyFailed = { share: 0.1, texts: 10 }

/** Whether so many failed that a person should look why. */
export const failsOften = ({ failed, of }: Share): boolean => failed >= manyFailed.texts && failed / of >= manyFailed.share
