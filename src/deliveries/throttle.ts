import { type SQL, sql } from 'drizzle-orm'

const baseMs = 1000
const maxMs = 60_000
/** The wait that is as long as it gets. */
const longest = 7

type Slowdown = {
  /** When the latest of the texts concerned was claimed (UTC ms). */
  claimedAt: number
  now: number
  /** The provider's own Retry-After, the least of the wait. */
  retryAfterMs: number | null
  /** 0 to 1. */
  jitter: number
}

/** How long the whole blast waits for the `times`-th time in a row. */
export function throttleMs(times: number, retryAfterMs: number | null, jitter: number): number {
  const backoff = Math.min(maxMs, baseMs * 2 ** (times - 1)) * (0.75 + jitter / 2)
  return Math.round(Math.max(backoff, retryAfterMs ?? 0))
}

/** The whole blast waits, each time longer. What was on its way before the last wait tells nothing new: twenty such answers are one. */
export function throttleBlast(logId: number, { claimedAt, now, retryAfterMs, jitter }: Slowdown): SQL {
  const untils = Array.from({ length: longest }, (_, before) => now + throttleMs(before + 1, retryAfterMs, jitter))
  return sql`
    UPDATE message_logs SET throttles = throttles + (throttled_until_at <= ${claimedAt}),
      throttled_until_at = CASE WHEN throttled_until_at <= ${claimedAt}
        THEN json_extract(${JSON.stringify(untils)}, '$[' || CAST(min(throttles, ${longest - 1}) AS INTEGER) || ']')
        ELSE max(throttled_until_at, ${now + (retryAfterMs ?? 0)}) END
    WHERE id = ${logId}`
}

/** Asks for a recount, as `markStale` does, and forgets earlier waits where one that was claimed after them was accepted. */
export const markAccepted = (logId: number, claimedAt: number): SQL => sql`
  UPDATE message_logs SET counts_stale = 1, throttles = CASE WHEN throttled_until_at <= ${claimedAt} THEN 0 ELSE throttles END
  WHERE id = ${logId} AND (counts_stale = 0 OR (throttles > 0 AND throttled_until_at <= ${claimedAt}))`
