import { type SQL, sql } from 'drizzle-orm'
import { recordConsent } from '../consents/consents'
import { longestReason } from '../suppressions/opt-outs'
import { columnUnder, type StoredColumns } from './imports'
import type { Target } from './target'

/** As the file has it, where it has one: our own export does. */
function reasonOf(columns: StoredColumns): SQL {
  const column = columnUnder(columns, 'reason')
  const written = sql`substr(trim(coalesce(x.raw ->> ${`$[${column}]`}, '')), 1, ${longestReason})`
  return column === -1 ? sql`'On an imported list'` : sql`coalesce(nullif(${written}, ''), 'On an imported list')`
}

/**
 * Opt-outs by phone. Our own export also has numbers that do not work: nobody asked for that, and they are no opt-outs. Whoever is opted out
 * already keeps that record, and the name in it; what is stored writes its consent record by itself. Undo leaves those who said so
 * themselves, or told staff, since: their record is no longer that of the import.
 */
export const optOutTarget: Target = {
  join: () => sql`LEFT JOIN unsubscribed_contacts t ON t.phone = x.phone`,
  kindOf: sql`CASE WHEN t.id IS NULL THEN 'new' ELSE 'same' END`,
  refuses: (columns, cells) =>
    cells[columnUnder(columns, 'kind')]?.trim() === 'suppression'
      ? { reason: 'A number that does not work, and no opt-out.', fix: 'Leave it: the next text to it that fails blocks it again.' }
      : null,
  applies: sql`CASE WHEN t.id IS NULL THEN 'created' ELSE 'kept' END`,
  commit: ({ id, createdBy, columns }, range, now) => [
    sql`INSERT INTO unsubscribed_contacts (phone, name, reason, source, import_id, created_by, created_at)
      SELECT x.phone, x.name, ${reasonOf(columns)}, 'import', ${id}, ${createdBy}, ${now} FROM import_rows x
      WHERE ${range} AND x.applied = 'created' ORDER BY x.row_number
      ON CONFLICT (phone) DO NOTHING`,
  ],
  undo: ({ id, createdBy: by }, range, now) => {
    const made = sql`FROM import_rows x JOIN unsubscribed_contacts u ON u.phone = x.phone
      WHERE ${range} AND x.applied = 'created' AND u.import_id = ${id} AND u.source = 'import'`
    return {
      removable: sql`(SELECT count(*) ${made})`,
      restorable: sql`0`,
      statements: [
        recordConsent({ kind: 'opted_in', how: 'import_undone', by, importId: id, now }, sql`SELECT u.phone ${made}`),
        sql`DELETE FROM unsubscribed_contacts WHERE id IN (SELECT u.id ${made})`,
      ],
    }
  },
}
