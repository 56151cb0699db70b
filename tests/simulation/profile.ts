import type { Dice } from './dice'

/**
 * What kind of day a seed has. Each fault is absent from many seeds, so that rare combinations of the others get their turn
 * ("swarm testing", Groce et al. 2012).
 */
export type Profile = ReturnType<typeof drawProfile>

export function drawProfile(dice: Dice) {
  const sometimes = (probability: number, most: number) => (dice.chance(probability) ? dice.next() * most : 0)
  const oldNews = dice.chance(0.2)
  const timeoutMs = dice.pick([5000, 15_000])
  const leaseMs = timeoutMs + dice.pick([5000, 15_000, 45_000])
  const reconcileGraceMs = dice.pick([60_000, 120_000])
  return {
    people: dice.between(3, 12),
    blasts: dice.pick([1, 1, 2, 2, 3]),
    /** Several blasts with the same words: the provider's list cannot tell them apart. */
    sameWords: dice.chance(0.5),
    /** Between two blasts; misses count by days. */
    gapMs: dice.pick([500, 10_000, 60_000, 120_000, 86_400_000]),
    sending: {
      concurrency: dice.pick([1, 2, 3, 5]),
      ratePerSecond: dice.pick([0, 0, 0, 2, 20]),
      timeoutMs,
      leaseMs,
      reconcileGraceMs,
      holdMs: dice.pick([0, 0, 3000, 15_000]),
    },
    /** A Worker's invocation is short, a server goes on. */
    operationsPerRun: dice.pick([30, 50, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]),
    /** D1 is a network away; better-sqlite3 answers at once. */
    remoteDatabase: dice.chance(0.4),
    /** Queue messages outlive the process that sent them. */
    durableQueue: dice.chance(0.4),
    jobsAtOnce: dice.pick([1, 1, 2]),
    crash: sometimes(oldNews ? 0.1 : 0.6, 0.02),
    freeze: sometimes(oldNews ? 0 : 0.3, 0.02),
    /** A process that is frozen while the provider answers holds old news when it thaws, perhaps of a text that another sent since. */
    freezeAtAnswer: oldNews ? 0.3 : 0,
    /** How long the faults go on after the last blast. */
    minutes: oldNews ? dice.between(4, 9) : dice.between(1, 4),
    stop: dice.chance(0.2),
    databaseFault: sometimes(0.3, 0.04),
    nudge: { lost: sometimes(0.4, 0.7), doubled: sometimes(0.4, 0.5), late: sometimes(0.4, 0.5) },
    provider: {
      throttle: sometimes(oldNews ? 0.9 : 0.4, 0.3),
      refuse: sometimes(0.4, 0.3),
      error: sometimes(0.4, 0.4),
      drop: sometimes(oldNews ? 0.9 : 0.4, 0.4),
      hang: sometimes(oldNews ? 0.9 : 0.4, 0.3),
      notSent: sometimes(oldNews ? 0.9 : 0.3, 0.3),
      slow: sometimes(0.4, 0.3),
      /** A share of all requests in a while of its own is refused for a fault of ours. */
      misconfigured: dice.chance(0.2),
      listFails: sometimes(0.3, 0.8),
      /** Nothing listed for more than a day: a person has to decide. */
      listDown: dice.chance(0.12),
      /** The longest time between a request and its message in the list: within the grace, or nobody could ever be texted again. */
      listDelayMs: sometimes(0.5, reconcileGraceMs - 25_000 - timeoutMs),
    },
    callback: { lost: oldNews ? 1 : sometimes(0.4, 1), doubled: sometimes(0.4, 0.6), late: sometimes(0.5, 1), stray: sometimes(0.3, 0.5) },
    /** Acts of staff, and texts from people, while a blast is under way. */
    acts: dice.chance(oldNews ? 0.2 : 0.6) ? dice.between(1, 8) : 0,
    texts: dice.chance(oldNews ? 0.2 : 0.6) ? dice.between(1, 8) : 0,
  }
}
