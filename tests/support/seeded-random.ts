export type SeededRandom = {
  /** 0 ≤ value < 1. */
  next(): number
  /** A whole number, 0 ≤ value < limit. */
  below(limit: number): number
  shuffle<T>(items: readonly T[]): T[]
}

/** mulberry32: the same seed gives the same sequence everywhere. */
export const seededRandom = (seed: number): SeededRandom => {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const below = (limit: number) => Math.floor(next() * limit)
  const shuffle = <T>(items: readonly T[]): T[] => {
    const left = [...items]
    const out: T[] = []
    while (left.length > 0) out.push(...left.splice(below(left.length), 1))
    return out
  }
  return { next, below, shuffle }
}
