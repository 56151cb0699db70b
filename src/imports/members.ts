import { sql } from 'drizzle-orm'
import { recordConsent } from '../consents/consents'
import type { Target } from './target'

/** Members by phone. An empty name in the file never takes a stored one away, and nothing here touches an opt-out. */
export const memberTarget: Target = {
  join: () => sql`LEFT JOIN community_members t ON t.phone = x.phone`,
  kindOf: sql`CASE
    WHEN o.id IS NOT NULL THEN 'opted_out'
    WHEN t.id IS NULL THEN 'new'
    WHEN x.name <> '' AND x.name <> t.name THEN 'changed'
    ELSE 'same' END`,
  applies: sql`CASE WHEN t.id IS NULL THEN 'created' WHEN x.name <> '' AND x.name <> t.name THEN 'renamed' ELSE 'kept' END`,
  commit: ({ id, createdBy: by }, range, now) => [
    sql`INSERT INTO community_members (name, phone, import_id, created_at, updated_at)
      SELECT x.name, x.phone, ${id}, ${now}, ${now} FROM import_rows x
      WHERE ${range} AND x.applied IN ('created', 'renamed') ORDER BY x.row_number
      ON CONFLICT (phone) DO UPDATE SET name = excluded.name, updated_at = excluded.updated_at`,
    recordConsent(
      { kind: 'added', how: 'import', by, importId: id, now },
      sql`SELECT x.phone FROM import_rows x WHERE ${range} AND x.applied = 'created'`,
    ),
  ],
  undo: ({ id, createdBy: by }, range, now) => {
    const made = sql`FROM import_rows x JOIN community_members m ON m.phone = x.phone
      WHERE ${range} AND x.applied = 'created' AND m.import_id = ${id} AND m.name = x.name`
    const renamed = sql`${range} AND x.applied = 'renamed' AND m.phone = x.phone AND m.name = x.name`
    return {
      removable: sql`(SELECT count(*) ${made})`,
      restorable: sql`(SELECT count(*) FROM import_rows x, community_members m WHERE ${renamed})`,
      statements: [
        recordConsent({ kind: 'removed', how: 'import_undone', by, importId: id, now }, sql`SELECT m.phone ${made}`),
        sql`DELETE FROM community_members WHERE id IN (SELECT m.id ${made})`,
        sql`UPDATE community_members AS m SET name = x.prior_name, updated_at = ${now} FROM import_rows x WHERE ${renamed}`,
      ],
    }
  },
}
