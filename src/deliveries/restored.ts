import { type SQL, sql } from 'drizzle-orm'

export type Doubt = {
  /** For those who never had a claim: whatever is recorded of an attempt is recorded by its token. */
  token: string
  now: number
  /** When the provider's list is to be had in full (UTC ms). */
  askAt: number
}

/** The first moment at which a text of `message_deliveries` that a restored database knows nothing of can have left. */
const from = sql.raw('(SELECT max(l.restored_from_at, l.created_at) FROM message_logs l WHERE l.id = message_deliveries.log_id)')

const doubt = ({ token, now, askAt }: Doubt): SQL => sql`
  UPDATE message_deliveries SET status = 'unknown', claim_token = coalesce(claim_token, ${token}), lease_until_at = NULL, needs_person = 0,
    attempted_at = CASE WHEN status IN ('sending', 'unknown') THEN coalesce(attempted_at, ${from}) ELSE ${from} END,
    not_before_at = ${askAt}, updated_at = ${now}`

/**
 * Of unfinished blasts in a restored database: whoever was waiting, in flight or unclear may have been texted since the backup. The provider
 * is asked about each (reconcile.ts) before anybody is texted.
 */
export const doubtUnfinished = (moment: Doubt): SQL => sql`
  ${doubt(moment)} WHERE status IN ('queued', 'sending', 'unknown')
    AND log_id IN (SELECT id FROM message_logs WHERE finished_at IS NULL AND restored_at IS NOT NULL)`

/** Of those of a restored blast who begin anew: whoever failed before the restore may have had another try since the backup. */
export const doubtAnew = (logId: number, moment: Doubt): SQL => sql`
  ${doubt(moment)} WHERE log_id = ${logId} AND status = 'queued' AND claim_token IS NULL
    AND attempted_at < (SELECT restored_at FROM message_logs WHERE id = ${logId})`
