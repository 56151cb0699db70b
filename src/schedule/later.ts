import { type Occurrence, occurrencesAround, occurrencesOf, type Repeat, type Rule, repeats } from './recurrence'
import { type Fold, type FoldChoice, isZone, type Resolved, resolveWallTime, toWallTime, type WallTime } from './wall-time'

/** The fields of the compose form that say when; `client_timezone` is the browser's, empty without a script. */
export const whenFields = ['schedule_date', 'schedule_time', 'client_timezone', 'schedule_fold'] as const
export const repeatFields = ['repeat', 'repeat_month_day', 'repeat_until', 'repeat_count'] as const
/** Of a weekly series, Monday first. */
export const weekdayBoxes = ['repeat_1', 'repeat_2', 'repeat_3', 'repeat_4', 'repeat_5', 'repeat_6', 'repeat_7'] as const

export type LaterFields = Record<(typeof whenFields)[number] | (typeof repeatFields)[number], string> &
  Record<(typeof weekdayBoxes)[number], boolean>

/** When a text is to go out. */
export type Later = {
  /** UTC ms; of a series the first. */
  at: number
  timeZone: string
  /** Of a series; and its first few. */
  rule: Rule | null
  first: Occurrence[]
  /** The fields as they were asked for, for the next request. */
  asked: Record<string, string>
}

type Read = { ok: true; later: Later } | { ok: false; faults: Record<string, string> }
type Here = { now: number; timeZone: string }

const shownAhead = 5
const mostTimes = 1000

/** What was asked for, or what is wrong with it, in the words for each field. `timeZone` is the organisation's. */
export function readLater(fields: LaterFields, { now, timeZone }: Here): Read {
  const zone = fields.client_timezone || timeZone
  if (!isZone(zone)) return refused({ client_timezone: `“${zone.slice(0, 64)}” is no time zone. Write it like America/Denver.` })
  if (fields.repeat !== '' && fields.repeat !== 'none') return readSeries(fields, zone, now)
  const wall = { date: fields.schedule_date, time: fields.schedule_time }
  const resolved = resolveWallTime(wall, zone, foldOf(fields), now)
  if (resolved.kind === 'ok')
    return { ok: true, later: { at: resolved.at, timeZone: zone, rule: null, first: [], asked: askedFor(fields, zone) } }
  return refused(whyNot(resolved, wall, now, zone))
}

/** The two instants to choose from, where the time that was chosen comes twice; else null. */
export function foldChoices(values: Record<string, string>, { now, timeZone }: Here): FoldChoices | null {
  const wall = { date: values.schedule_date ?? '', time: values.schedule_time ?? '' }
  const resolved = resolveWallTime(wall, values.client_timezone || timeZone, null, now)
  return resolved.kind === 'fold' ? { time: clock(wall.time), first: resolved.first, second: resolved.second } : null
}

export type FoldChoices = { time: string; first: FoldChoice; second: FoldChoice }

function readSeries(fields: LaterFields, timeZone: string, now: number): Read {
  const repeat = repeats.find((one) => one === fields.repeat)
  if (!repeat) return refused({ repeat: 'Choose how often.' })
  const wall = { date: fields.schedule_date, time: fields.schedule_time }
  const day = resolveWallTime(wall, timeZone, 'first', Number.NEGATIVE_INFINITY)
  if (day.kind === 'no_date' || day.kind === 'no_time') return refused(whyNot(day, wall, now, timeZone))
  const faults = seriesFaults(fields, repeat)
  if (Object.keys(faults).length > 0) return refused(faults)
  const asked: Rule = {
    repeat,
    weekdays: weekdaysOf(fields),
    monthDay: Number(fields.repeat_month_day) || Number(wall.date.slice(8)),
    time: wall.time.slice(0, 5),
    timeZone,
    startsOn: later(wall.date, toWallTime(now, timeZone).date),
    until: fields.repeat_until || null,
    count: null,
  }
  // What is over already does not count.
  const [first] = occurrencesAround(asked, now, 1).next
  if (!first) return refused({ repeat_until: 'Nothing is left to send until then. Choose a later day.' })
  const rule = { ...asked, startsOn: first.date, count: fields.repeat_count === '' ? null : Number(fields.repeat_count) }
  return {
    ok: true,
    later: { at: first.at, timeZone, rule, first: occurrencesAround(rule, now, shownAhead).next, asked: askedFor(fields, timeZone) },
  }
}

const weekdaysOf = (fields: LaterFields): number[] => weekdayBoxes.flatMap((box, index) => (fields[box] ? [index + 1] : []))

