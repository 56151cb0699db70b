import { type SQL, sql } from 'drizzle-orm'
import { searchDigits } from '../sms/phone'

/** FTS5's trigram index answers from three characters up. */
const trigramLength = 3

/**
 * Rows whose name or phone contains `search`: by the trigram index `fts` from three characters on, by a scan below that.
 * A phone may be typed in any format; `%` and `_` are letters like any other.
 */
export function matchesSearch(search: string, fts: string, columns: { id: SQL; name: SQL; phone: SQL }): SQL {
  const digits = searchDigits(search)
  const text = digits ?? search
  if (text.length < trigramLength) {
    const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`
    return sql`(${columns.name} LIKE ${pattern} ESCAPE '\\' OR ${columns.phone} LIKE ${pattern} ESCAPE '\\')`
  }
  const phrase = `"${text.replaceAll('"', '""')}"`
  return sql`${columns.id} IN (SELECT rowid FROM ${sql.raw(fts)} WHERE ${sql.raw(fts)} MATCH ${phrase})`
}
