import { type SQL, sql } from 'drizzle-orm'
import { type Audience, pool } from '../blasts/audience'
import type { Db } from '../db/database'
import type { Deps } from '../deps'
import { statesZones, zonesOfArea } from '../sms/area-codes'
import { resolveWallTime, toWallTime } from './wall-time'

/** From `start` until `end`, in minutes of the day; over midnight where `start` is the later. */
export type QuietHours = { start: number; end: number }

/** How many of the audience have an area code; '' for all whose place is not known by it. */
export type AreaCount = { area: string; people: number }

export type Quiet = {
  hours: QuietHours
  people: number
  /** Of these: already within the evening's part, and still within the morning's. Somebody whose area spans zones may be in both. */
  evening: number
  morning: number
  /** Of these: nobody knows where the phone is. */
  unknown: number
  areas: string[]
  /** The next time that is quiet for none of the audience, UTC ms; null where there is no such time in the next days. */
  nextAt: number | null
}

const dayMs = 86_400_000
const daysTried = 3

/** `21:00-09:00`; null where it is empty or has no length. */
export function readQuietHours(setting: string): QuietHours | null {
  const [start, end] = setting.split('-').map((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5)))
  return start === undefined || end === undefined || start === end ? null : { start, end }
}

/**
 * An area code that the table does not hold, a toll-free number or a phone from abroad: where it is nobody knows, so it is quiet there
 * whenever it is quiet in any of the fifty states. An area code that spans zones is quiet when one of them is.
 */
export const zonesOf = (area: string): readonly string[] => zonesOfArea.get(area) ?? statesZones

const knownAreas = JSON.stringify([...zonesOfArea.keys()])

/**
 * Counted in SQL, by area: each is a range of the index on phones, so 100,000 people take some 20 ms and no sorting; who is blocked is
 * counted from the lists of blocks, which are short.
 */
export async function countAreas(db: Db, audience: Audience): Promise<AreaCount[]> {
  if (audience.testPhone !== null) return []
  const everyone = pool(audience)
  const [all, blocked, total] = await Promise.all([
    db.all<AreaCount>(sql`
      SELECT j.value AS area,
        (SELECT count(*) FROM ${everyone} p WHERE p.phone >= '+1' || j.value || '0000000' AND p.phone <= '+1' || j.value || '9999999') AS people
      FROM json_each(${knownAreas}) j`),
    db.all<AreaCount>(sql`
      SELECT CASE WHEN p.phone LIKE '+1%' THEN substr(p.phone, 3, 3) ELSE '' END AS area, count(*) AS people FROM (
        SELECT o.phone FROM unsubscribed_contacts o CROSS JOIN ${everyone} q ON q.phone = o.phone
        UNION SELECT s.phone FROM suppressed_contacts s CROSS JOIN ${everyone} q ON q.phone = s.phone) p GROUP BY 1`),
    db.get<{ n: number }>(sql`SELECT count(*) AS n FROM ${everyone} p`),
  ])
  const counts = new Map<string, number>([['', total?.n ?? 0]])
  const add = (area: string, people: number) => counts.set(area, (counts.get(area) ?? 0) + people)
  for (const { area, people } of all) {
    add(area, people)
    add('', -people)
  }
  for (const { area, people } of blocked) add(zonesOfArea.has(area) ? area : '', -people)
  return [...counts].filter(([, people]) => people > 0).map(([area, people]) => ({ area, people }))
}

/** Holds for a pool's row `p` in one of `areas`. */
export function inAreas(areas: readonly string[]): SQL {
  const known = sql`p.phone LIKE '+1%' AND substr(p.phone, 3, 3) IN (SELECT value FROM json_each(${JSON.stringify(areas)}))`
  if (!areas.includes('')) return sql`(${known})`
  return sql`(${known} OR NOT (p.phone LIKE '+1%' AND substr(p.phone, 3, 3) IN (SELECT value FROM json_each(${knownAreas}))))`
}

/** Whom a text at `at` (UTC ms) would reach in quiet hours; null for nobody. */
export function quietAt(hours: QuietHours, counts: readonly AreaCount[], at: number): Quiet | null {
  const parts = new Map<string, 'evening' | 'morning' | null>()
  const partOf = (zone: string) => {
    const known = parts.get(zone)
    if (known !== undefined) return known
    const part = partAt(hours, zone, at)
    parts.set(zone, part)
    return part
  }
  const quiet = counts
    .map((count) => ({ ...count, parts: zonesOf(count.area).map(partOf) }))
    .filter((count) => count.parts.some((part) => part !== null))
  if (quiet.length === 0) return null
  const sum = (some: typeof quiet) => some.reduce((n, { people }) => n + people, 0)
  return {
    hours,
    people: sum(quiet),
    evening: sum(quiet.filter((count) => count.parts.includes('evening'))),
    morning: sum(quiet.filter((count) => count.parts.includes('morning'))),
    unknown: sum(quiet.filter(({ area }) => !zonesOfArea.has(area))),
    areas: quiet.map(({ area }) => area),
    nextAt: nextAllowed(hours, new Set(counts.flatMap(({ area }) => zonesOf(area))), at),
  }
}

/** Whom a text to the audience would reach in quiet hours at `at` (UTC ms); null for nobody, and where there are no such hours. */
export async function quietFor({ db, config }: Pick<Deps, 'db' | 'config'>, audience: Audience, at: number): Promise<Quiet | null> {
  const hours = readQuietHours(config.quietHours)
  return hours && quietAt(hours, await countAreas(db, audience), at)
}

/** The same where quiet hours forbid a text, and do not only warn of it. */
export const forbiddenAt = async (deps: Pick<Deps, 'db' | 'config'>, audience: Audience, at: number): Promise<Quiet | null> =>
  deps.config.quietHoursBlock ? quietFor(deps, audience, at) : null

/** Which part of the quiet hours it is in `zone`: before midnight or after it. Hours within one day are all `evening`. */
function partAt({ start, end }: QuietHours, zone: string, at: number): 'evening' | 'morning' | null {
  const { time } = toWallTime(at, zone)
  const minute = Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
  if (start < end) return minute >= start && minute < end ? 'evening' : null
  return minute >= start ? 'evening' : minute < end ? 'morning' : null
}

/** Where quiet hours end somewhere, and are quiet nowhere: the earliest of these instants. */
function nextAllowed(hours: QuietHours, zones: ReadonlySet<string>, after: number): number | null {
  const ends = [...zones].flatMap((zone) => endsIn(hours, zone, after))
  for (const at of [...new Set(ends)].sort((a, b) => a - b)) {
    if ([...zones].every((zone) => partAt(hours, zone, at) === null)) return at
  }
  return null
}

function endsIn({ end }: QuietHours, zone: string, after: number): number[] {
  const time = `${String(Math.floor(end / 60)).padStart(2, '0')}:${String(end % 60).padStart(2, '0')}`
  const instants: number[] = []
  for (let day = 0; day <= daysTried; day++) {
    const { date } = toWallTime(after + day * dayMs, zone)
    const resolved = resolveWallTime({ date, time }, zone, 'second', Number.NEGATIVE_INFINITY)
    if ('at' in resolved && resolved.at > after) instants.push(resolved.at)
  }
  return instants
}
