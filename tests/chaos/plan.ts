import { seededRandom } from '../support/seeded-random'

export type Host = 'node' | 'workerd'

export type Kill = {
  /** From when on: the start of the process, its first answer, or its first text since. */
  from: 'start' | 'answer' | 'text'
  gapMs: number
  /** Self-hosted workerd: whether it outlives its supervisor as an orphan. */
  orphan: boolean
  /** Whether the next sender waits out the dead one's lease of 15 s; else it is taken off the database, as those seconds would. */
  waits: boolean
}

export type Blast = { tag: string; body: string; pressedTwice: boolean; kills: Kill[]; stops: Stop[] }

/** Somebody texts STOP when the provider has seen so many requests. */
export type Stop = { phone: string; atRequest: number }

export type Plan = {
  seed: number
  /** With a bug in the program. */
  planted: boolean
  host: Host
  members: { name: string; phone: string }[]
  blasts: Blast[]
  concurrency: number
  ratePerSecond: number
  /** Of all requests: how many go wrong. */
  faultRate: number
  callbackRate: number
  /** On a server: a scheduler's tick while it is down. */
  ticks: boolean
}

const firstNames = ['Maria', 'Tom', 'Wei', 'Ana', 'José', 'Lena', 'Sam', 'Noor']

/** Every choice that does not depend on real time: the same for the same seed. */
export function planOf(seed: number, host: Host, most: { people: number; kills: number }, planted = false): Plan {
  const random = seededRandom(seed)
  const between = (least: number, greatest: number) => least + random.below(greatest - least + 1)
  const chance = (probability: number) => random.next() < probability
  const count = between(Math.min(40, most.people), most.people)
  const members = Array.from({ length: count }, (_, n) => ({
    name: `${firstNames[random.below(firstNames.length)] ?? ''} Person${n}`,
    phone: `+1323555${String(1000 + n)}`,
  }))
  const kill = (): Kill => ({
    from: (['text', 'text', 'text', 'answer', 'start'] as const)[random.below(5)] ?? 'text',
    gapMs: between(10, 400),
    orphan: chance(0.5),
    waits: chance(0.1),
  })
  const blasts = Array.from({ length: between(1, 2) }, (_, n) => ({
    tag: `Blast ${seed}-${n + 1}`,
    body: `Blast ${seed}-${n + 1}: hello {first_name}`,
    pressedTwice: chance(0.5),
    kills: [] as Kill[],
    stops: random
      .shuffle(members)
      .slice(0, between(0, 5))
      .map(({ phone }) => ({ phone, atRequest: between(0, count) })),
  }))
  const kills = between(Math.ceil(most.kills * 0.8), most.kills)
  for (let n = 0; n < kills; n++) blasts[n % blasts.length]?.kills.push(kill())
  return {
    seed,
    planted,
    host,
    members,
    blasts,
    concurrency: between(2, 8),
    ratePerSecond: chance(0.7) ? between(15, 50) : 0,
    faultRate: [0, 0.05, 0.15][random.below(3)] ?? 0,
    callbackRate: [0, 0.5, 0.9][random.below(3)] ?? 0,
    ticks: host === 'node' && chance(0.5),
  }
}

/** Choices for one thing by its name, whatever order things come in. */
export function diceFor(seed: number, name: string) {
  let hash = seed
  for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return seededRandom(hash)
}
