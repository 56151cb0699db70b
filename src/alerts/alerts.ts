import { sql } from 'drizzle-orm'
import type { AlertKind } from '../db/schema'
import type { Deps } from '../deps'
import { describeFault } from '../faults'

/** Of one kind, a user hears once in this time, whatever somebody does at their door. */
export const quietMs = 15 * 60_000
const keptMs = 86_400_000

type Whom = { id: number } | { username: string }

/**
 * Has a user told about their account, by a text to the phone on their page; nobody where there is none. Never in the way of what it tells of:
 * a fault is logged, and the text itself leaves after the answer. Known and unknown names cost the same.
 */
export async function raiseAlert(
  deps: Pick<Deps, 'db' | 'now' | 'queue' | 'log'>,
  whom: Whom,
  kind: AlertKind,
  detail = '',
): Promise<void> {
  const { db, now, queue, log } = deps
  const at = now()
  const user = 'id' in whom ? sql`id = ${whom.id}` : sql`lower(username) = lower(${whom.username.trim()})`
  try {
    await db.run(sql`
      INSERT INTO security_alerts (user_id, kind, detail, due_at, created_at)
      SELECT id, ${kind}, ${detail}, ${at}, ${at} FROM users
      WHERE ${user} AND coalesce(phone, '') <> ''
        AND NOT EXISTS (SELECT 1 FROM security_alerts a WHERE a.user_id = users.id AND a.kind = ${kind} AND a.created_at > ${at - quietMs})`)
    await queue.send({ type: 'alerts' })
  } catch (fault) {
    log('alert not raised', { kind, fault: describeFault(fault) })
  }
}

/** A nudge was lost, or the process died with an alert in hand. */
export async function nudgeForAlerts({ db, now, queue }: Pick<Deps, 'db' | 'now' | 'queue'>): Promise<void> {
  const open = await db.all(sql`SELECT 1 FROM security_alerts WHERE done_at IS NULL AND (due_at IS NULL OR due_at <= ${now()}) LIMIT 1`)
  if (open.length > 0) await queue.send({ type: 'alerts' })
}

export async function pruneAlerts({ db, now }: Pick<Deps, 'db' | 'now'>): Promise<void> {
  await db.run(sql`DELETE FROM security_alerts WHERE created_at < ${now() - keptMs} AND done_at IS NOT NULL`)
}
