/** Columns of a moved database that are written where it arrives. */
export const writtenOnArrival: Readonly<Record<string, readonly string[]>> = {
  message_logs: ['restored_at'],
  message_deliveries: ['not_before_at'],
}

/** UTC ms. */
const now = "CAST(unixepoch('subsec') * 1000 AS INTEGER)"

/** A series has three occurrences ready (schedule/recurring.ts): within a day none can be due that the file does not hold. */
const keepsMs = 86_400_000

const tooOld = 'this export is more than a day old: make a new one'

/** Refuses, in the words of `tooOld`, where the file of `fencedAt` (UTC ms) has waited for too long. */
export const refuseOld = (fencedAt: number): string[] => [
  `CREATE TABLE arriving (fresh INTEGER CONSTRAINT "${tooOld}" CHECK (fresh = 1))`,
  `INSERT INTO arriving (fresh) VALUES (${now} - ${fencedAt} < ${keepsMs})`,
  'DROP TABLE arriving',
]

/**
 * The fence again (fence.ts), in SQL, where a database arrives that was fenced at `fencedAt` (UTC ms) and exported: the host it comes from may
 * have gone on since. Whatever was due meanwhile is not sent, and a text counts as a recipient's if it left before now.
 */
export const fenceOnArrival = (fencedAt: number, graceMs: number): string[] => [
  `UPDATE message_logs SET restored_at = ${now} WHERE restored_at = ${fencedAt}`,
  `UPDATE message_deliveries SET not_before_at = ${now} + ${graceMs} WHERE status = 'unknown' AND not_before_at = ${fencedAt + graceMs}`,
  `UPDATE scheduled_messages SET status = 'expired', reason = 'restored', updated_at = ${now}
  WHERE (status = 'pending' OR (status = 'processing' AND log_id IS NULL)) AND due_at <= ${now}`,
]
