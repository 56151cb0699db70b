import { parseArgs } from 'node:util'
import { mutants } from './mutants'
import { type History, simulate } from './simulate'
import { Ground } from './store'

const usage = `npm run simulate -- [options]

  --seeds 10000    so many histories, from --from 1 on
  --seed N         this one only      --verbose  with its whole trace
  --plant NAME     with a planted bug: ${mutants.map(({ name }) => `"${name}"`).join(', ')}
`

const options = {
  seeds: { type: 'string', default: '10000' },
  from: { type: 'string', default: '1' },
  seed: { type: 'string' },
  plant: { type: 'string' },
  verbose: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

const say = (line: string) => process.stdout.write(`${line}\n`)

async function main(): Promise<number> {
  const { values } = parseArgs({ options })
  const mutant = values.plant === undefined ? null : mutants.find(({ name }) => name === values.plant)
  if (values.help || mutant === undefined) {
    say(usage)
    return values.help ? 0 : 2
  }
  const ground = await Ground.open()
  const first = Number(values.seed ?? values.from)
  const count = values.seed === undefined ? Number(values.seeds) : 1
  const started = performance.now()
  const cpu = process.cpuUsage()
  let failed = 0
  const broken = new Map<string, number[]>()
  for (let seed = first; seed < first + count; seed++) {
    const history = await simulate(ground, seed, mutant)
    if (values.verbose && count === 1) tell(history, true)
    else if (history.violation && failed < 3) tell(history, values.verbose)
    if (history.violation) {
      failed++
      broken.set(history.violation.invariant, [...(broken.get(history.violation.invariant) ?? []), seed])
    }
    if ((seed - first + 1) % 1000 === 0) say(`${seed - first + 1} seeds, ${failed} violations`)
  }
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(cpu)
  say(
    `${count} seeds in ${seconds.toFixed(1)} s: ${(count / seconds).toFixed(0)} a second, ${((user + system) / 1000 / count).toFixed(1)} ms of CPU each. ${failed} violations.`,
  )
  for (const [invariant, seeds] of broken) say(`${seeds.length} × ${invariant}: seeds ${seeds.slice(0, 8).join(', ')}`)
  return failed === 0 ? 0 : 1
}

function tell({ seed, violation, fingerprint, lines, profile }: History, verbose: boolean): void {
  const shown = verbose ? lines : lines.slice(-40)
  say(`\nseed ${seed}  trace ${fingerprint}  ${JSON.stringify(profile)}`)
  if (shown.length < lines.length) say(`… ${lines.length - shown.length} lines before; --seed ${seed} --verbose shows all`)
  for (const line of shown) say(line)
  if (violation) say(`seed ${seed} breaks a rule: ${violation.invariant} (${violation.detail})`)
}

process.exitCode = await main()
