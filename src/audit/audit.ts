import { lt } from 'drizzle-orm'
import { auditEvents } from '../db/schema'
import type { Deps } from '../deps'

export type AuditEvent = {
  type: string
  outcome?: 'success' | 'failure' | 'blocked'
  by: { id: number; username: string } | null
  /** What was typed at a failed sign-in, where there is no user. */
  username?: string
  address: string
  /** What it was done to, e.g. `blast 12`. Never message text, never a whole phone number. */
  subject?: string
}

export async function recordAudit(deps: Pick<Deps, 'db' | 'now'>, event: AuditEvent): Promise<void> {
  await deps.db.insert(auditEvents).values({
    eventType: event.type,
    outcome: event.outcome ?? 'success',
    userId: event.by?.id ?? null,
    username: (event.by?.username ?? event.username ?? '').slice(0, 100),
    address: event.address,
    subject: event.subject ?? '',
    createdAt: deps.now(),
  })
}

export async function pruneAudit(deps: Pick<Deps, 'db' | 'now' | 'config'>): Promise<void> {
  await deps.db.delete(auditEvents).where(lt(auditEvents.createdAt, deps.now() - deps.config.auth.eventRetentionMs))
}
