import { sql } from 'drizzle-orm'
import type { Deps } from '../deps'

export type OptOut = {
  phone: string
  name?: string
  reason: string
  /** `inbound`: they texted STOP. `message_failure`: the provider said so. */
  source: 'inbound' | 'message_failure' | 'staff' | 'import'
  logId?: number
  /** Username, or empty where no staff did it. */
  by?: string
}

/** Final from the instant it is stored. A number already opted out keeps its first record. Says whether it was new. */
export async function optOut({ db, now }: Pick<Deps, 'db' | 'now'>, entry: OptOut): Promise<boolean> {
  const { phone, name = '', reason, source, logId = null, by = '' } = entry
  const added = await db.all(sql`
    INSERT INTO unsubscribed_contacts (phone, name, reason, source, log_id, created_by, created_at)
    VALUES (${phone}, ${name}, ${reason}, ${source}, ${logId}, ${by}, ${now()})
    ON CONFLICT (phone) DO NOTHING RETURNING id`)
  return added.length > 0
}