function askedFor(fields: LaterFields, timeZone: string): Record<string, string> {
  const repeated = fields.repeat === '' || fields.repeat === 'none' ? [] : repeatFields.map((name) => [name, fields[name]])
  const days = fields.repeat === 'weekly' ? weekdayBoxes.filter((box) => fields[box]).map((box) => [box, '1']) : []
  const when = whenFields.map((name) => [name, fields[name]])
  return { ...Object.fromEntries([...when, ...repeated, ...days]), client_timezone: timeZone }
}

/** The fields that ask for the like of `rule` again, from today on: as many times as were left of it, or all of them again. A last day that is over is left out. */
export function repeatValues(rule: Rule, now: number): Record<string, string> {
  const { repeat, weekdays, monthDay, time, timeZone, startsOn, until, count } = rule
  const { date: today } = toWallTime(now, timeZone)
  const left = count === null ? 0 : [...occurrencesOf(rule)].filter(({ at }) => at > now).length
  return {
    schedule_later: '1',
    schedule_date: later(startsOn, today),
    schedule_time: time,
    client_timezone: timeZone,
    repeat,
    ...Object.fromEntries(weekdays.map((day) => [`repeat_${day}`, '1'])),
    repeat_month_day: repeat === 'monthly' ? String(monthDay) : '',
    repeat_until: until !== null && until >= today ? until : '',
    repeat_count: count === null ? '' : String(left || count),
  }
}

function seriesFaults(fields: LaterFields, repeat: Repeat): Record<string, string> {
  const faults: Record<string, string> = {}
  if (repeat === 'weekly' && weekdaysOf(fields).length === 0) faults.repeat_1 = 'Tick at least one day of the week.'
  if (fields.repeat_month_day !== '' && !/^([1-9]|[12]\d|3[01])$/.test(fields.repeat_month_day))
    faults.repeat_month_day = 'A day of the month is 1 to 31.'
  const until = resolveWallTime({ date: fields.repeat_until, time: '12:00' }, 'UTC', null, 0)
  if (fields.repeat_until !== '' && until.kind === 'no_date') faults.repeat_until = 'This is no day. Write it like 2027-03-14.'
  else if (fields.repeat_until !== '' && fields.repeat_until < fields.schedule_date)
    faults.repeat_until = 'The last day is before the first.'
  if (fields.repeat_count !== '' && !(/^[1-9]\d{0,3}$/.test(fields.repeat_count) && Number(fields.repeat_count) <= mostTimes))
    faults.repeat_count = 'How many times is 1 to 1,000, or nothing.'
  return faults
}

function whyNot(
  resolved: Exclude<Resolved, { kind: 'ok' }>,
  { date, time }: WallTime,
  now: number,
  timeZone: string,
): Record<string, string> {
  switch (resolved.kind) {
    case 'no_date':
      return { schedule_date: date === '' ? 'Choose the day.' : 'This is no day. Write it like 2027-03-14.' }
    case 'no_time':
      return { schedule_time: time === '' ? 'Choose the time.' : 'This is no time. Write it like 18:30.' }
    case 'no_zone':
      return { client_timezone: 'This is no time zone. Write it like America/Denver.' }
    case 'gap':
      return { schedule_time: `${clock(time)} does not exist on ${dayWords(date)}. Choose ${either(resolved.before, resolved.after)}.` }
    case 'fold':
      return { schedule_fold: `${clock(time)} happens twice on ${dayWords(date)}. Choose which one.` }
    case 'past':
      return date < toWallTime(now, timeZone).date
        ? { schedule_date: `${dayWords(date)} is over. Choose a day ahead.` }
        : { schedule_time: `${clock(time)} is over. Choose a time ahead, or send it now.` }
  }
}

const foldOf = ({ schedule_fold: fold }: LaterFields): Fold | null => (fold === 'first' || fold === 'second' ? fold : null)
const refused = (faults: Record<string, string>): Read => ({ ok: false, faults })
const later = (one: string, other: string): string => (one > other ? one : other)

/** `1:30 or 3:30 AM`, `11:30 PM on September 4 or 1:30 AM`. */
function either(before: WallTime, after: WallTime): string {
  const [one, other] = [clock(before.time), clock(after.time)]
  if (before.date !== after.date) return `${one} on ${dayWords(before.date)} or ${other}`
  return one.slice(-2) === other.slice(-2) ? `${one.slice(0, -3)} or ${other}` : `${one} or ${other}`
}

/** `02:30` → `2:30 AM`. */
function clock(time: string): string {
  const hour = Number(time.slice(0, 2))
  return `${hour % 12 || 12}:${time.slice(3, 5)} ${hour < 12 ? 'AM' : 'PM'}`
}

const longDay = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', month: 'long', day: 'numeric' })
const dayWords = (date: string): string => longDay.format(Date.parse(`${date}T12:00:00Z`))
