import type { SQL } from 'drizzle-orm'
import { reachedAfterAll, reopenBlast } from './due'
import type { Result } from './outcomes'
import { pauseForCode, pauseIfAlike } from './pausing'
import { contactEffect, markStale, recordResults } from './record'
import { throttleBlast, throttleMs } from './throttle'

export type Finished = { logId: number; result: Result }

type Moment = {
  now: number
  /** 429s in a row, this turn's included. */
  throttles: number
  /** 0 to 1. */
  jitter: number
}

/** All that one turn's results change, for one batch: the deliveries, then what follows for contacts and blasts. */
export function recordFinished(finished: readonly Finished[], moment: Moment): SQL[] {
  const byBlast = Map.groupBy(finished, ({ logId }) => logId)
  return [...byBlast].flatMap(([logId, ofBlast]) => {
    const results = ofBlast.map(({ result }) => result)
    return [
      recordResults(logId, results, moment.now),
      markStale(logId),
      ...results.flatMap((result) => contactEffect({ deliveryId: result.id, logId, code: result.code }, result.effect, moment.now)),
      ...blastEffects(logId, results, moment),
    ]
  })
}

function blastEffects(logId: number, results: readonly Result[], { now, throttles, jitter }: Moment): SQL[] {
  const effects: SQL[] = []
  // Late news of a blast that was finished meanwhile, with this delivery left to a person.
  if (results.some(({ status }) => status === 'queued')) effects.push(reopenBlast(logId))
  if (results.some(({ sid }) => sid !== null)) effects.push(reachedAfterAll(logId))
  const pausing = results.find(({ effect }) => effect.kind === 'pause')
  if (pausing) effects.push(pauseForCode(logId, pausing.code))
  const watched = results.find(({ effect, code }) => effect.kind === 'watch' && code !== null)
  if (watched?.code) effects.push(pauseIfAlike(logId, watched.code))
  const waits = results.flatMap(({ effect }) => (effect.kind === 'throttle' ? [effect.retryAfterMs] : []))
  if (waits.length > 0) {
    const retryAfterMs = waits.reduce<number | null>((most, wait) => (wait === null ? most : Math.max(most ?? 0, wait)), null)
    effects.push(throttleBlast(logId, now + throttleMs(throttles, retryAfterMs, jitter)))
  }
  return effects
}
