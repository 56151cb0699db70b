import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/database'
import { searchDigits } from '../sms/phone'
import { contains, matchesSearch } from '../web/search'
import { behaviourOf } from './numbers'

export type PhoneText = {
  id: number
  direction: 'to_phone' | 'from_phone'
  body: string
  /** It never arrived. */
  errorCode: number | null
}

export type PretendPhone = {
  phone: string
  /** Empty where none is stored. */
  name: string
  /** How it takes texts, in words for its head. */
  behaviour: string
  /** The last few, oldest first. */
  texts: PhoneText[]
}

export type Query = {
  search: string
  /** From 1. */
  page: number
  pageSize: number
  /** Which phones are on the page is decided by the texts up to this id, so that a page that is being watched keeps its phones; 0: all texts. */
  asOf: number
}

export type PhonesPage = {
  phones: PretendPhone[]
  total: number
  /** For `Query.asOf`. */
  asOf: number
}

/** On a phone at a time. */
const textsShown = 6
/** A search goes no further. */
const mostFound = 240

export async function listPhones(db: Db, query: Query): Promise<PhonesPage> {
  const newest = query.asOf || (await db.get<{ id: number | null }>(sql`SELECT max(id) AS id FROM simulator_messages`))?.id || 0
  const { phones, total } = query.search === '' ? await latestPhones(db, query, newest) : await findPhones(db, query)
  return { phones: await describe(db, phones), total, asOf: newest }
}

type Picked = { phones: string[]; total: number }

/** Newest text first: walks the texts backwards and takes each phone at its newest, an index probe each. */
async function latestPhones(db: Db, { page, pageSize }: Query, asOf: number): Promise<Picked> {
  const [rows, counted] = await Promise.all([
    db.all<{ phone: string }>(sql`
      SELECT m.phone FROM simulator_messages m WHERE m.id <= ${asOf} AND NOT EXISTS (
        SELECT 1 FROM simulator_messages n WHERE n.phone = m.phone AND n.id > m.id AND n.id <= ${asOf})
      ORDER BY m.id DESC LIMIT ${pageSize} OFFSET ${(page - 1) * pageSize}`),
    db.get<{ n: number }>(sql`SELECT count(*) AS n FROM (SELECT DISTINCT phone FROM simulator_messages)`),
  ])
  const phones = rows.map(({ phone }) => phone)
  const total = counted?.n ?? 0
  if (total >= pageSize) return { phones, total }
  const others = await untextedMembers(db, pageSize - total)
  return { phones: [...phones, ...others], total: total + others.length }
}

/** Room left on the first page is for members whom nothing reached yet. */
async function untextedMembers(db: Db, limit: number): Promise<string[]> {
  const rows = await db.all<{ phone: string }>(sql`
    SELECT phone FROM community_members m
    WHERE NOT EXISTS (SELECT 1 FROM simulator_messages s WHERE s.phone = m.phone) ORDER BY m.id LIMIT ${limit}`)
  return rows.map(({ phone }) => phone)
}

async function findPhones(db: Db, { search, page, pageSize }: Query): Promise<Picked> {
  const member = matchesSearch(search, 'community_members_fts', { id: sql.raw('m.id'), name: sql.raw('m.name'), phone: sql.raw('m.phone') })
  const digits = searchDigits(search)
  const texted: SQL = digits === null ? sql`0` : contains(sql.raw('phone'), digits)
  const guest = sql`${contains(sql.raw('r.name'), digits ?? search)} OR ${contains(sql.raw('r.phone'), digits ?? search)}`
  const rows = await db.all<{ phone: string }>(sql`
    SELECT phone, (SELECT max(s.id) FROM simulator_messages s WHERE s.phone = found.phone) AS newest FROM (
      SELECT phone FROM (SELECT m.phone FROM community_members m WHERE ${member} LIMIT ${mostFound})
      UNION SELECT phone FROM (SELECT r.phone FROM event_registrations r
        WHERE ${guest} LIMIT ${mostFound})
      UNION SELECT phone FROM (SELECT DISTINCT phone FROM simulator_messages WHERE ${texted} LIMIT ${mostFound})
    ) found ORDER BY newest DESC NULLS LAST, phone LIMIT ${mostFound}`)
  return { phones: rows.slice((page - 1) * pageSize, page * pageSize).map(({ phone }) => phone), total: rows.length }
}

type Described = { phone: string; name: string | null; keyword: string | null }

async function describe(db: Db, phones: string[]): Promise<PretendPhone[]> {
  if (phones.length === 0) return []
  const list = JSON.stringify(phones)
  const [people, texts] = await Promise.all([
    db.all<Described>(sql`
      SELECT j.value AS phone, coalesce(
          (SELECT nullif(name, '') FROM community_members WHERE phone = j.value),
          (SELECT nullif(r.name, '') FROM events e CROSS JOIN event_registrations r ON r.event_id = e.id AND r.phone = j.value LIMIT 1)
        ) AS name,
        (SELECT status FROM simulator_messages WHERE phone = j.value AND status IN ('stop', 'start') ORDER BY id DESC LIMIT 1) AS keyword
      FROM json_each(${list}) j ORDER BY j.key`),
    db.all<PhoneText & { phone: string }>(sql`
      SELECT m.id, m.phone, m.direction, m.body, m.error_code AS "errorCode" FROM json_each(${list}) j
      JOIN simulator_messages m ON m.id IN
        (SELECT id FROM simulator_messages WHERE phone = j.value ORDER BY id DESC LIMIT ${textsShown})
      ORDER BY m.id`),
  ])
  return people.map(({ phone, name, keyword }) => ({
    phone,
    name: name ?? '',
    behaviour: keyword === 'stop' ? 'Replied STOP' : behaviourOf(phone).words,
    texts: texts.filter((text) => text.phone === phone),
  }))
}

export type Traffic = {
  texts: number
  /** The blast that is being sent, if there is one. */
  blast: number | null
}

export async function readTraffic(db: Db): Promise<Traffic> {
  const row = await db.get<Traffic>(sql`
    SELECT (SELECT count(*) FROM simulator_messages) AS texts,
      (SELECT max(id) FROM message_logs WHERE status IN ('held','processing','paused') AND status <> 'paused') AS blast`)
  return row ?? { texts: 0, blast: null }
}
