import { cpus, loadavg } from 'node:os'
import type { BlastResult } from './blast'
import type { Bare } from './limit'
import type { PageResult, PagesResult } from './pages'

const number = (value: number, digits = 0) =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
const percent = (share: number) => `${number(share * 100, 1)} %`

/** Numbers of a shared machine mean little without how busy it was. */
export const machine = () =>
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}, load ${loadavg()
    .map((load) => number(load, 2))
    .join(' ')}`

type Row = [name: string, value: string]

export type Blast = BlastResult & {
  /** As many bare requests, half before and half after; null with the simulator, which takes none. */
  bare: Bare | null
}

export function blastReport(result: Blast): string {
  const { provider, recipients, concurrency, latencyMs, perSecond, limit, bare } = result
  const rows: Row[] = [
    ['time', `${number(result.seconds, 1)} s`],
    ['messages a second', number(perSecond, 1)],
    ['share of concurrency ÷ latency', `${percent(perSecond / limit)} of ${number(limit)}`],
    ...(bare ? [['share of bare requests', `${percent(perSecond / bare.perSecond)} of ${number(bare.perSecond, 1)}`] as Row] : []),
    [
      'CPU per message',
      `${number(result.cpuMsPerMessage, 2)} ms${bare ? `; of a bare request ${number(bare.cpuMsPerRequest, 2)} ms` : ''}`,
    ],
    ['durable writes per message', number(result.writesPerMessage, 2)],
    ['longest stall of the event loop', `${number(result.longestStallMs)} ms`],
    ['peak memory', `${number(result.peakRssMb)} MB`],
    ['texts taken', `${number(result.taken)} of ${number(recipients)}`],
  ]
  const title = `A blast to ${number(recipients)} people, ${concurrency} in flight, ${latencyMs} ms a request (${provider})`
  return `${title}\n${rows.map(([name, value]) => `  ${name.padEnd(34)}${value}`).join('\n')}\n`
}

const columns: [string, (page: PageResult) => string][] = [
  ['KB', ({ bytes }) => number(bytes / 1000, 1)],
  ['CPU ms', ({ cpuMsPerRequest }) => (cpuMsPerRequest === null ? '–' : number(cpuMsPerRequest, 2))],
  ['median ms', ({ alone }) => number(alone.medianMs, 2)],
  ['p95 ms', ({ alone }) => number(alone.p95Ms, 2)],
  ['requests/s', ({ alone }) => number(alone.perSecond)],
  ['8: median ms', ({ crowd }) => number(crowd.medianMs, 2)],
  ['8: requests/s', ({ crowd }) => number(crowd.perSecond)],
  ['of /health', ({ shareOfHealth }) => percent(shareOfHealth)],
]

export function pagesReport({ members, deliveries, blasts, seedSeconds, pages }: PagesResult): string {
  const title = `Pages at ${number(members)} members and ${number(deliveries)} deliveries in ${number(blasts)} blasts (built in ${number(seedSeconds)} s)`
  const head = `  ${''.padEnd(22)}${columns.map(([name]) => name.padStart(14)).join('')}`
  const rows = pages.map((page) => `  ${page.name.padEnd(22)}${columns.map(([, value]) => value(page).padStart(14)).join('')}`)
  return `${[title, head, ...rows].join('\n')}\n`
}
