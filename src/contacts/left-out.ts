import type { ConsentEvent, ConsentKind } from '../consents/consents'
import type { Contact } from './queries'

/** A time in which blasts to a pool left someone out, UTC ms, `to` excluded; `since` is when the block began. */
export type Span = { eventId: number | null; from: number; to: number; reason: 'opted_out' | 'suppressed'; since: number }
type Stretch = { from: number; to: number }

/**
 * When somebody was on a list and blocked at once: blasts of those times did not plan them. What the record does not tell is not guessed:
 * who is gone from a list without a record of it was on it for no known time. `events` come newest first.
 */
export function leftOutSpans(contact: Contact, events: readonly ConsentEvent[]): Span[] {
  const oldestFirst = events.toReversed()
  const pools = new Map<number | null, ConsentEvent[]>(
    [null, ...contact.guestOf.map(({ eventId }) => eventId)].map((eventId) => [eventId, []]),
  )
  for (const event of oldestFirst) {
    if (event.kind === 'added' || event.kind === 'removed') pools.set(event.eventId, [...(pools.get(event.eventId) ?? []), event])
  }
  const blocks = [
    ...stretches(oldestFirst, 'opted_out', 'opted_in', contact.optOut?.since ?? null).map((stretch) => ({
      ...stretch,
      reason: 'opted_out' as const,
    })),
    ...stretches(oldestFirst, 'suppressed', 'lifted', contact.suppression?.since ?? null).map((stretch) => ({
      ...stretch,
      reason: 'suppressed' as const,
    })),
  ]
  return [...pools].flatMap(([eventId, ofPool]) => {
    const now = eventId === null ? contact.member : contact.guestOf.find((guest) => guest.eventId === eventId)
    return stretches(ofPool, 'added', 'removed', now?.since ?? null).flatMap((stay) =>
      blocks.flatMap(({ from, to, reason }) => {
        const span = { eventId, from: Math.max(from, stay.from), to: Math.min(to, stay.to), reason, since: from }
        return span.from < span.to ? [span] : []
      }),
    )
  })
}

/** Begun and ended by events of two kinds. `since`: it is so now, and at the latest from then on; null: it is not. */
function stretches(oldestFirst: readonly ConsentEvent[], begins: ConsentKind, ends: ConsentKind, since: number | null): Stretch[] {
  const known: Stretch[] = []
  let from: number | null = null
  for (const { kind, at } of oldestFirst) {
    if (kind === begins) from ??= at
    if (kind === ends && from !== null) {
      known.push({ from, to: at })
      from = null
    }
  }
  if (since !== null) known.push({ from: Math.min(from ?? since, since), to: Number.MAX_SAFE_INTEGER })
  return known
}
