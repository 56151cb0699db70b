import { sql } from 'drizzle-orm'
import { atomically } from '../db/database'
import type { Deps } from '../deps'
import { sweepLapsed } from './claims'
import { finishBlasts } from './due'
import { fromUnknownDue, reconcileUnknown } from './reconcile'

/** Before the next pass: a list that answers is not asked without a breath. */
const betweenPassesMs = 1000

/**
 * What the minute brings: claims whose sender died become `unknown`, blasts with nothing left are finished, and whoever is to send or to ask
 * about unknown ones is nudged. Waits for no provider. Each step may run beside another server's.
 */
export async function sweep(deps: Deps): Promise<void> {
  const { db, now, queue } = deps
  const [lapsed] = await atomically(db, [sweepLapsed(now())])
  if (lapsed && lapsed.rows.length > 0) deps.log('claims without a result', { deliveries: lapsed.rows.length })
  await finishAndSend(deps)
  const unknown = await db.all(sql`SELECT d.id ${fromUnknownDue(now())} LIMIT 1`)
  if (unknown.length > 0) await queue.send({ type: 'reconcile' })
}

/** One pass of questions about unknown ones, and what it makes possible; another follows where it could not take all. */
export async function askAboutUnknown(deps: Deps): Promise<void> {
  const more = await reconcileUnknown(deps)
  await finishAndSend(deps)
  if (more) await deps.queue.send({ type: 'reconcile' }, betweenPassesMs)
}

async function finishAndSend({ db, now, queue }: Deps): Promise<void> {
  await atomically(db, [finishBlasts(now())])
  const open = await db.all(sql`SELECT id FROM message_logs WHERE finished_at IS NULL AND status IN ('held', 'processing') LIMIT 1`)
  if (open.length > 0) await queue.send({ type: 'send' })
}
