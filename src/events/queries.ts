import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/database'
import type { ListingPage, ListingState } from '../web/listing'
import { matchesTitle } from '../web/search'

/** `upcoming`: those ahead, soonest first; those without a date; then those that were, newest first. */
export const eventSorts = ['upcoming', 'title', 'date', 'registrations'] as const
export type EventSort = (typeof eventSorts)[number]
export const whenFilters = ['upcoming', 'past', 'undated'] as const
type When = (typeof whenFilters)[number]

export type EventRow = { id: number; title: string; date: string | null; registrations: number }
export type EventCounts = Record<When | 'all', number>

const e = { id: sql.raw('e.id'), title: sql.raw('e.title') }

/** `today`: the calendar day in the organisation's zone. An event of today is ahead. */
const isWhen = (today: string): Record<When, SQL> => ({
  upcoming: sql`e.date >= ${today}`,
  undated: sql`e.date IS NULL`,
  past: sql`e.date < ${today}`,
})

const whenOrder: Record<When, SQL> = {
  upcoming: sql.raw('e.date, e.id DESC'),
  undated: sql.raw('e.id DESC'),
  past: sql.raw('e.date DESC, e.id DESC'),
}

const order: Record<Exclude<EventSort, 'upcoming'>, Record<'asc' | 'desc', SQL>> = {
  title: { asc: sql.raw('e.title COLLATE NOCASE, e.id'), desc: sql.raw('e.title COLLATE NOCASE DESC, e.id DESC') },
  date: { asc: sql.raw('e.date ASC NULLS LAST, e.id'), desc: sql.raw('e.date DESC NULLS LAST, e.id DESC') },
  registrations: { asc: sql.raw('coalesce(g.n, 0), e.id DESC'), desc: sql.raw('coalesce(g.n, 0) DESC, e.id DESC') },
}

function conditions(state: ListingState<EventSort>, today: string): SQL {
  const all = [sql`1`]
  if (state.search !== '') all.push(matchesTitle(state.search, 'events_fts', e))
  const when = whenFilters.find((name) => name === state.filters.when)
  if (when) all.push(isWhen(today)[when])
  return sql.join(all, sql` AND `)
}

/** The page is cut from an index before the guests of its events are counted. `counts` are those of all events. */
export async function listEvents(
  db: Db,
  state: ListingState<EventSort>,
  today: string,
  counts: EventCounts,
): Promise<ListingPage<EventRow>> {
  const where = conditions(state, today)
  const filter = whenFilters.find((name) => name === state.filters.when)
  const [rows, total] = await Promise.all([
    db.all<EventRow>(sql`
      SELECT e.id, e.title, e.date, (SELECT count(*) FROM event_registrations r WHERE r.event_id = e.id) AS registrations
      FROM (${pickPage(state, today, where, counts)}) CROSS JOIN events e ON e.id = picked ORDER BY place`),
    state.search === '' ? { n: counts[filter ?? 'all'] } : db.get<{ n: number }>(sql`SELECT count(*) AS n FROM events e WHERE ${where}`),
  ])
  return { rows, total: total?.n ?? 0 }
}

/** Rows `picked, place`: the ids of one page and where they stand in it. */
function pickPage(state: ListingState<EventSort>, today: string, where: SQL, counts: EventCounts): SQL {
  const offset = (state.page - 1) * state.pageSize
  const page = sql`LIMIT ${state.pageSize} OFFSET ${offset}`
  if (state.sort === 'upcoming' && state.search === '' && state.filters.when === undefined)
    return numbered(nearest(today, where, stretchesOf(counts, offset, state.pageSize)))
  if (state.sort === 'upcoming') return sql`${numbered(nearest(today, where, firstOfEach(offset + state.pageSize)))} ${page}`
  const counted = sql`LEFT JOIN (SELECT event_id, count(*) AS n FROM event_registrations GROUP BY event_id) g ON g.event_id = e.id`
  const by = order[state.sort][state.dir]
  return numbered(
    sql`SELECT e.id AS picked FROM events e ${state.sort === 'registrations' ? counted : sql``} WHERE ${where} ORDER BY ${by} ${page}`,
  )
}

