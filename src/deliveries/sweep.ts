import { sql } from 'drizzle-orm'
import { atomically } from '../db/database'
import type { Deps } from '../deps'
import { sweepLapsed } from './claims'
import { finishBlasts } from './due'
import { reconcileUnknown } from './reconcile'

/**
 * What the minute brings: claims whose sender died become `unknown`, unknown ones are asked about, blasts with nothing left are finished,
 * and the sender is nudged if anything waits. Each step may run beside another server's.
 */
export async function sweep(deps: Deps): Promise<void> {
  const { db, now } = deps
  const [lapsed] = await atomically(db, [sweepLapsed(now())])
  if (lapsed && lapsed.rows.length > 0) deps.log('claims without a result', { deliveries: lapsed.rows.length })
  await reconcileUnknown(deps)
  await atomically(db, [finishBlasts(now())])
  const open = await db.all(sql`SELECT id FROM message_logs WHERE finished_at IS NULL AND status IN ('held', 'processing') LIMIT 1`)
  if (open.length > 0) await deps.queue.send({ type: 'send' })
}
