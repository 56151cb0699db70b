import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { sql } from 'drizzle-orm'
import { countAudience } from '../../blasts/audience'
import { createBlast } from '../../blasts/blasts'
import { countsOf, type DeliveryCounts } from '../../blasts/counts'
import { readConfig } from '../../config'
import { migrate } from '../../db/migrate'
import { runSender } from '../../deliveries/sender'
import type { Deps } from '../../deps'
import { D1OnBetterSqlite3 } from '../../platform/d1-on-better-sqlite3'
import { createNodeHost } from '../../platform/node'
import { readMigrations } from '../../platform/node-env'
import { saveDials } from '../../simulator/dials'
import { insertMembers } from './seed'
import { benchEnv } from './settings'
import { accountSid } from './stand-in'

export type BlastBench = { recipients: number; concurrency: number; latencyMs: number; provider: 'twilio' | 'simulator' }

export type BlastResult = BlastBench & {
  seconds: number
  perSecond: number
  /** Messages a second that concurrency ÷ latency allows. */
  limit: number
  cpuMsPerMessage: number
  peakRssMb: number
  longestStallMs: number
  writesPerMessage: number
  counts: DeliveryCounts
  /** Texts that the provider took; each more than a delivery is a text too many. */
  taken: number
}

const loopResolutionMs = 5

/** Counts what reaches the disk: each batch is one transaction, and the sender writes in no other way. */
class CountedDatabase extends D1OnBetterSqlite3 {
  batches = 0

  override batch(...args: Parameters<D1OnBetterSqlite3['batch']>) {
    this.batches++
    return super.batch(...args)
  }
}

/** One whole blast by the server's own path: claims, requests, results, on a file with synchronous=FULL. `url` is the stand-in's. */
export async function benchBlast(bench: BlastBench, url: string): Promise<BlastResult> {
  const { recipients, concurrency, latencyMs, provider } = bench
  const folder = mkdtempSync(join(tmpdir(), 'sms-admin-bench-'))
  const file = new CountedDatabase(join(folder, 'blast.sqlite'))
  try {
    await migrate(file as unknown as D1Database, readMigrations())
    const { deps } = createNodeHost(readConfig(blastEnv(bench, url), 'node'), file, 'bench')
    if (provider === 'simulator') await saveDials(deps.db, { preset: 'custom', latencyMs, receipts: 'none' })
    const id = await prepareBlast(deps, file, recipients)
    const before = await takenBy(deps, bench, url)

    const writes = file.batches
    const loop = monitorEventLoopDelay({ resolution: loopResolutionMs })
    loop.enable()
    const cpu = process.cpuUsage()
    const started = performance.now()
    await runSender(deps)
    const seconds = (performance.now() - started) / 1000
    const { user, system } = process.cpuUsage(cpu)
    loop.disable()
    const taken = (await takenBy(deps, bench, url)) - before
    const peakRssMb = process.resourceUsage().maxRSS / 1024
    return {
      ...bench,
      seconds,
      perSecond: recipients / seconds,
      limit: concurrency / (latencyMs / 1000),
      cpuMsPerMessage: (user + system) / 1000 / recipients,
      peakRssMb,
      longestStallMs: Math.max(0, loop.max / 1e6 - loopResolutionMs),
      writesPerMessage: (file.batches - writes) / recipients,
      counts: await countsOf(deps.db, id),
      taken,
    }
  } finally {
    file.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const blastEnv = ({ concurrency, provider }: BlastBench, url: string) =>
  benchEnv({
    SMS_PROVIDER: provider,
    SEND_CONCURRENCY: String(concurrency),
    SEND_HOLD_SECONDS: '0',
    ...(provider === 'twilio'
      ? {
          TWILIO_ACCOUNT_SID: accountSid,
          TWILIO_AUTH_TOKEN: 'bench',
          TWILIO_FROM_NUMBER: '+13236300201',
          TWILIO_API_BASE_URL: url,
        }
      : {}),
  })

async function prepareBlast(deps: Deps, file: D1OnBetterSqlite3, recipients: number): Promise<number> {
  await insertMembers(file, recipients)
  const audience = { target: 'community', eventId: null, testPhone: null } as const
  const { fingerprint } = await countAudience(deps.db, audience)
  const made = await createBlast(deps, {
    messageBody: 'Hi {first_name}, doors open at 7 tonight. Bring a friend.\nReply STOP to unsubscribe',
    audience,
    includeUnsubscribe: true,
    submissionId: deps.newToken(),
    fingerprint,
    excluded: { optedOut: 0, suppressed: 0, duplicates: 0 },
    createdBy: 'bench',
    trail: () => [],
  })
  if (made.kind !== 'created') throw new Error(`the blast was not made: ${made.kind}`)
  return made.id
}

async function takenBy({ db }: Deps, { provider }: BlastBench, url: string): Promise<number> {
  if (provider === 'twilio') return Number(await (await fetch(url)).text())
  return (await db.get<{ n: number }>(sql`SELECT count(*) AS n FROM simulator_messages`))?.n ?? 0
}
