import type { BlastRow } from '../../src/blasts/queries'
import type { Stalled } from '../../src/blasts/stalled'
import type { BlastView } from '../../src/blasts/view'
import { clockTime, count, dateTime, plural } from '../ui/format'
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

/** `18 a second · about 22 seconds left · 20 in flight · 4 wait for another try`; empty when there is nothing to say. */
export const movingWords = ({ pace, counts, again }: Pick<BlastView, 'pace' | 'counts' | 'again'>): string =>
  [
    pace ? paceWords(pace) : '',
    counts.sending > 0 ? `${count(counts.sending)} in flight` : '',
    again > 0 ? `${plural(again, 'waits', 'wait')} for another try` : '',
  ]
    .filter((words) => words !== '')
    .join(' · ')

/** Why a blast does not move, and what to do where it will not by itself. */
export function stalledWords(stalled: Stalled, timeZone: string): { fact: string; next: string } {
  const at = (ms: number) => clockTime(ms, timeZone)
  switch (stalled.why) {
    case 'throttled':
      return { fact: `Twilio asked us to wait or does not answer; we go on at ${at(stalled.until)}.`, next: '' }
    case 'waiting': {
      const all = stalled.n === 1 ? 'The one who is left waits' : `All ${count(stalled.n)} who are left wait`
      return { fact: `${all} for another try, from ${at(stalled.until)} on.`, next: '' }
    }
    case 'checking':
      return {
        fact: `We are looking up ${plural(stalled.n, 'text')} at Twilio since ${at(stalled.since)}.`,
        next: stalled.restored
          ? 'This blast is from a backup: who got it since then does not get it again.'
          : 'Twilio did not answer when we handed it over. Nobody else is left to text.',
      }
    case 'nobody':
      return {
        fact: `Nobody has been sending since ${at(stalled.since)}.`,
        next: 'Ask whoever runs this app to start it; the doctor command says what is wrong. It goes on by itself then, and nobody gets it twice.',
      }
  }
}

/** `18 a second · about 22 seconds left`. */
function paceWords({ perSecond, leftMs }: { perSecond: number; leftMs: number }): string {
  const rate = perSecond >= 1 ? `${count(Math.round(perSecond))} a second` : `${count(Math.max(1, Math.round(perSecond * 60)))} a minute`
  return `${rate} · about ${leftWords(leftMs)} left`
}

function leftWords(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000))
  if (seconds < 90) return seconds === 1 ? '1 second' : `${seconds} seconds`
  const minutes = Math.round(seconds / 60)
  return minutes < 90 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`
}
