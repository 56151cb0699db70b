import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/database'
import type { Target } from '../db/schema'

/** Who a blast is for. In test mode one phone of the office, whatever its opt-outs. */
export type Audience = { target: Target; eventId: number | null; testPhone: string | null }

export type AudienceCounts = {
  /** All in the pool. */
  total: number
  optedOut: number
  /** Suppressed and not opted out as well. */
  suppressed: number
  /** A pool holds a phone once, so this is 0; it stands in the sum because staff ask. */
  duplicates: number
  /** Who gets a text: total − optedOut − suppressed − duplicates. */
  people: number
  /** Changes whenever anyone joins, leaves, is renamed, opts out or in, or is suppressed. */
  fingerprint: string
}

/** The pool as rows `id, name, phone, updated_at`. */
export function pool({ target, eventId }: Audience): SQL {
  return target === 'community'
    ? sql`(SELECT id, name, phone, updated_at FROM community_members)`
    : sql`(SELECT id, name, phone, updated_at FROM event_registrations WHERE event_id = ${eventId})`
}

/** Holds for a pool's row `p` that a blast would reach. The claim asks the same again (deliveries/claims.ts). */
export const reachable = sql.raw(
  `p.phone NOT IN (SELECT phone FROM unsubscribed_contacts) AND p.phone NOT IN (SELECT phone FROM suppressed_contacts)`,
)

/** In the order of the lists: by name, then phone, nameless ones last. */
export const byName = sql.raw("p.name = '', p.name COLLATE NOCASE, p.phone")

/**
 * One row `fingerprint`: counts and sums of ids tell any change of membership, the newest `updated_at` any change of a name.
 * Blocks are counted from their own, shorter lists: CROSS JOIN keeps SQLite to that order.
 */
export function fingerprint(audience: Audience): SQL {
  const everyone = pool(audience)
  return sql`SELECT (SELECT count(*) || '.' || coalesce(sum(p.id), 0) || '.' || coalesce(max(p.updated_at), 0) FROM ${everyone} p)
    || '-' || (SELECT count(*) || '.' || coalesce(sum(o.id), 0) FROM unsubscribed_contacts o CROSS JOIN ${everyone} p ON p.phone = o.phone)
    || '-' || (SELECT count(*) || '.' || coalesce(sum(s.id), 0) FROM suppressed_contacts s CROSS JOIN ${everyone} p ON p.phone = s.phone
      WHERE s.phone NOT IN (SELECT phone FROM unsubscribed_contacts))`
}

export async function countAudience(db: Db, audience: Audience): Promise<AudienceCounts> {
  if (audience.testPhone !== null) {
    return { total: 1, optedOut: 0, suppressed: 0, duplicates: 0, people: 1, fingerprint: audience.testPhone }
  }
  const row = await db.get<{ fingerprint: string }>(sql`SELECT (${fingerprint(audience)}) AS fingerprint`)
  const print = row?.fingerprint ?? ''
  const [total = 0, optedOut = 0, suppressed = 0] = print.split('-').map((part) => Number(part.split('.')[0]))
  return { total, optedOut, suppressed, duplicates: 0, people: total - optedOut - suppressed, fingerprint: print }
}
