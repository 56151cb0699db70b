import { type SQL, sql } from 'drizzle-orm'

const baseMs = 1000
const maxMs = 60_000

/** How long the whole blast waits after the provider's `times`-th 429 in a row. Its own Retry-After is the least. `jitter` is 0 to 1. */
export function throttleMs(times: number, retryAfterMs: number | null, jitter: number): number {
  const backoff = Math.min(maxMs, baseMs * 2 ** (times - 1)) * (0.75 + jitter / 2)
  return Math.round(Math.max(backoff, retryAfterMs ?? 0))
}

export const throttleBlast = (logId: number, until: number): SQL => sql`
  UPDATE message_logs SET throttled_until_at = ${until} WHERE id = ${logId} AND throttled_until_at < ${until}`
