import { eq } from 'drizzle-orm'
import { auditEvents, consentEvents, eventRegistrations, events } from '../../src/db/schema'
import { createHarness, type Harness } from '../support/harness'

export type Gathering = Awaited<ReturnType<typeof createGathering>>
type Guest = readonly [name: string, phone: string]

/** The app with an admin and a social manager signed in, and what tests of events do again and again. */
export async function createGathering(settings: Record<string, string> = {}) {
  const h = await createHarness(settings)
  return { ...h, ...readEvents(h), admin: await h.signIn('admin', 'rosa'), manager: await h.signIn('social_manager', 'nia') }
}

/** Straight to the database and back. */
export function readEvents({ deps }: Pick<Harness, 'deps'>) {
  const { db } = deps
  async function addEvent(title: string, guests: readonly Guest[] = [], date: string | null = '2026-12-01') {
    const [event] = await db.insert(events).values({ title, date, createdAt: 1, updatedAt: 1 }).returning()
    if (!event) throw new Error('no event')
    await addGuests(event.id, guests)
    return event.id
  }
  async function addGuests(eventId: number, guests: readonly Guest[]) {
    for (const [index, [name, phone]] of guests.entries())
      await db.insert(eventRegistrations).values({ eventId, name, phone, createdAt: index + 1, updatedAt: index + 1 })
  }
  const guests = async (eventId: number) => {
    const rows = await db.select().from(eventRegistrations).where(eq(eventRegistrations.eventId, eventId)).orderBy(eventRegistrations.phone)
    return rows.map(({ name, phone }) => [name, phone])
  }
  const titles = async () => (await db.select().from(events).orderBy(events.id)).map(({ title, date }) => [title, date])
  const audited = async () =>
    (await db.select().from(auditEvents))
      .filter(({ eventType }) => !eventType.startsWith('login'))
      .map((row) => [row.eventType, row.subject])
  const consents = async (phone: string) => {
    const rows = await db.select().from(consentEvents).where(eq(consentEvents.phone, phone)).orderBy(consentEvents.id)
    return rows.map(({ kind, how, createdBy, eventId }) => ({ kind, how, createdBy, eventId }))
  }
  return { addEvent, addGuests, guests, titles, audited, consents }
}

/** Ids of the rows of a list, in their order. */
export const rowsOf = (html: string): string[] => [...html.matchAll(/<tr role="row" id="list-(\d+)"/g)].map(([, id = '']) => id)
