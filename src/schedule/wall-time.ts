import { IANAZone } from 'luxon'

/** A day and a time as a clock on the wall shows them: `2027-03-14`, `02:30`. */
export type WallTime = { date: string; time: string }
export type Fold = 'first' | 'second'

/** One of two instants at which the clock shows the same. */
export type FoldChoice = {
  /** UTC ms. */
  at: number
  /** `summer` before the clocks go back, `winter` after; null where that is not what happened. */
  season: 'summer' | 'winter' | null
}

export type Resolved =
  /** `at` in UTC ms. */
  | { kind: 'ok'; at: number }
  /** The clock skips that time. The two nearest that exist, as far apart as the clock jumps, and the instant of the later one. */
  | { kind: 'gap'; before: WallTime; after: WallTime; at: number }
  /** The clock shows that time twice, and which one was not said. */
  | { kind: 'fold'; first: FoldChoice; second: FoldChoice }
  | { kind: 'past'; at: number }
  | { kind: 'no_zone' }
  | { kind: 'no_date' }
  | { kind: 'no_time' }

const dayMs = 86_400_000
const minuteMs = 60_000

/** Whether it is a name of the time zone database; engines also take offsets such as `+05:00`, whose clocks nobody lives by. */
export const isZone = (name: string): boolean => /^[A-Za-z][\w+/-]{1,63}$/.test(name) && IANAZone.isValidZone(name)

/** Wall time in `timeZone` → UTC. `fold` answers the question that a time which comes twice asks; `now` in UTC ms. */
export function resolveWallTime({ date, time }: WallTime, timeZone: string, fold: Fold | null, now: number): Resolved {
  const local = readWallTime({ date, time })
  if (local === 'no_date' || local === 'no_time') return { kind: local }
  if (!isZone(timeZone)) return { kind: 'no_zone' }
  const zone = IANAZone.create(timeZone)
  const { before, after } = offsetsAround(zone, local)
  const instants = [...new Set([local - before, local - after])].filter((at) => at + offsetMs(zone, at) === local).sort((a, b) => a - b)
  const [first, second] = instants
  if (first === undefined) {
    const at = local - before
    const wall = (instant: number) => toWallTime(instant, timeZone)
    return { kind: 'gap', before: wall(local - after), after: wall(at), at }
  }
  if (second !== undefined && fold === null && second > now) return { kind: 'fold', ...foldOf(zone, first, second) }
  const at = second !== undefined && fold === 'second' ? second : first
  return at > now ? { kind: 'ok', at } : { kind: 'past', at }
}

/** UTC ms → what the clocks of `timeZone` show then. */
export function toWallTime(at: number, timeZone: string): WallTime {
  const iso = new Date(at + offsetMs(IANAZone.create(timeZone), at)).toISOString()
  return { date: iso.slice(0, 10), time: iso.slice(11, 16) }
}

/** Which of the two it is, where the clock of `timeZone` shows the time of `at` (UTC ms) twice; else null. */
export function foldAt(at: number, timeZone: string): Fold | null {
  const resolved = resolveWallTime(toWallTime(at, timeZone), timeZone, null, Number.NEGATIVE_INFINITY)
  if (resolved.kind !== 'fold') return null
  return at - (at % minuteMs) === resolved.second.at ? 'second' : 'first'
}

/** Wall time as if it were UTC, in ms. A day such as February 30 is no day. */
function readWallTime({ date, time }: WallTime): number | 'no_date' | 'no_time' {
  const midnight = /^[1-9]\d{3}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== date) return 'no_date'
  // Some browsers send seconds along.
  if (!/^([01]\d|2[0-3]):[0-5]\d(:00)?$/.test(time)) return 'no_time'
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return midnight + (hours * 60 + minutes) * minuteMs
}

const offsetMs = (zone: IANAZone, at: number): number => Math.round(zone.offset(at) * minuteMs)

/** A day before and a day after, in ms: clocks change at most once in between. */
const offsetsAround = (zone: IANAZone, local: number) => ({ before: offsetMs(zone, local - dayMs), after: offsetMs(zone, local + dayMs) })

function foldOf(zone: IANAZone, first: number, second: number): { first: FoldChoice; second: FoldChoice } {
  const yearRound = [0, 182].map((days) => offsetMs(zone, first + days * dayMs))
  // Half a year on it is summer time again, unless the clocks went back for good.
  const seasons = yearRound[0] === yearRound[1]
  return { first: { at: first, season: seasons ? 'summer' : null }, second: { at: second, season: seasons ? 'winter' : null } }
}
