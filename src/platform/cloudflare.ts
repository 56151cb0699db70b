import { type Env, readConfig } from '../config'
import { openDatabase } from '../db/database'
import type { Budget, Deps, Job, JobQueue } from '../deps'
import { scrypt } from './scrypt'
import { chooseProvider } from './sms'

/** The bindings of wrangler.toml; settings and secrets arrive as strings beside them. STOPPING: only on a server of one's own (workerd.ts). */
export type Bindings = { DB: D1Database; JOBS: Queue<Job>; STOPPING?: { asked: boolean } } & Record<string, unknown>

/** A queue takes delays of whole seconds, up to 12 hours (developers.cloudflare.com/queues/platform/limits). */
const maxDelaySeconds = 43_200

/** The free plan allows 50 subrequests an invocation: queries and requests to the provider together (tests/deliveries/cost.test.ts). */
export const workerBudget: Budget = { operationsPerRun: 50, rowsPerRun: 4000 }

/** workerd on a server of one's own has no such limit; a run stays short so that no crash of it costs much. */
const selfHostedBudget: Budget = { operationsPerRun: 400, rowsPerRun: 20_000 }

export function createWorkerDeps(bindings: Bindings, assetVersion: string): Deps {
  const settings: Env = {}
  for (const [name, value] of Object.entries(bindings)) if (typeof value === 'string') settings[name] = value
  const config = readConfig(settings, 'workers')
  const db = openDatabase(bindings.DB)
  const now = () => Date.now()
  const sleep = (ms: number) => scheduler.wait(ms)
  const queue: JobQueue = {
    async send(job, delayMs = 0) {
      await bindings.JOBS.send(job, { delaySeconds: Math.min(maxDelaySeconds, Math.ceil(delayMs / 1000)) })
    },
  }
  return {
    db,
    config,
    sms: chooseProvider(config, db, now, sleep, queue, { together: false }),
    queue,
    log: (event, fields = {}) => {
      // biome-ignore lint/suspicious/noConsole: the Workers runtime collects its log from the console
      console.log(JSON.stringify({ at: new Date().toISOString(), event, ...fields }))
    },
    now,
    sleep,
    newToken: () => crypto.randomUUID(),
    random: () => Math.random(),
    scrypt,
    peerAddress: (request) => request.headers.get('cf-connecting-ip') ?? '',
    stopping: () => bindings.STOPPING?.asked === true,
    budget: bindings.SELF_HOSTED === '1' ? selfHostedBudget : workerBudget,
    assetVersion,
    asset: null,
  }
}
