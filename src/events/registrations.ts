import { and, eq, sql } from 'drizzle-orm'
import { recordConsent } from '../consents/consents'
import { atomically, isUniqueFault } from '../db/database'
import { eventRegistrations } from '../db/schema'
import type { Deps } from '../deps'
import { NotFound } from '../faults'
import { type Reach, reachOf } from '../suppressions/reach'

type Base = Pick<Deps, 'db' | 'now'>
export type Registration = typeof eventRegistrations.$inferSelect
export type Guest = { name: string; phone: string }

/** `taken`: the event has a guest with this phone. `reach`: it is stored all the same. */
export type RegisterResult = { kind: 'saved'; id: number; reach: Reach } | { kind: 'taken'; by: string }

/** A guest of this event and no other. Throws NotFound. */
export async function findRegistration({ db }: Pick<Base, 'db'>, eventId: number, id: number): Promise<Registration> {
  const found = await db.query.eventRegistrations.findFirst({
    where: and(eq(eventRegistrations.id, id), eq(eventRegistrations.eventId, eventId)),
  })
  if (!found) throw new NotFound()
  return found
}

/** `by`: username. Throws NotFound where the event was deleted meanwhile. */
export async function register({ db, now }: Base, eventId: number, { name, phone }: Guest, by: string): Promise<RegisterResult> {
  const at = now()
  let id: number | undefined
  try {
    const [added] = await atomically<{ id: number }>(db, [
      sql`
        INSERT INTO event_registrations (event_id, name, phone, created_at, updated_at)
        SELECT id, ${name}, ${phone}, ${at}, ${at} FROM events WHERE id = ${eventId} RETURNING id`,
      recordConsent(
        { kind: 'added', how: 'form', by, eventId, now: at },
        sql`SELECT phone FROM event_registrations WHERE event_id = ${eventId} AND phone = ${phone}`,
      ),
    ])
    id = added?.rows[0]?.id
    if (id === undefined) throw new NotFound()
  } catch (fault) {
    if (!isUniqueFault(fault)) throw fault
    const other = await db.query.eventRegistrations.findFirst({
      where: and(eq(eventRegistrations.eventId, eventId), eq(eventRegistrations.phone, phone)),
    })
    return { kind: 'taken', by: other?.name ?? '' }
  }
  return { kind: 'saved', id, reach: await reachOf(db, phone) }
}

/** Throws NotFound where they are gone already. Opt-outs and what they were sent are kept. */
export async function unregister({ db, now }: Base, { eventId, id }: Pick<Registration, 'eventId' | 'id'>, by: string): Promise<void> {
  const guest = sql`event_registrations WHERE id = ${id} AND event_id = ${eventId}`
  const [, gone] = await atomically(db, [
    recordConsent({ kind: 'removed', how: 'form', by, eventId, now: now() }, sql`SELECT phone FROM ${guest}`),
    sql`DELETE FROM ${guest} RETURNING id`,
  ])
  if (gone?.rows.length === 0) throw new NotFound()
}
