import { parseArgs } from 'node:util'
import { live, type Outcome } from './history'
import { type Host, planOf } from './plan'

const usage = `npm run chaos -- [options]

  --seeds 20     so many seeds, from --from 1 on
  --seed N       this one only
  --host node    or workerd
  --kills 10     most kills of a seed
  --people 150   most members
  --at-once 2    seeds that run beside each other
  --plant        with a bug in the program, which is to be found

The same seed makes the same choices (people, words, faults, when to kill); what they meet depends on real time.
`

const options = {
  seeds: { type: 'string', default: '20' },
  from: { type: 'string', default: '1' },
  seed: { type: 'string' },
  host: { type: 'string', default: 'node' },
  kills: { type: 'string', default: '10' },
  people: { type: 'string', default: '150' },
  'at-once': { type: 'string', default: '2' },
  plant: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

const columns = ['seed', 'people', 'kills', 'in flight', 'requests', 'accepted', 'skipped', 'failed', 'unknown', 'twice', 'lost', 'seconds']
const say = (line: string) => process.stdout.write(`${line}\n`)
const row = (cells: readonly (string | number)[]) => say(cells.map((cell) => String(cell).padStart(9)).join(' '))

async function main(): Promise<number> {
  const { values } = parseArgs({ options })
  if (values.help || !['node', 'workerd'].includes(values.host)) {
    say(usage)
    return values.help ? 0 : 2
  }
  const first = Number(values.seed ?? values.from)
  const count = values.seed === undefined ? Number(values.seeds) : 1
  const waiting = Array.from({ length: count }, (_, n) => first + n)
  const done: Outcome[] = []
  const broken: number[] = []
  row(columns)
  async function work(): Promise<void> {
    for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
      try {
        const plan = planOf(seed, values.host as Host, { people: Number(values.people), kills: Number(values.kills) }, values.plant)
        const outcome = await live(plan)
        done.push(outcome)
        row([seed, plan.members.length, ...numbers(outcome)])
        if (outcome.violations.length > 0) broken.push(seed)
        for (const violation of outcome.violations) say(`  seed ${seed}: ${violation}`)
      } catch (fault) {
        broken.push(seed)
        say(`  seed ${seed}: ${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}`)
      }
    }
  }
  await Promise.all(Array.from({ length: Number(values['at-once']) }, work))
  const sums = done.map(numbers).reduce((a, b) => a.map((n, at) => n + (b[at] ?? 0)), Array<number>(columns.length - 2).fill(0))
  row(['all', done.reduce((sum, { plan }) => sum + plan.members.length, 0), ...sums])
  if (broken.length > 0) say(`Seeds that break a rule: ${broken.join(', ')}`)
  return broken.length === 0 ? 0 : 1
}

const numbers = (o: Outcome) => [
  o.kills,
  o.midFlight,
  o.requests,
  o.accepted,
  o.skipped,
  o.failed,
  o.unknown,
  o.twice,
  o.lost,
  Math.round(o.seconds),
]

process.exitCode = await main()
