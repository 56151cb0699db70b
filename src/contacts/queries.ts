import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/database'
import { parsePhone } from '../sms/phone'
import type { ListingPage, ListingState } from '../web/listing'
import { matchesSearch } from '../web/search'

export type ContactRow = {
  phone: string
  /** As a member, else as the newest guest, else as a block has it, else as it last was; may be empty. */
  name: string
  member: boolean
  /** Events whose guest they are. */
  guestOf: number
  texts: 'yes' | 'opted_out' | 'suppressed'
}

/** A search that finds more is not worth paging through; it says so. */
export const mostFound = 1000

type Source = { table: string; fts: string; name: string }
const sources: readonly Source[] = [
  { table: 'community_members', fts: 'community_members_fts', name: 'name' },
  { table: 'event_registrations', fts: 'event_registrations_fts', name: 'name' },
  { table: 'unsubscribed_contacts', fts: 'unsubscribed_contacts_fts', name: 'known_as' },
  { table: 'suppressed_contacts', fts: 'suppressed_contacts_fts', name: 'known_as' },
  { table: 'former_contacts', fts: 'former_contacts_fts', name: 'name' },
]

/** The phones that match, no more than are shown. A whole phone is looked up, which is quicker than any search. */
function found(search: string): SQL {
  const whole = wholePhone(search)
  if (whole !== null) return sql`SELECT ${whole} AS phone WHERE ${isKnown(whole)}`
  const matching = sources.map(({ table, fts, name }) => {
    const columns = { id: sql.raw('id'), name: sql.raw(name), phone: sql.raw('phone') }
    return sql`SELECT phone FROM (SELECT phone FROM ${sql.raw(table)} WHERE ${matchesSearch(search, fts, columns)} LIMIT ${mostFound})`
  })
  return sql`${sql.join(matching, sql` UNION `)} LIMIT ${mostFound}`
}

/** Whether there is anything to tell of a phone: on a list, blocked, texted, or in the consent record. */
const isKnown = (phone: string): SQL =>
  sql.join(
    [...sources.map(({ table }) => table), 'message_deliveries', 'consent_events'].map(
      (table) => sql`EXISTS (SELECT 1 FROM ${sql.raw(table)} WHERE phone = ${phone})`,
    ),
    sql` OR `,
  )

/** E.164, where the search is a phone and not a part of one. */
export function wholePhone(search: string): string | null {
  if (search.replace(/\D/g, '').length < 10) return null
  const parsed = parsePhone(search)
  return parsed.ok ? parsed.phone : null
}

/** One row a phone, whichever lists it is on, in the order of names. `total` is at most `mostFound`. */
export async function listContacts(db: Db, state: ListingState): Promise<ListingPage<ContactRow>> {
  const rows = await db.all<Omit<ContactRow, 'member'> & { member: 0 | 1; total: number }>(sql`
    WITH found AS (${found(state.search)}),
    named AS (SELECT phone, ${nameOf(sql`found.phone`)} AS name, count(*) OVER () AS total FROM found)
    SELECT n.phone, n.name, n.total,
      EXISTS (SELECT 1 FROM community_members m WHERE m.phone = n.phone) AS member,
      (SELECT count(*) FROM event_registrations r WHERE r.phone = n.phone) AS "guestOf",
      CASE WHEN EXISTS (SELECT 1 FROM unsubscribed_contacts o WHERE o.phone = n.phone) THEN 'opted_out'
        WHEN EXISTS (SELECT 1 FROM suppressed_contacts s WHERE s.phone = n.phone) THEN 'suppressed' ELSE 'yes' END AS texts
    FROM (SELECT * FROM named ORDER BY name = '', name COLLATE NOCASE, phone
      LIMIT ${state.pageSize} OFFSET ${(state.page - 1) * state.pageSize}) n
    ORDER BY n.name = '', n.name COLLATE NOCASE, n.phone`)
  return { rows: rows.map(({ total: _, member, ...row }) => ({ ...row, member: member === 1 })), total: rows[0]?.total ?? 0 }
}

const nameOf = (phone: SQL): SQL => sql`coalesce(
  (SELECT nullif(m.name, '') FROM community_members m WHERE m.phone = ${phone}),
  (SELECT r.name FROM event_registrations r WHERE r.phone = ${phone} AND r.name <> '' ORDER BY r.id DESC LIMIT 1),
  (SELECT nullif(o.known_as, '') FROM unsubscribed_contacts o WHERE o.phone = ${phone}),
  (SELECT nullif(s.known_as, '') FROM suppressed_contacts s WHERE s.phone = ${phone}),
  (SELECT f.name FROM former_contacts f WHERE f.phone = ${phone}),
  (SELECT d.name FROM message_deliveries d WHERE d.phone = ${phone} AND d.name <> '' ORDER BY d.log_id DESC LIMIT 1), '')`

export type Contact = {
  phone: string
  name: string
  member: { id: number; since: number } | null
  guestOf: { eventId: number; title: string; since: number }[]
  optOut: { id: number; source: string; reason: string; since: number } | null
  suppression: { id: number; reason: string; errorCode: number | null; since: number } | null
}

/** One person by phone, E.164: on which lists they are now. Null where the phone was never on one, nor texted. */
export async function findContact(db: Db, phone: string): Promise<Contact | null> {
  const [person, members, guestOf, optOuts, suppressions] = await Promise.all([
    db.get<{ name: string; known: 0 | 1 }>(sql`SELECT ${nameOf(sql`${phone}`)} AS name, ${isKnown(phone)} AS known`),
    db.all<NonNullable<Contact['member']>>(sql`SELECT id, created_at AS since FROM community_members WHERE phone = ${phone}`),
    db.all<Contact['guestOf'][number]>(sql`
      SELECT e.id AS "eventId", e.title, r.created_at AS since FROM event_registrations r JOIN events e ON e.id = r.event_id
      WHERE r.phone = ${phone} ORDER BY e.date DESC, e.id DESC`),
    db.all<NonNullable<Contact['optOut']>>(
      sql`SELECT id, source, reason, created_at AS since FROM unsubscribed_contacts WHERE phone = ${phone}`,
    ),
    db.all<NonNullable<Contact['suppression']>>(
      sql`SELECT id, reason, error_code AS "errorCode", created_at AS since FROM suppressed_contacts WHERE phone = ${phone}`,
    ),
  ])
  const [member = null] = members
  const [optOut = null] = optOuts
  const [suppression = null] = suppressions
  if (!person?.known) return null
  return { phone, name: person.name, member, guestOf, optOut, suppression }
}
