import { eq, sql } from 'drizzle-orm'
import { recordConsent } from '../consents/consents'
import { atomically } from '../db/database'
import { events } from '../db/schema'
import type { Deps } from '../deps'
import { NotFound } from '../faults'
import { eventGone } from '../imports/imports'

/** In UTF-16 units. */
export const maxTitleLength = 200

type Base = Pick<Deps, 'db' | 'now'>
export type Event = typeof events.$inferSelect
/** `date`: a calendar day, YYYY-MM-DD. */
export type EventInput = { title: string; date: string | null }

/** Throws NotFound. */
export async function findEvent({ db }: Pick<Base, 'db'>, id: number): Promise<Event> {
  const event = await db.query.events.findFirst({ where: eq(events.id, id) })
  if (!event) throw new NotFound()
  return event
}

/** Answers its id. */
export async function addEvent({ db, now }: Base, input: EventInput): Promise<number> {
  const [added] = await db
    .insert(events)
    .values({ ...input, createdAt: now(), updatedAt: now() })
    .returning({ id: events.id })
  if (!added) throw new Error('event not stored')
  return added.id
}

/** Throws NotFound. */
export async function editEvent({ db, now }: Base, id: number, input: EventInput): Promise<void> {
  const changed = await db
    .update(events)
    .set({ ...input, updatedAt: now() })
    .where(eq(events.id, id))
    .returning({ id: events.id })
  if (changed.length === 0) throw new NotFound()
}

/** Registrations deleted in one batch: on a server nobody else is answered meanwhile. */
const sliceRows = 1000

/** `cancelled`: texts that waited for their guests. */
export type Deleted = { events: number; registrations: number; cancelled: number }

/**
 * Deletes the events that still exist with their registrations, each of which keeps its consent record. Opt-outs and what was sent are kept.
 * Should it break off in the middle, the events are still there, with fewer guests. Imports into them end, and cannot be undone any more;
 * texts that wait for their guests are cancelled, and those that repeat end.
 */
export async function deleteEvents(
  { db, now, sleep }: Pick<Deps, 'db' | 'now' | 'sleep'>,
  ids: readonly number[],
  by: string,
): Promise<Deleted> {
  const picked = sql`(SELECT value FROM json_each(${JSON.stringify(ids)}))`
  const guests = sql`event_registrations WHERE event_id IN ${picked}`
  const removed = { kind: 'removed', how: 'form', by, eventId: sql.raw('event_id'), now: now() } as const
  let registrations = 0
  let gone: number
  do {
    const slice = sql`${guests} ORDER BY event_id, phone LIMIT ${sliceRows}`
    const [, deleted] = await atomically(db, [
      recordConsent(removed, sql`SELECT phone, event_id FROM ${slice}`),
      sql`DELETE FROM event_registrations WHERE id IN (SELECT id FROM ${slice}) RETURNING id`,
    ])
    gone = deleted?.rows.length ?? 0
    registrations += gone
    await sleep(0)
  } while (gone === sliceRows)
  // Whoever was registered since the last slice goes with the event.
  const theirs = sql`target = 'event' AND event_id IN ${picked}`
  const [late, , deleted, , , cancelled] = await atomically<{ id: number }>(db, [
    sql`SELECT id FROM ${guests}`,
    recordConsent(removed, sql`SELECT phone, event_id FROM ${guests}`),
    sql`DELETE FROM events WHERE id IN ${picked} RETURNING id`,
    sql`
      UPDATE imports SET status = 'failed', fault = ${eventGone}, finished_at = ${now()}, lease_token = NULL, lease_until_at = 0
      WHERE kind = 'registrations' AND event_id IN ${picked}`,
    sql`UPDATE recurring_schedules SET ended_at = ${now()}, refill_at = NULL WHERE ${theirs} AND ended_at IS NULL`,
    sql`
      UPDATE scheduled_messages SET status = 'cancelled', reason = 'event_deleted', updated_at = max(${now()}, updated_at + 1)
      WHERE ${theirs} AND status = 'pending'`,
  ])
  return { events: deleted?.rows.length ?? 0, registrations: registrations + (late?.rows.length ?? 0), cancelled: cancelled?.changes ?? 0 }
}
