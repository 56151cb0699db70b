import type { SQL } from 'drizzle-orm'
import { reachedAfterAll, reopenBlast } from './due'
import type { Result } from './outcomes'
import { isWatched, pauseForCode, pauseIfAlike } from './pausing'
import { contactEffect, markStale, recordResults } from './record'
import { markAccepted, throttleBlast } from './throttle'

export type Finished = { logId: number; claimedAt: number; result: Result }

type Moment = {
  now: number
  /** So many in a row were told nothing of their texts that nobody may be there: those blasts wait, too. */
  silence: boolean
  /** 0 to 1. */
  jitter: number
}

/** All that one turn's results change, for one batch: the deliveries, then what follows for contacts and blasts. */
export function recordFinished(finished: readonly Finished[], moment: Moment): SQL[] {
  const byBlast = Map.groupBy(finished, ({ logId }) => logId)
  return [...byBlast].flatMap(([logId, ofBlast]) => {
    const results = ofBlast.map(({ result }) => result)
    const accepted = ofBlast.filter(({ result }) => result.sid !== null)
    return [
      recordResults(logId, results, moment.now),
      accepted.length > 0 ? markAccepted(logId, lastClaim(accepted)) : markStale(logId),
      ...results.flatMap((result) => contactEffect({ deliveryId: result.id, logId, code: result.code }, result.effect, moment.now)),
      ...blastEffects(logId, results, moment.now),
      ...slowdown(logId, ofBlast, moment),
    ]
  })
}

const lastClaim = (finished: readonly Finished[]) => Math.max(...finished.map(({ claimedAt }) => claimedAt))

/** Neither a text accepted nor a reason why not. */
export const isSilence = ({ sid, code, effect }: Result): boolean => sid === null && code === null && effect.kind === 'none'

function slowdown(logId: number, finished: readonly Finished[], { now, silence, jitter }: Moment): SQL[] {
  const met = finished.filter(({ result }) => result.effect.kind === 'throttle' || (silence && isSilence(result)))
  if (met.length === 0) return []
  const waits = met.map(({ result }) => (result.effect.kind === 'throttle' ? (result.effect.retryAfterMs ?? 0) : 0))
  return [throttleBlast(logId, { claimedAt: lastClaim(met), now, retryAfterMs: Math.max(...waits), jitter })]
}

function blastEffects(logId: number, results: readonly Result[], now: number): SQL[] {
  const effects: SQL[] = []
  // Late news of a blast that was finished meanwhile, with this delivery left to a person.
  if (results.some(({ status }) => status === 'queued')) effects.push(reopenBlast(logId, now))
  if (results.some(({ sid }) => sid !== null)) effects.push(reachedAfterAll(logId))
  const pausing = results.find(({ effect }) => effect.kind === 'pause')
  if (pausing) effects.push(pauseForCode(logId, pausing.code))
  for (const code of new Set(results.map((result) => result.code).filter(isWatched))) effects.push(pauseIfAlike(logId, code))
  return effects
}
