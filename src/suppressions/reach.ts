import { sql } from 'drizzle-orm'
import type { Db } from '../db/database'
import type { BlockKind } from './queries'
import { type Nature, natureOf } from './words'

/** Whether a blast would reach a phone, and if not, which block is in its way. */
export type Reach =
  | { texts: 'yes' }
  | {
      texts: 'opted_out' | 'suppressed'
      kind: BlockKind
      /** Of the opt-out or the suppression. */
      id: number
      nature: Nature
      reason: string
    }

/** An opt-out comes before a suppression: that one is no use lifting while the other stands. */
export async function reachOf(db: Db, phone: string): Promise<Reach> {
  const block = await db.get<{ id: number; kind: BlockKind; source: string; reason: string }>(sql`
    SELECT id, 'opt_out' AS kind, source, reason FROM unsubscribed_contacts WHERE phone = ${phone}
    UNION ALL SELECT id, 'suppression', source, reason FROM suppressed_contacts WHERE phone = ${phone} LIMIT 1`)
  if (!block) return { texts: 'yes' }
  const { id, kind, reason } = block
  return { texts: kind === 'opt_out' ? 'opted_out' : 'suppressed', kind, id, nature: natureOf(block), reason }
}
