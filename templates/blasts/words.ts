import type { BlastRow } from '../../src/blasts/queries'
import { count, dateTime } from '../ui/format'
import type { TallyCounts } from '../ui/tally'

type Audience = Pick<BlastRow, 'target' | 'eventTitle' | 'testMode'>

/** Who a blast went to: `Everyone`, `Harvest Supper guests`. */
export function audienceWords({ target, eventTitle, testMode }: Audience): string {
  if (testMode) return 'Test to the office phone'
  if (target === 'community') return 'Everyone'
  return eventTitle ? `${eventTitle} guests` : 'Guests of a deleted event'
}

type Started = { createdBy: string; createdAt: number; timeZone: string; now: number }

/** `started by rosa today, 5:42 PM`, `started by rosa, Nov 18, 12:30 PM`. */
export function startedWords({ createdBy, createdAt, timeZone, now }: Started): string {
  const when = dateTime(createdAt, { timeZone, now })
  const by = createdBy ? `started by ${createdBy}` : 'started'
  return /^[a-z]/.test(when) ? `${by} ${when}` : `${by}, ${when}`
}

export const tallyOf = ({ counts, sum }: Pick<BlastRow, 'counts' | 'sum'>): TallyCounts => ({
  delivered: counts.delivered,
  sent: counts.sent,
  accepted: counts.accepted,
  skipped: sum.skipped,
  failed: sum.failed,
  unknown: sum.checking,
  waiting: sum.toGo,
})

/** How a blast came out, in a few words, for a row. */
export function resultWords({ status, counts, sum }: Pick<BlastRow, 'status' | 'counts' | 'sum'>): string {
  if (status === 'held') return `${count(sum.toGo)} waiting`
  if (status === 'processing') return `${count(sum.toGo)} to go`
  if (status === 'paused') return `${count(sum.toGo)} waiting`
  if (status === 'cancelled') {
    const texted = sum.withTwilio + sum.checking
    return texted === 0 ? 'nobody was texted' : `${count(texted)} of ${count(sum.planned)} texted`
  }
  if (status === 'failed' && sum.withTwilio === 0) return `nobody of ${count(sum.planned)} was reached`
  return `${count(counts.delivered)} of ${count(sum.planned)} delivered`
}

/** `18 a second · about 22 seconds left`. */
export function paceWords({ perSecond, leftMs }: { perSecond: number; leftMs: number }): string {
  const rate = perSecond >= 1 ? `${count(Math.round(perSecond))} a second` : `${count(Math.max(1, Math.round(perSecond * 60)))} a minute`
  return `${rate} · about ${leftWords(leftMs)} left`
}

function leftWords(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000))
  if (seconds < 90) return seconds === 1 ? '1 second' : `${seconds} seconds`
  const minutes = Math.round(seconds / 60)
  return minutes < 90 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`
}
