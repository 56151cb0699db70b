import { expect, it } from 'vitest'
import { live } from './history'
import { planOf } from './plan'

/* A few seeds of `npm run chaos`, beside each other: most of their time is waiting. */
it.concurrent.each([
  ['node', 5],
  ['node', 7],
  ['workerd', 1],
] as const)(
  'on %s, seed %i: killed again and again, nobody is lost and nobody is texted twice',
  async (host, seed) => {
    const plan = planOf(seed, host, { people: 50, kills: 5 })
    const { violations, kills, accepted, skipped, failed, unknown } = await live(plan)
    expect(violations, `npm run chaos -- --host ${host} --seed ${seed} --people 50 --kills 5`).toEqual([])
    expect(kills).toBeGreaterThanOrEqual(4)
    expect(accepted + skipped + failed + unknown).toBeGreaterThanOrEqual(plan.members.length)
  },
  240_000,
)
