import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/database'
import type { consentKinds, consentWays } from '../db/schema'

export type ConsentKind = (typeof consentKinds)[number]
export type ConsentWay = (typeof consentWays)[number]

export type ConsentEntry = {
  /** Blocks that are stored (`opted_out`, `suppressed`) write their own record, by a trigger; see migrations/0003_blocks.sql. */
  kind: Exclude<ConsentKind, 'opted_out' | 'suppressed'>
  how: ConsentWay
  /** Username; empty where no staff did it. */
  by?: string
  /** Why, in the words of staff, or the keyword. */
  detail?: string
  importId?: number
  /** Of `added` and `removed`: the event whose guest it was, or a column of `phones` that holds it; left out for members. */
  eventId?: number | SQL | null
  now: number
}

/**
 * The consent record of every phone that `phones` selects, as a statement for the batch of the change: before a DELETE, after an INSERT.
 * Rows are never changed or deleted afterwards.
 */
export const recordConsent = ({ kind, how, by = '', detail = '', importId, eventId, now }: ConsentEntry, phones: SQL): SQL => sql`
  INSERT INTO consent_events (phone, kind, how, created_by, detail, import_id, event_id, created_at)
  SELECT phone, ${kind}, ${how}, ${by}, ${detail}, ${importId ?? null}, ${eventId ?? null}, ${now} FROM (${phones}) WHERE true`

export type ConsentEvent = {
  id: number
  kind: ConsentKind
  how: ConsentWay
  by: string
  detail: string
  /** Null where there is no such blast, any more. */
  logId: number | null
  importId: number | null
  eventId: number | null
  /** Null for a community member, and where the event is gone. */
  eventTitle: string | null
  at: number
}

/** Everything recorded of one phone, newest first. */
export async function listConsents(db: Db, phone: string): Promise<ConsentEvent[]> {
  return db.all<ConsentEvent>(sql`
    SELECT c.id, c.kind, c.how, c.created_by AS "by", c.detail, l.id AS "logId", c.import_id AS "importId", c.event_id AS "eventId",
      e.title AS "eventTitle", c.created_at AS "at"
    FROM consent_events c LEFT JOIN message_logs l ON l.id = c.log_id LEFT JOIN events e ON e.id = c.event_id
    WHERE c.phone = ${phone} ORDER BY c.created_at DESC, c.id DESC`)
}

/** When a phone's blocks of this kind were last taken away, as SQL; 0 when never. Failures before then count no more. */
export const lastGivenBack = (kind: 'opted_in' | 'lifted', phone: SQL): SQL =>
  sql`coalesce((SELECT max(c.created_at) FROM consent_events c WHERE c.phone = ${phone} AND c.kind = ${kind}), 0)`
