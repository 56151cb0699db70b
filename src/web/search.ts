import { type SQL, sql } from 'drizzle-orm'
import { searchDigits } from '../sms/phone'

/** FTS5's trigram index answers from three characters up. */
const trigramLength = 3

/** Counted in characters, as SQLite does: an emoji is one of them, and two units. */
const hasTrigram = (text: string): boolean => [...text].length >= trigramLength

/** A phone may be typed in any format. */
const sought = (search: string): string => searchDigits(search) ?? search

/** Whether the trigram index answers it; below three characters all rows are scanned. */
export const isIndexed = (search: string): boolean => hasTrigram(sought(search))

/** `%` and `_` are letters like any other. */
const pattern = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`
const phrase = (text: string): string => `"${text.replaceAll('"', '""')}"`

const found = (fts: string, match: string): SQL => sql`SELECT rowid AS id FROM ${sql.raw(fts)} WHERE ${sql.raw(fts)} MATCH ${match}`

/** Without an index. Not LIKE: D1 takes no pattern beyond 50 bytes, a dozen emoji. Case matters but for A to Z. */
export const contains = (column: SQL, text: string): SQL => sql`instr(lower(${column}), lower(${text})) > 0`

type Searched = { id: SQL; name: SQL; phone: SQL }

/** Rows whose name or phone contains `search`: by the trigram index `fts` from three characters on, by a scan below that. */
export function matchesSearch(search: string, fts: string, columns: Searched): SQL {
  if (isIndexed(search)) return sql`${columns.id} IN (${found(fts, phrase(sought(search)))})`
  return like(search, columns)
}

function like(search: string, { name, phone }: Searched): SQL {
  const like = pattern(sought(search))
  return sql`(${name} LIKE ${like} ESCAPE '\\' OR ${phone} LIKE ${like} ESCAPE '\\')`
}

/** From here on a page of a list is sooner filled by walking it. */
const dense = 5000

/** The same where it is known that `total` rows match: an area code is that of nearly everyone. Letters stay with the index, which knows é as e. */
export const matchesAmong = (search: string, total: number, fts: string, columns: Searched): SQL =>
  total > dense && searchDigits(search) !== null ? like(search, columns) : matchesSearch(search, fts, columns)

/** How many rows of the index match, without a look at the rows themselves; where `isIndexed`. */
export const countIndexed = (search: string, fts: string): SQL =>
  sql`SELECT count(*) AS n FROM ${sql.raw(fts)} WHERE ${sql.raw(fts)} MATCH ${phrase(sought(search))}`

/** The ids of such rows as a query, where `isIndexed`. `within` is a condition of FTS5 that bounds the index to some of its rows. */
export const indexedIds = (search: string, fts: string, within: string): SQL =>
  found(fts, `${within} AND {name phone} : ${phrase(sought(search))}`)

/** The same for rows that have a title, or a text, and no phone. */
export function matchesTitle(search: string, fts: string, columns: { id: SQL; title: SQL }): SQL {
  if (!hasTrigram(search)) return sql`${columns.title} LIKE ${pattern(search)} ESCAPE '\\'`
  return sql`${columns.id} IN (${found(fts, phrase(search))})`
}
