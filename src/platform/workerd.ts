import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { convertV4MiniflareOptions, Miniflare, Response } from 'miniflare'
import type { Log } from '../deps'
import type { Gate } from './workerd-gate'

/** Put in by the build, from wrangler.toml. */
declare const WORKERD_SETTINGS: { compatibilityDate: string; compatibilityFlags: string[] }

/** In the environment of our workerd, by which a later start knows it. */
export const markerName = 'SMS_ADMIN_WORKERD_DATA_DIR'
const queue = 'sms-admin-jobs'
const stopPollMs = 200

/**
 * Asks this process before each job and tells it after, so that stopping can wait for what runs; and asks now and then meanwhile, so that
 * what runs ends soon (`stopping` in deps.ts) instead of spending its budget.
 */
const supervised = `
import worker from './worker.js'
const STOPPING = { asked: false }
async function watched(env, run) {
  const ask = async () => {
    if (!(await env.SUPERVISOR.fetch('http://supervisor/goes-on')).ok) STOPPING.asked = true
  }
  const timer = setInterval(() => ask().catch(() => {}), ${stopPollMs})
  try {
    await run({ ...env, STOPPING })
  } finally {
    clearInterval(timer)
  }
}
export default {
  fetch: (request, env, context) => worker.fetch(request, { ...env, STOPPING }, context),
  scheduled: (event, env, context) => watched(env, (all) => worker.scheduled(event, all, context)),
  async queue(batch, env, context) {
    if (!(await env.SUPERVISOR.fetch('http://supervisor/begin')).ok) return
    try {
      await watched(env, (all) => worker.queue(batch, all, context))
    } finally {
      await env.SUPERVISOR.fetch('http://supervisor/end')
    }
  },
}`

/** The built Worker on workerd, on a free loopback port, D1 in `dataDir`. `settings` reach it as they would on Cloudflare. */
export function openWorkerd(dataDir: string, settings: Record<string, string>, gate: Gate, log: Log): Miniflare {
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: '127.0.0.1',
      port: 0,
      cf: false,
      logRequests: false,
      telemetry: { enabled: false },
      resourcePersistencePath: dataDir,
      unsafeRuntimeEnv: { [markerName]: dataDir },
      unsafeHandleRuntimeRestart: () => {
        gate.forget()
        log('workerd was restarted')
      },
      handleStructuredLogs: ({ message }) => relay(log, message),
      workers: [
        {
          name: 'sms-admin',
          ...WORKERD_SETTINGS,
          modules: [
            { type: 'ESModule', path: 'supervised.js', contents: supervised },
            { type: 'ESModule', path: 'worker.js', contents: readFileSync(resolve('dist/worker/worker.js')) },
          ],
          bindings: settings,
          d1Databases: { DB: 'sms-admin' },
          queueProducers: { JOBS: queue },
          queueConsumers: { [queue]: { maxBatchSize: 1, maxBatchTimeout: 0, maxRetries: 3 } },
          assets: { directory: resolve('dist/assets'), routerConfig: { has_user_worker: true } },
          serviceBindings: {
            SUPERVISOR: ({ url }) => {
              if (url.endsWith('/begin')) return new Response(null, { status: gate.begin() ? 204 : 503 })
              if (url.endsWith('/end')) gate.end()
              return new Response(null, { status: gate.isClosed ? 503 : 204 })
            },
          },
        },
      ],
    }),
  )
  // Miniflare ends the process at a signal, and workerd with it, in the middle of whatever runs.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.removeAllListeners(signal)
  return miniflare
}

/** The Worker's JSON lines as they are; whatever else workerd says becomes one. */
function relay(log: Log, message: string): void {
  try {
    const { at: _, event, ...fields } = JSON.parse(message)
    log(String(event), fields)
  } catch {
    log('workerd', { message })
  }
}
