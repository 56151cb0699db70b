import { type SQL, sql } from 'drizzle-orm'
import { recordConsent } from '../consents/consents'
import { atomically } from '../db/database'
import { codesOf } from '../sms/outcome'
import { broughtAlong } from './people'
import type { Base } from './take'

export type Deleted = { phone: string; name: string }
export type Deletions = {
  /** Members whom a failed text cost their place. */
  offered: Deleted[]
  /** As many more opted out since. */
  optedOut: number
  /** How many are members again. */
  restored: number
}

const optedOutCodes = JSON.stringify(codesOf('opted_out'))

/**
 * The former app deleted members when a text to them failed, whatever the reason. They are those of its community blasts who are no members
 * and whose last text failed: who went for another reason had got theirs. Whom staff took off a list here stays off it.
 */
const deleted = ({ source }: Base): SQL => sql`
  SELECT phone, name, stopped FROM (
    SELECT d.phone, d.name, d.status, max(m.created_at * 10 + (d.status = 'accepted')) AS newest,
      d.phone IN (SELECT phone FROM unsubscribed_contacts)
        OR sum(coalesce(d.error_code, 0) IN (SELECT value FROM json_each(${optedOutCodes}))) > 0 AS stopped
    FROM legacy_rows l JOIN message_logs m ON m.id = l.row_id AND m.target = 'community'
    JOIN message_deliveries d ON d.log_id = m.id
    WHERE l.origin = ${source.origin} AND l.source = 'message_logs' AND d.phone NOT IN (SELECT phone FROM community_members)
      AND d.phone NOT IN (SELECT phone FROM consent_events WHERE kind = 'removed' AND event_id IS NULL)
    GROUP BY d.phone)
  WHERE status = 'failed'`

export async function findDeleted(base: Base): Promise<Omit<Deletions, 'restored'>> {
  const offered = await base.db.all<Deleted>(sql`
    SELECT phone, name FROM (${deleted(base)}) WHERE NOT stopped ORDER BY name = '', name COLLATE NOCASE, phone`)
  const stopped = await base.db.get<{ n: number }>(sql`SELECT count(*) AS n FROM (${deleted(base)}) WHERE stopped`)
  return { offered, optedOut: stopped?.n ?? 0 }
}

/** Never one who opted out: asked by the statement that writes. Answers how many. */
export async function restoreDeleted(base: Base): Promise<number> {
  const { db, now } = base
  const back = sql`SELECT phone, name FROM (${deleted(base)}) WHERE NOT stopped`
  const detail = `${broughtAlong}, which had deleted them after a failed text`
  const [, restored] = await atomically(db, [
    recordConsent({ kind: 'added', how: 'import', detail, now: now() }, back),
    sql`
      INSERT INTO community_members (name, phone, created_at, updated_at)
      SELECT name, phone, ${now()}, ${now()} FROM (${back}) WHERE true ON CONFLICT (phone) DO NOTHING RETURNING id`,
  ])
  return restored?.rows.length ?? 0
}

/** Whom it had texted and has on no list is found by name, as those are who leave a list here (triggers in migrations/0018_former_contacts.sql). */
export async function rememberFormer({ db, source }: Base): Promise<void> {
  await db.run(sql`
    INSERT INTO former_contacts (phone, name)
    SELECT phone, name FROM (
      SELECT d.phone, d.name, max(d.log_id) FROM legacy_rows l JOIN message_deliveries d ON d.log_id = l.row_id
      WHERE l.origin = ${source.origin} AND l.source = 'message_logs' AND d.name <> ''
        AND d.phone NOT IN (SELECT phone FROM community_members) AND d.phone NOT IN (SELECT phone FROM event_registrations)
      GROUP BY d.phone)
    WHERE true ON CONFLICT (phone) DO NOTHING`)
}
