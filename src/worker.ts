import type { Hono } from 'hono'
import { createApp } from './app'
import { createFirstAdmin } from './auth/sign-in'
import type { Deps, Job } from './deps'
import { runCron, tryJob } from './jobs'
import { type Bindings, createWorkerDeps } from './platform/cloudflare'
import type { AppEnv } from './web/env'

/** Put in by the build: the hash of all static files. */
declare const ASSET_VERSION: string

type Started = { deps: Deps; app: Hono<AppEnv> }
let started: Promise<Started> | null = null

/** Once per isolate; a start that failed is tried again by the next event. */
function start(bindings: Bindings): Promise<Started> {
  started ??= open(bindings).catch((fault) => {
    started = null
    throw fault
  })
  return started
}

async function open(bindings: Bindings): Promise<Started> {
  const deps = createWorkerDeps(bindings, ASSET_VERSION)
  if ((await createFirstAdmin(deps)) === 'missing') deps.log('nobody can sign in: there are no users and ADMIN_PASSWORD is not set')
  return { deps, app: createApp(deps) }
}

export default {
  async fetch(request, bindings, context) {
    const { app } = await start(bindings)
    return app.fetch(request, bindings, context)
  },
  async queue(batch, bindings) {
    const { deps } = await start(bindings)
    for (const message of batch.messages) {
      if (await tryJob(deps, message.body)) message.ack()
      else message.retry()
    }
  },
  async scheduled(_event, bindings) {
    const { deps } = await start(bindings)
    await runCron(deps)
  },
} satisfies ExportedHandler<Bindings, Job>
