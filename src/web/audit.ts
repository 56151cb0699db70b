import { sql } from 'drizzle-orm'
import type { Context } from 'hono'
import { type AuditEvent, recordAudit, type Trail, type TrailOfNew, trailOf } from '../audit/audit'
import type { AuditType } from '../audit/types'
import { address } from './address'
import { currentUser } from './auth'
import type { AppEnv } from './env'

/** Records what the signed-in user of this request did, and to what. Nothing for HEAD: whoever asks about a file has not taken it. */
export async function audit(c: Context<AppEnv>, type: AuditType, subject?: string): Promise<void> {
  if (c.req.method !== 'HEAD') await recordAudit(c.var.deps, eventOf(c, type, subject))
}

/** The same for the batch of the act: recorded with it, or neither is done. */
export const trail = (c: Context<AppEnv>, type: AuditType, subject?: string): Trail => trailOf(c.var.deps, eventOf(c, type, subject))

/** The subject is `noun` and the number it gets. */
export const trailOfNew =
  (c: Context<AppEnv>, type: AuditType, noun: string): TrailOfNew =>
  (id) =>
    trailOf(c.var.deps, eventOf(c, type, sql`${`${noun} `} || ${id}`))

const eventOf = (c: Context<AppEnv>, type: AuditType, subject: AuditEvent['subject']): AuditEvent => ({
  type,
  by: currentUser(c),
  address: address(c),
  subject,
})
