import type { Context } from 'hono'
import { type AuditEvent, recordAudit, type Trail, trailOf } from '../audit/audit'
import type { AuditType } from '../audit/types'
import { address } from './address'
import { currentUser } from './auth'
import type { AppEnv } from './env'

/** Records what the signed-in user of this request did, and to what. */
export const audit = (c: Context<AppEnv>, type: AuditType, subject?: string): Promise<void> =>
  recordAudit(c.var.deps, eventOf(c, type, subject))

/** The same for what nothing else would tell of later: recorded with the act, or neither is done. */
export const trail = (c: Context<AppEnv>, type: AuditType, subject?: string): Trail => trailOf(c.var.deps, eventOf(c, type, subject))

const eventOf = (c: Context<AppEnv>, type: AuditType, subject?: string): AuditEvent => ({
  type,
  by: currentUser(c),
  address: address(c),
  subject,
})
