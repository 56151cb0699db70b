import type { Quiet } from '../../src/schedule/quiet-hours'
import type { Rule } from '../../src/schedule/recurrence'
import { calendarDay, hourMinute, plural, utcTime, weekdayTime, zoneName } from '../ui/format'

type Clock = { timeZone: string; now: number }

/** `Mon Nov 23, 10:00 AM Los Angeles, 18:00 UTC`. */
export const instantWords = (at: number, clock: Clock): string =>
  `${weekdayTime(at, clock)} ${zoneName(clock.timeZone)}${clock.timeZone === 'UTC' ? '' : `, ${utcTime(at, clock.timeZone)}`}`

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

/** `every day`, `every Monday and Thursday`, `every month on day 31 (or its last)`. */
export function repeatWords({ repeat, weekdays: days, monthDay }: Rule): string {
  if (repeat === 'daily') return 'every day'
  if (repeat === 'monthly') return `every month on day ${monthDay}${monthDay > 28 ? ' (or its last)' : ''}`
  if (days.length === 7) return 'every day'
  const names = days.map((day) => weekdays[day - 1] ?? '')
  return `every ${names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : names.join('')}`
}

/** `every Monday at 10:00 AM, from Nov 23, until Dec 31`. */
export function ruleWords(rule: Rule, { timeZone, now }: Clock): string {
  const day = (date: string) => calendarDay(date, { timeZone, now })
  const time = hourMinute(Date.parse(`2000-01-01T${rule.time}:00Z`), 'UTC')
  return [
    `${repeatWords(rule)} at ${time}`,
    `from ${day(rule.startsOn)}`,
    ...(rule.until ? [`until ${day(rule.until)}`] : []),
    ...(rule.count ? [plural(rule.count, 'time')] : []),
  ].join(', ')
}

/** `For 17 people it is already past 9 pm.` `then`: at the time for which it is planned. */
export function quietWords({ people, evening, morning, hours }: Quiet, then: boolean): string {
  const who = plural(people, 'person', 'people')
  const is = then ? 'it will be' : 'it is'
  const past = `past ${hourWords(hours.start)}`
  const before = `before ${hourWords(hours.end)}`
  if (hours.start < hours.end) return `For ${who} ${is} between ${hourWords(hours.start)} and ${hourWords(hours.end)}.`
  if (evening > 0 && morning > 0) return `For ${who} ${is} ${past} or ${before}.`
  if (evening > 0) return then ? `For ${who} it will be ${past} then.` : `For ${who} it is already ${past}.`
  return then ? `For ${who} it will be ${before} then.` : `For ${who} it is still ${before}.`
}

/** Minutes of the day → `9 pm`, `9:30 pm`. */
function hourWords(minutes: number): string {
  const hour = Math.floor(minutes / 60)
  const rest = minutes % 60
  return `${hour % 12 || 12}${rest > 0 ? `:${String(rest).padStart(2, '0')}` : ''} ${hour < 12 ? 'am' : 'pm'}`
}

/** Why nothing can be done any more about one that does not wait. */
export function overWords(status: string): string {
  const whys: Record<string, string> = {
    pending: 'Somebody else was quicker. Please look at the list again.',
    processing: 'It is being sent. Stop it on the page of its blast.',
    sent: 'It was sent already.',
    failed: 'It is over: nobody could be texted. Write it again instead.',
    expired: 'It is over: it was too late to send it. Write it again instead.',
    cancelled: 'It was cancelled already. Write it again instead.',
  }
  return whys[status] ?? ''
}

type Reasoned = { status: string; reason: string; target: string }

/** Why a scheduled message became no blast, or goes out later than was chosen; empty where there is nothing to say. */
export function reasonWords({ reason, target }: Reasoned): string {
  const words: Record<string, string> = {
    late: 'It could not start in time, and later it was too late.',
    quiet: 'It was due in quiet hours, and after them it would have been too late.',
    moved: 'Moved to the end of quiet hours.',
    superseded: 'The next one of its series was due as well.',
    nobody: 'Nobody was left to text: opted out, or numbers that do not work.',
    empty: target === 'event' ? 'Its event had no guests, or was gone.' : 'There were no members.',
    event_deleted: 'Its event was deleted.',
    no_test_phone: 'ADMIN_TEST_PHONE was not set.',
    restored: 'The app was restored from a backup, and it may have gone out since. Look at Twilio before you write it again.',
  }
  return words[reason] ?? ''
}