const numbered = (ids: SQL): SQL => sql`SELECT picked, row_number() OVER () AS place FROM (${ids})`

type Stretch = { from: number; most: number }
const inOrder = ['upcoming', 'undated', 'past'] as const satisfies readonly When[]
const firstOfEach = (most: number): Record<When, Stretch> => {
  const stretch = { from: 0, most }
  return { upcoming: stretch, undated: stretch, past: stretch }
}

/** What a page takes of each part: a late one skips entries of the index, and reads none of the events before it. */
function stretchesOf(counts: EventCounts, offset: number, pageSize: number): Record<When, Stretch> {
  const stretches = firstOfEach(0)
  let skip = offset
  let left = pageSize
  for (const when of inOrder) {
    const from = Math.min(skip, counts[when])
    const most = Math.min(left, counts[when] - from)
    stretches[when] = { from, most }
    skip -= from
    left -= most
  }
  return stretches
}

/** Ids in the order of the list. Each part from the index of dates; as one ORDER BY it would sort every event there is. */
function nearest(today: string, where: SQL, stretches: Record<When, Stretch>): SQL {
  const parts = inOrder.map((when) => {
    const { from, most } = stretches[when]
    return sql`SELECT * FROM (
      SELECT e.id AS picked FROM events e WHERE ${isWhen(today)[when]} AND ${where} ORDER BY ${whenOrder[when]} LIMIT ${most} OFFSET ${from})`
  })
  return sql.join(parts, sql` UNION ALL `)
}

export type EventChoice = { id: number; title: string; date: string | null; guests: number }

/** The `most` that come first, and last of all the one with the id `also`, if it is not among them. */
export async function listNearest(db: Db, today: string, { most, also }: { most: number; also: number }): Promise<EventChoice[]> {
  return db.all<EventChoice>(sql`
    WITH picked AS (SELECT picked, row_number() OVER () AS place FROM (${nearest(today, sql`1`, firstOfEach(most))}) LIMIT ${most})
    SELECT e.id, e.title, e.date, (SELECT count(*) FROM event_registrations r WHERE r.event_id = e.id) AS guests
    FROM (SELECT * FROM picked UNION ALL SELECT ${also}, ${most + 1} WHERE ${also} NOT IN (SELECT picked FROM picked)) CROSS JOIN events e ON e.id = picked
    ORDER BY place`)
}

export async function countEvents(db: Db, today: string): Promise<EventCounts> {
  const is = isWhen(today)
  const row = await db.get<EventCounts>(sql`
    SELECT (SELECT count(*) FROM events) AS "all",
      (SELECT count(*) FROM events e WHERE ${is.upcoming}) AS upcoming,
      (SELECT count(*) FROM events e WHERE ${is.past}) AS past,
      (SELECT count(*) FROM events e WHERE ${is.undated}) AS undated`)
  return row ?? { all: 0, upcoming: 0, past: 0, undated: 0 }
}

export type EventToDelete = EventRow & {
  /** Texts that wait for their time and are meant for its guests; and those of them that repeat. */
  scheduled: number
  series: number
}

/** Those of `ids` that exist, by title. */
export async function listEventsToDelete(db: Db, ids: readonly number[]): Promise<EventToDelete[]> {
  return db.all<EventToDelete>(sql`
    SELECT e.id, e.title, e.date, (SELECT count(*) FROM event_registrations r WHERE r.event_id = e.id) AS registrations,
      (SELECT count(*) FROM scheduled_messages s WHERE s.status = 'pending' AND s.target = 'event' AND s.event_id = e.id) AS scheduled,
      (SELECT count(*) FROM recurring_schedules r WHERE r.ended_at IS NULL AND r.target = 'event' AND r.event_id = e.id) AS series
    FROM events e WHERE e.id IN (SELECT value FROM json_each(${JSON.stringify(ids)})) ORDER BY e.title COLLATE NOCASE, e.id`)
}
