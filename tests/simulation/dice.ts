import { type SeededRandom, seededRandom } from '../support/seeded-random'

export type Dice = SeededRandom & {
  chance(probability: number): boolean
  /** A whole number, both ends included. */
  between(least: number, most: number): number
  pick<T>(items: readonly T[]): T
}

/** Every choice of a simulation comes from here, so one seed is one history. */
export function createDice(seed: number): Dice {
  const random = seededRandom(seed)
  return {
    ...random,
    chance: (probability) => probability > 0 && random.next() < probability,
    between: (least, most) => least + random.below(most - least + 1),
    pick: (items) => {
      const item = items[random.below(items.length)]
      if (item === undefined) throw new Error('nothing to pick from')
      return item
    },
  }
}
