import { parseArgs } from 'node:util'
import { failStart } from '../platform/node-start'
import { type BlastBench, type BlastResult, benchBlast } from './bench/blast'
import { type Limit, measureLimit, together } from './bench/limit'
import { benchPages } from './bench/pages'
import { answerOf, end, forkRole, killChildren } from './bench/processes'
import { type Blast, blastReport, machine, pagesReport } from './bench/report'
import { runStandIn } from './bench/stand-in'

const usage = `npm run bench -- [blast] [pages] [options]

  --recipients 10000   --concurrency 20   --latency 50 (ms)   --provider twilio|simulator
  --members 100000     --blasts 200       --deliveries 1000000   --largest 10000   --opt-outs 2000
  --seconds 3 (for each page and number of connections)   --json
`

const options = {
  recipients: { type: 'string', default: '10000' },
  concurrency: { type: 'string', default: '20' },
  latency: { type: 'string', default: '50' },
  provider: { type: 'string', default: 'twilio' },
  members: { type: 'string', default: '100000' },
  blasts: { type: 'string', default: '200' },
  deliveries: { type: 'string', default: '1000000' },
  largest: { type: 'string', default: '10000' },
  'opt-outs': { type: 'string', default: '2000' },
  seconds: { type: 'string', default: '3' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

/** The processes that it starts itself; they stay until they are ended. */
const roles: Record<string, (...args: string[]) => Promise<unknown>> = {
  'stand-in': (latencyMs) => runStandIn(Number(latencyMs)),
  limit: async (url, count, concurrency) => process.send?.(await measureLimit(url ?? '', Number(count), Number(concurrency))),
  sender: async (bench, url) => process.send?.(await benchBlast(JSON.parse(bench ?? ''), url ?? '')),
}

/** Measures a whole blast and the pages of a large database; docs/benchmarks.md says what the numbers mean. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  if (values.help) {
    process.stdout.write(usage)
    return
  }
  const wanted = (part: string) => positionals.length === 0 || positionals.includes(part)
  const results: object[] = []
  const tell = <T extends object>(result: T, report: (result: T) => string) => {
    results.push(result)
    if (!values.json) process.stdout.write(`${report(result)}\n`)
  }
  if (!values.json) process.stdout.write(`${machine()}\n\n`)
  if (wanted('blast')) tell(await blastInItsOwnProcess(values), blastReport)
  if (wanted('pages')) {
    const sizes = { members: values.members, blasts: values.blasts, deliveries: values.deliveries, largest: values.largest }
    const bench = numbers({ ...sizes, optOuts: values['opt-outs'], seconds: values.seconds })
    tell(await benchPages(bench, Date.now()), pagesReport)
  }
  if (values.json) process.stdout.write(`${JSON.stringify(results)}\n`)
}

type Values = { recipients: string; concurrency: string; latency: string; provider: string }

async function blastInItsOwnProcess({ provider, ...values }: Values): Promise<Blast> {
  if (provider !== 'twilio' && provider !== 'simulator') throw new Error(`--provider is twilio or simulator, not ${provider}`)
  const { recipients, concurrency, latency } = numbers({
    recipients: values.recipients,
    concurrency: values.concurrency,
    latency: values.latency,
  })
  const bench: BlastBench = { recipients, concurrency, latencyMs: latency, provider }
  const standIn = forkRole('stand-in', String(latency))
  const { url } = await answerOf<{ url: string }>(standIn)
  const half = String(Math.ceil(recipients / 2))
  const bareHalf = async () => (provider === 'twilio' ? [await ask<Limit>('limit', url, half, String(concurrency))] : [])
  // Half of the bare requests before the blast and half after it: a machine that others use changes meanwhile.
  const before = await bareHalf()
  const result = await ask<BlastResult>('sender', JSON.stringify(bench), url)
  const bare = together([...before, ...(await bareHalf())])
  await end(standIn)
  return { ...result, bare }
}

/** One answer of a process that does nothing else. */
async function ask<T>(role: string, ...args: string[]): Promise<T> {
  const child = forkRole(role, ...args)
  const answer = await answerOf<T>(child)
  await end(child)
  return answer
}

function numbers<Name extends string>(values: Record<Name, string>): Record<Name, number> {
  const entries = Object.entries<string>(values).map(([name, text]) => {
    const value = Number(text)
    if (text.trim() === '' || !Number.isFinite(value) || value < 0) throw new Error(`--${name} is not a number: ${text}`)
    return [name, value]
  })
  return Object.fromEntries(entries)
}

for (const event of ['SIGTERM', 'SIGINT', 'SIGHUP', 'disconnect']) {
  process.on(event, () => {
    killChildren()
    process.exit(1)
  })
}
const [role = '', ...rest] = process.argv.slice(2)
const run = roles[role]
const done = run ? run(...rest) : main().then(() => process.exit(0))
done.catch((fault) => {
  killChildren()
  failStart(fault)
})
