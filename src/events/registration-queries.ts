import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/database'
import type { ListingPage, ListingState } from '../web/listing'
import { indexedIds, isIndexed, matchesSearch } from '../web/search'

export const registrationSorts = ['name', 'phone', 'created_at'] as const
export type RegistrationSort = (typeof registrationSorts)[number]
export const textsFilters = ['opted_out', 'suppressed'] as const

export type RegistrationRow = {
  id: number
  name: string
  phone: string
  createdAt: number
  /** Whether a blast would reach them. */
  texts: 'yes' | 'opted_out' | 'suppressed'
}

const r = { id: sql.raw('r.id'), name: sql.raw('r.name'), phone: sql.raw('r.phone') }

/** Each from an index that begins with the event; who has no name stored stands at the end of the alphabet. */
const order: Record<RegistrationSort, Record<'asc' | 'desc', SQL>> = {
  name: {
    asc: sql.raw("r.name = '', r.name COLLATE NOCASE, r.phone"),
    desc: sql.raw("r.name = '' DESC, r.name COLLATE NOCASE DESC, r.phone DESC"),
  },
  phone: { asc: sql.raw('r.phone'), desc: sql.raw('r.phone DESC') },
  created_at: { asc: sql.raw('r.created_at, r.id'), desc: sql.raw('r.created_at DESC, r.id DESC') },
}

const wordBase = 8192

/** The event as one trigram of the index of guests: its id in three digits from U+4E00 on, as migrations/0004_guest_search.sql has it. */
function eventWord(eventId: number): string {
  const digit = (place: number) => String.fromCodePoint(0x4e00 + (Math.floor(eventId / wordBase ** place) % wordBase))
  return [digit(2), digit(1), digit(0)].join('')
}

const fts = 'event_registrations_fts'

/** Where the rows `r` of a list come from, and how many they are; `counted` null: all of the event. */
type Sought = { from: SQL; counted: SQL | null }

function seek(eventId: number, { search, filters }: ListingState<RegistrationSort>): Sought {
  const reached = reachOf(filters.texts)
  const also = reached ? sql` AND ${reached}` : sql``
  const count = (rows: SQL) => sql`SELECT count(*) AS n FROM ${rows}`
  if (search !== '' && isIndexed(search)) {
    // From the few that match to the event; SQLite left alone walks the whole event in its order. The plus is for that, too.
    const ids = indexedIds(search, fts, `event : "${eventWord(eventId)}"`)
    const from = sql`(${ids}) f CROSS JOIN event_registrations r ON r.id = f.id WHERE +r.event_id = ${eventId}${also}`
    return { from, counted: count(reached ? from : sql`(${ids})`) }
  }
  const matches = search === '' ? sql`` : sql` AND ${matchesSearch(search, fts, r)}`
  const from = sql`event_registrations r WHERE r.event_id = ${eventId}${matches}${also}`
  return { from, counted: search === '' && !reached ? null : count(from) }
}

function reachOf(texts: string | undefined): SQL | null {
  if (texts === 'opted_out') return sql`r.phone IN (SELECT phone FROM unsubscribed_contacts)`
  if (texts === 'suppressed')
    return sql`r.phone IN (SELECT phone FROM suppressed_contacts WHERE phone NOT IN (SELECT phone FROM unsubscribed_contacts))`
  return null
}

export type RegistrationCounts = { all: number; optedOut: number; suppressed: number }
type Listed = { list: ListingPage<RegistrationRow>; counts: RegistrationCounts }

/** The page is cut from an index before anything is joined to it. Where nothing is sought, the count of all is that of the list. */
export async function listRegistrations(db: Db, eventId: number, state: ListingState<RegistrationSort>): Promise<Listed> {
  const { from, counted } = seek(eventId, state)
  const by = order[state.sort][state.dir]
  const offset = (state.page - 1) * state.pageSize
  const [rows, counts, found] = await Promise.all([
    db.all<RegistrationRow>(sql`
      SELECT r.id, r.name, r.phone, r.created_at AS "createdAt",
        CASE WHEN o.id IS NOT NULL THEN 'opted_out' WHEN s.id IS NOT NULL THEN 'suppressed' ELSE 'yes' END AS texts
      FROM (SELECT r.id AS picked FROM ${from} ORDER BY ${by} LIMIT ${state.pageSize} OFFSET ${offset})
      CROSS JOIN event_registrations r ON r.id = picked
      LEFT JOIN unsubscribed_contacts o ON o.phone = r.phone
      LEFT JOIN suppressed_contacts s ON s.phone = r.phone
      ORDER BY ${by}`),
    countRegistrations(db, eventId),
    counted && db.get<{ n: number }>(counted),
  ])
  return { list: { rows, total: found?.n ?? counts.all }, counts }
}

/** Counted from the lists of blocks, as members are. */
async function countRegistrations(db: Db, eventId: number): Promise<RegistrationCounts> {
  const ofEvent = sql`CROSS JOIN event_registrations r ON r.event_id = ${eventId}`
  const row = await db.get<RegistrationCounts>(sql`
    SELECT (SELECT count(*) FROM event_registrations r WHERE r.event_id = ${eventId}) AS "all",
      (SELECT count(*) FROM unsubscribed_contacts o ${ofEvent} AND r.phone = o.phone) AS "optedOut",
      (SELECT count(*) FROM suppressed_contacts s ${ofEvent} AND r.phone = s.phone
        WHERE s.phone NOT IN (SELECT phone FROM unsubscribed_contacts)) AS suppressed`)
  return row ?? { all: 0, optedOut: 0, suppressed: 0 }
}

export type RegistrationExport = { id: number; name: string; phone: string; createdAt: number }

/** All guests of an event in the order in which they came, a page at a time. */
export async function* pagesOfRegistrations(db: Db, eventId: number, pageSize = 2000): AsyncGenerator<RegistrationExport[]> {
  for (let after = { createdAt: 0, id: 0 }; ; ) {
    const rows = await db.all<RegistrationExport>(sql`
      SELECT id, name, phone, created_at AS "createdAt" FROM event_registrations
      WHERE event_id = ${eventId} AND (created_at, id) > (${after.createdAt}, ${after.id}) ORDER BY created_at, id LIMIT ${pageSize}`)
    yield rows
    const last = rows.at(-1)
    if (!last || rows.length < pageSize) return
    after = last
  }
}
