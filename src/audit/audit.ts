import { type SQL, sql } from 'drizzle-orm'
import { atomically } from '../db/database'
import type { AuditOutcome } from '../db/schema'
import type { Deps } from '../deps'
import type { AuditType } from './types'

export type AuditEvent = {
  type: AuditType
  outcome?: AuditOutcome
  by: { id: number; username: string } | null
  /** What was typed at a failed sign-in, where there is no user. */
  username?: string
  /** Empty where no request asked for it. */
  address: string
  /** What it was done to, e.g. `blast 12`. Never message text, never a whole phone number. */
  subject?: string | SQL
}

type Blocked = Pick<AuditEvent, 'address'> & { username: string; subject?: string }

export async function recordAudit(deps: Pick<Deps, 'db' | 'now'>, event: AuditEvent): Promise<void> {
  await deps.db.run(insert(deps, event, sql`1`))
}

/** What an act leaves, for the `atomically` that does it: right after its statement, and nothing where that changed nothing. */
export type Trail = readonly SQL[]

export const trailOf = (deps: Pick<Deps, 'now'>, event: AuditEvent): Trail => [insert(deps, event, sql`changes() > 0`)]

/** The same for what has no number before it is stored. */
export type TrailOfNew = (id: SQL) => Trail

function insert({ now }: Pick<Deps, 'now'>, event: AuditEvent, condition: SQL): SQL {
  const { type, outcome = 'success', by, address, subject = '' } = event
  const username = (by?.username ?? event.username ?? '').slice(0, 100)
  return sql`
    INSERT INTO audit_events (event_type, outcome, user_id, username, address, subject, created_at)
    SELECT ${type}, ${outcome}, ${by?.id ?? null}, ${username}, ${address}, ${subject}, ${now()} WHERE ${condition}`
}

/** Whoever is kept out can knock a thousand times a second, and no row of this log goes before its time. */
const mostBlockedAMinute = 20

/** A try at the door that was not even looked at; of these, the first of each minute. */
export async function recordBlocked({ db, now }: Pick<Deps, 'db' | 'now'>, event: Blocked): Promise<void> {
  const { username, address, subject = '' } = event
  const type = 'login_blocked' satisfies AuditType
  await db.run(sql`
    INSERT INTO audit_events (event_type, outcome, username, address, subject, created_at)
    SELECT ${type}, 'blocked', ${username.slice(0, 100)}, ${address}, ${subject}, ${now()}
    WHERE (SELECT count(*) FROM (SELECT 1 FROM audit_events
      WHERE event_type = ${type} AND created_at > ${now() - 60_000} LIMIT ${mostBlockedAMinute})) < ${mostBlockedAMinute}`)
}

const dayMs = 86_400_000
/** A row costs five writes, and D1 gives a statement 30 s: a long trail goes in several passes, a minute apart. */
const mostAtOnce = 5000

/** Deletes what is older than its retention, by whole days of UTC: the pass of each minute finds work once a day. */
export async function pruneAudit({ db, now, config }: Pick<Deps, 'db' | 'now' | 'config'>): Promise<void> {
  const keptFrom = Math.floor((now() - config.auth.eventRetentionMs) / dayMs) * dayMs
  const old = sql`SELECT id FROM audit_events WHERE created_at < ${keptFrom} ORDER BY created_at`
  if ((await db.all(sql`${old} LIMIT 1`)).length === 0) return
  await atomically(db, [
    // A trigger asks this row before it lets anything go (audit_append_only in migrations/).
    sql`INSERT INTO audit_retention (id, kept_from_at) VALUES (1, ${keptFrom}) ON CONFLICT (id) DO UPDATE SET kept_from_at = excluded.kept_from_at`,
    sql`DELETE FROM audit_events WHERE id IN (${old} LIMIT ${mostAtOnce})`,
  ])
}
