import { type SQL, sql } from 'drizzle-orm'
import { atomically } from '../db/database'
import type { Deps } from '../deps'
import { maxNameLength } from '../members/members'
import { parsePhone } from '../sms/phone'
import { readRow } from './columns'
import { kindOf } from './kinds'
import { held, type Lease, leaseMs, type Step } from './lease'

/** libphonenumber takes about 20 µs a phone: so many are read before others get their turn. */
const sliceRows = 200

/** A row as read from the file. `phone` null: `reason` says why, `fix` what to do. */
type ReadRow = { row: number; cells: string[]; name: string; phone: string | null; firstRow: number | null; reason: string; fix: string }
type Base = Pick<Deps, 'db' | 'now' | 'sleep'>

/** Reads one stored chunk: its rows get their kinds, and it is gone, in one batch. */
export async function readChunk({ db, now, sleep }: Base, lease: Lease): Promise<Step> {
  // Only an upload that ended in the middle has no total.
  if (lease.totalRows === 0) return (await failUpload({ db, now }, lease)) ? { kind: 'finished' } : { kind: 'lost' }
  const [chunk] = await db.all<{ position: number; rows: string }>(sql`
    SELECT position, rows FROM import_chunks WHERE import_id = ${lease.id} ORDER BY position LIMIT 1`)
  if (!chunk) return (await finishReading({ db }, lease)) ? { kind: 'finished' } : { kind: 'lost' }

  const rows = await parseRows({ sleep }, lease, JSON.parse(chunk.rows) as StoredRow[])
  const [, advanced] = await atomically(db, [
    classify(lease, rows),
    sql`
      UPDATE imports SET done_rows = done_rows + ${rows.length}, lease_until_at = ${now() + leaseMs}
      WHERE id = ${lease.id} AND lease_token = ${lease.token}`,
    sql`DELETE FROM import_chunks WHERE import_id = ${lease.id} AND position = ${chunk.position} AND ${held(lease)}`,
  ])
  return advanced?.changes === 1 ? { kind: 'went_on', rows: rows.length } : { kind: 'lost' }
}

/** Stores the rows with their kinds. `e` is an earlier row of the file with the same phone. */
function classify(lease: Lease, rows: readonly ReadRow[]): SQL {
  const { target } = kindOf(lease.kind)
  const values = JSON.stringify(rows.map((r) => [r.row, r.cells, r.name, r.phone, r.firstRow, r.reason, r.fix]))
  const first = sql`coalesce(e.row_number, x.first_row)`
  return sql`
    INSERT INTO import_rows (import_id, row_number, kind, raw, name, phone, reason, fix)
    SELECT ${lease.id}, x.row_number,
      CASE WHEN x.phone IS NULL THEN 'invalid' WHEN ${first} IS NOT NULL THEN 'duplicate' ELSE ${target.kindOf} END,
      x.raw, x.name, x.phone,
      CASE WHEN ${first} IS NULL THEN x.reason ELSE 'The same phone as in row ' || ${first} || '. The first one counts.' END,
      x.fix
    FROM (
      SELECT value ->> 0 AS row_number, value -> 1 AS raw, value ->> 2 AS name, value ->> 3 AS phone,
        value ->> 4 AS first_row, value ->> 5 AS reason, value ->> 6 AS fix
      FROM json_each(${values})
    ) x
    LEFT JOIN import_rows e ON e.import_id = ${lease.id} AND e.phone = x.phone AND e.phone IS NOT NULL AND e.kind <> 'duplicate'
    LEFT JOIN unsubscribed_contacts o ON o.phone = x.phone
    ${target.join(lease)}
    WHERE ${held(lease)}`
}

type StoredRow = [number, ...string[]]

async function parseRows({ sleep }: Pick<Base, 'sleep'>, { kind, columns }: Lease, stored: StoredRow[]): Promise<ReadRow[]> {
  const rows: ReadRow[] = []
  const firstRows = new Map<string, number>()
  const { refuses } = kindOf(kind).target
  for (const [index, [row, ...cells]] of stored.entries()) {
    if (index > 0 && index % sliceRows === 0) await sleep(0)
    const { name, phoneText } = readRow(columns, { row, cells })
    const contact = parseContact(cleanName(name), phoneText)
    const refused = contact.phone === null ? null : refuses?.(columns, cells)
    const parsed = refused ? { ...contact, phone: null, ...refused } : contact
    const firstRow = parsed.phone === null ? null : (firstRows.get(parsed.phone) ?? null)
    if (parsed.phone !== null && firstRow === null) firstRows.set(parsed.phone, row)
    rows.push({ row, cells, firstRow, ...parsed })
  }
  return rows
}

/** An apostrophe before a sign is how a spreadsheet is told that this is text (src/web/csv-download.ts): no part of the name. */
const cleanName = (name: string): string =>
  name
    .replace(/\p{Cc}+/gu, ' ')
    .replace(/^'(?=[=+\-@])/, '')
    .trim()

function parseContact(name: string, phoneText: string): Pick<ReadRow, 'name' | 'phone' | 'reason' | 'fix'> {
  if (name.length > maxNameLength) {
    const short = [...name].slice(0, maxNameLength).join('')
    return { name: short, phone: null, reason: `The name is longer than ${maxNameLength} characters.`, fix: 'Shorten it.' }
  }
  if (phoneText === '' && name !== '')
    return { name, phone: null, reason: `There is a name, ${name}, but no phone.`, fix: 'Add the phone.' }
  const parsed = parsePhone(phoneText)
  if (parsed.ok) return { name, phone: parsed.phone, reason: '', fix: '' }
  return { name, phone: null, reason: parsed.reason, fix: parsed.fix ?? '' }
}

async function finishReading({ db }: Pick<Base, 'db'>, { id, token }: Lease): Promise<boolean> {
  const done = await db.all(sql`
    UPDATE imports SET status = 'previewed', lease_token = NULL, lease_until_at = 0,
      counts = (SELECT json_group_object(kind, n) FROM (SELECT kind, count(*) AS n FROM import_rows WHERE import_id = ${id} GROUP BY kind))
    WHERE id = ${id} AND lease_token = ${token} RETURNING id`)
  return done.length > 0
}

async function failUpload({ db, now }: Pick<Base, 'db' | 'now'>, { id, token }: Lease): Promise<boolean> {
  const fault = 'The upload broke off before the whole file was here. Upload it again.'
  const done = await db.all(sql`
    UPDATE imports SET status = 'failed', fault = ${fault}, finished_at = ${now()}, lease_token = NULL, lease_until_at = 0
    WHERE id = ${id} AND lease_token = ${token} RETURNING id`)
  return done.length > 0
}
