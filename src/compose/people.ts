import { type SQL, sql } from 'drizzle-orm'
import { type Audience, byName, pool, reachable } from '../blasts/audience'
import type { Db } from '../db/database'
import { searchDigits } from '../sms/phone'
import type { ListingPage } from '../web/listing'
import { contains, matchesSearch } from '../web/search'

/** Somebody who gets the text. `id` is that of the member or registration; 0 for the office's phone. */
export type Person = { id: number; name: string; phone: string }
export type PeoplePage = ListingPage<Person> & { page: number; search: string }

export const pageSize = 20

const p = { id: sql.raw('p.id'), name: sql.raw('p.name'), phone: sql.raw('p.phone') }

type Wanted = { search: string; page: number | null; people: number; only?: SQL }

/** One page of those who get it, in the order of the lists; a page beyond the last is the last. `people` is how many get it in all. */
export async function listPeople(db: Db, audience: Audience, { search, page, people, only }: Wanted): Promise<PeoplePage> {
  if (audience.testPhone !== null) return { rows: [officePhone(audience.testPhone)], total: 1, page: 1, search: '' }
  const some = [...(only ? [only] : []), ...(search === '' ? [] : [matches(audience, search)])]
  const where = sql.join([reachable, ...some], sql` AND `)
  const total = some.length === 0 ? people : await countPeople(db, audience, where)
  const shown = Math.max(1, Math.min(page ?? 1, Math.ceil(total / pageSize)))
  const rows = await db.all<Person>(sql`
    SELECT p.id, p.name, p.phone FROM ${pool(audience)} p WHERE ${where} ORDER BY ${byName} LIMIT ${pageSize} OFFSET ${(shown - 1) * pageSize}`)
  return { rows, total, page: shown, search }
}

async function countPeople(db: Db, audience: Audience, where: SQL): Promise<number> {
  const row = await db.get<{ n: number }>(sql`SELECT count(*) AS n FROM ${pool(audience)} p WHERE ${where}`)
  return row?.n ?? 0
}

/** Registrations have no search index of their own: one event's guests are few enough to look through. */
function matches({ target }: Audience, search: string): SQL {
  if (target === 'community') return matchesSearch(search, 'community_members_fts', p)
  const digits = searchDigits(search)
  if (digits) return contains(p.phone, digits)
  return sql`(${contains(p.name, search)} OR ${contains(p.phone, search)})`
}

/** By the ids of their rows; those who left meanwhile are missing. */
export async function findPeople(db: Db, audience: Audience, ids: readonly number[]): Promise<Person[]> {
  if (audience.testPhone !== null) return [officePhone(audience.testPhone)]
  return db.all<Person>(sql`
    SELECT p.id, p.name, p.phone FROM ${pool(audience)} p WHERE p.id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`)
}

/** Whose phone the preview shows: the first who has a name, or the one `skip` after; from the top again at the end. */
export async function previewPerson(db: Db, audience: Audience, skip: number): Promise<{ person: Person | null; skip: number }> {
  if (audience.testPhone !== null) return { person: officePhone(audience.testPhone), skip: 0 }
  const [named] = await someone(db, audience, sql`p.name COLLATE NOCASE > ''`, skip)
  if (named) return { person: named, skip }
  if (skip > 0) return previewPerson(db, audience, 0)
  const [nameless] = await someone(db, audience, sql`1`, 0)
  return { person: nameless ?? null, skip: 0 }
}

const someone = (db: Db, audience: Audience, which: SQL, skip: number) =>
  db.all<Person>(sql`
    SELECT p.id, p.name, p.phone FROM ${pool(audience)} p WHERE ${which} AND ${reachable} ORDER BY ${byName} LIMIT 1 OFFSET ${skip}`)

const officePhone = (phone: string): Person => ({ id: 0, name: '', phone })
