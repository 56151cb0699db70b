import { sql } from 'drizzle-orm'
import type { Db } from '../db/database'
import { countMembers, type MemberCounts } from '../members/queries'

export type EventChoice = { id: number; title: string; date: string | null; guests: number }

/** Whom a text can be for. */
export type AudienceChoices = {
  members: MemberCounts
  events: EventChoice[]
  /** Events from today on, and the guests of all of them. */
  ahead: { events: number; guests: number }
}

const mostEvents = 100

/** Events ahead first, soonest first; then those that were, newest first. `chosen` is among them however old it is. */
export async function readChoices(db: Db, today: string, chosen: string | undefined): Promise<AudienceChoices> {
  const nearest = sql`coalesce(date < ${today}, 0), date IS NULL, abs(julianday(date) - julianday(${today})), id DESC`
  const [members, events] = await Promise.all([
    countMembers(db),
    db.all<EventChoice>(sql`
      SELECT id, title, date, (SELECT count(*) FROM event_registrations r WHERE r.event_id = e.id) AS guests
      FROM (SELECT id, title, date FROM events ORDER BY id = ${Number(chosen) || 0} DESC, ${nearest} LIMIT ${mostEvents}) e
      ORDER BY ${nearest}`),
  ])
  const ahead = events.filter(({ date }) => date !== null && date >= today)
  return { members, events, ahead: { events: ahead.length, guests: ahead.reduce((sum, { guests }) => sum + guests, 0) } }
}
