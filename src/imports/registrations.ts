import { sql } from 'drizzle-orm'
import { recordConsent } from '../consents/consents'
import { memberTarget } from './members'
import type { Target } from './target'

/** Guests of one event by phone, told apart as members are. A guest of another event, and a member, is somebody else here. */
export const registrationTarget: Target = {
  kindOf: memberTarget.kindOf,
  applies: memberTarget.applies,
  join: ({ eventId }) => sql`LEFT JOIN event_registrations t ON t.event_id = ${eventId} AND t.phone = x.phone`,
  commit: ({ id, eventId, createdBy: by }, range, now) => [
    sql`INSERT INTO event_registrations (event_id, name, phone, import_id, created_at, updated_at)
      SELECT ${eventId}, x.name, x.phone, ${id}, ${now}, ${now} FROM import_rows x
      WHERE ${range} AND x.applied IN ('created', 'renamed') AND EXISTS (SELECT 1 FROM events WHERE id = ${eventId}) ORDER BY x.row_number
      ON CONFLICT (event_id, phone) DO UPDATE SET name = excluded.name, updated_at = excluded.updated_at`,
    recordConsent(
      { kind: 'added', how: 'import', by, importId: id, eventId, now },
      sql`SELECT x.phone FROM import_rows x WHERE ${range} AND x.applied = 'created'`,
    ),
  ],
  undo: ({ id, eventId, createdBy: by }, range, now) => {
    const made = sql`FROM import_rows x JOIN event_registrations r ON r.event_id = ${eventId} AND r.phone = x.phone
      WHERE ${range} AND x.applied = 'created' AND r.import_id = ${id} AND r.name = x.name`
    const renamed = sql`${range} AND x.applied = 'renamed' AND r.event_id = ${eventId} AND r.phone = x.phone AND r.name = x.name`
    return {
      removable: sql`(SELECT count(*) ${made})`,
      restorable: sql`(SELECT count(*) FROM import_rows x, event_registrations r WHERE ${renamed})`,
      statements: [
        recordConsent({ kind: 'removed', how: 'import_undone', by, importId: id, eventId, now }, sql`SELECT r.phone ${made}`),
        sql`DELETE FROM event_registrations WHERE id IN (SELECT r.id ${made})`,
        sql`UPDATE event_registrations AS r SET name = x.prior_name, updated_at = ${now} FROM import_rows x WHERE ${renamed}`,
      ],
    }
  },
}
