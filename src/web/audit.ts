import type { Context } from 'hono'
import { recordAudit } from '../audit/audit'
import type { AuditType } from '../audit/types'
import { address } from './address'
import { currentUser } from './auth'
import type { AppEnv } from './env'

/** Records what the signed-in user of this request did, and to what. */
export const audit = (c: Context<AppEnv>, type: AuditType, subject?: string): Promise<void> =>
  recordAudit(c.var.deps, { type, by: currentUser(c), address: address(c), subject })
