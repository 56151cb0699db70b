import { beforeAll, describe, expect, it } from 'vitest'
import { mutants } from './mutants'
import { type History, simulate } from './simulate'
import { Ground } from './store'

let ground: Ground
beforeAll(async () => {
  ground = await Ground.open()
})

const story = ({ seed, violation, lines }: History) =>
  `npm run simulate -- --seed ${seed} --verbose\n${violation?.invariant}: ${violation?.detail}\n${lines.slice(-60).join('\n')}`

describe('the engine, with everything around it drawn from a seed', () => {
  it.each([1, 101, 201])('keeps every rule in the hundred histories from seed %i on', async (first) => {
    for (let seed = first; seed < first + 100; seed++) {
      const history = await simulate(ground, seed)
      if (history.violation) expect.fail(story(history))
    }
  })

  it('has one history for a seed, whatever ran before', async () => {
    const seeds = [3, 11, 118, 613]
    const once = new Map<number, string>()
    for (const seed of seeds) once.set(seed, (await simulate(ground, seed)).fingerprint)
    for (const seed of seeds.toReversed()) expect((await simulate(ground, seed)).fingerprint).toBe(once.get(seed))
    expect(new Set(once.values()).size).toBe(seeds.length)
    const elsewhere = await Ground.open()
    for (const seed of seeds) expect((await simulate(elsewhere, seed)).fingerprint).toBe(once.get(seed))
  })
})

describe('a planted bug is found', () => {
  it.each(mutants)('$name', async (mutant) => {
    let planted = 0
    for (let seed = 1; seed <= 2000; seed++) {
      const history = await simulate(ground, seed, mutant)
      planted += history.planted
      if (history.violation) {
        expect(mutant.breaks).toContain(history.violation.invariant)
        return
      }
    }
    expect.fail(planted > 0 ? 'nobody noticed' : 'no statement matches it any more: mend tests/simulation/mutants.ts')
  })
})
