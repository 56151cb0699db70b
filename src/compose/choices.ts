import type { Db } from '../db/database'
import { type EventChoice, listNearest } from '../events/queries'
import { countMembers, type MemberCounts } from '../members/queries'

/** Whom a text can be for. */
export type AudienceChoices = {
  members: MemberCounts
  events: EventChoice[]
  /** Events from today on, and the guests of all of them. */
  ahead: { events: number; guests: number }
}

const mostEvents = 100

/** Events ahead first, soonest first; then those without a day; then those that were, newest first. `chosen` is among them however old it is. */
export async function readChoices(db: Db, today: string, chosen: string | undefined): Promise<AudienceChoices> {
  const [members, events] = await Promise.all([countMembers(db), listNearest(db, today, { most: mostEvents, also: Number(chosen) || 0 })])
  const ahead = events.filter(({ date }) => date !== null && date >= today)
  return { members, events, ahead: { events: ahead.length, guests: ahead.reduce((sum, { guests }) => sum + guests, 0) } }
}
