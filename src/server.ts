import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import { createApp } from './app'
import { createFirstAdmin } from './auth/sign-in'
import { runCron, runJob } from './jobs'
import { createNodeHost, openFile, readNodeConfig } from './platform/node'
import { localAddress } from './platform/node-env'
import { announce, failStart, failWithoutAdmin, listen } from './platform/node-start'
import type { AppEnv } from './web/env'

/** Put in by the build: the hash of all static files. */
declare const ASSET_VERSION: string

const cronMs = 60_000
/** systemd kills after 90 s; what is in flight to the provider ends within SEND_TIMEOUT_SECONDS. */
const drainMs = 25_000

async function main(): Promise<void> {
  let end: () => Promise<void> = async () => process.exit(0)
  // `disconnect`: the parent that started us is gone, and nobody else would stop us.
  for (const event of ['SIGTERM', 'SIGINT', 'SIGHUP', 'disconnect']) process.on(event, () => end())

  const config = readNodeConfig()
  const { promise: app, resolve: open } = Promise.withResolvers<Hono<AppEnv>>()
  const server = createServer(getRequestListener(async (request, env) => (await app).fetch(request, env)))
  // The port comes first: a second start beside a running server must not migrate under it.
  const port = await listen(server, config, 'npm start')

  const file = await openFile(config.databasePath)
  const { deps, queue, stop } = createNodeHost(config, file, ASSET_VERSION)
  const admin = await createFirstAdmin(deps)
  if (admin === 'missing') failWithoutAdmin()
  open(createApp(deps))

  queue.start((job) => runJob(deps, job))
  let pass: Promise<void> | null = null
  const runPass = () => {
    pass ??= runCron(deps).finally(() => {
      pass = null
    })
  }
  const cron = setInterval(runPass, cronMs)
  runPass()

  let ending = false
  end = async () => {
    if (ending) return
    ending = true
    stop()
    clearInterval(cron)
    setTimeout(() => process.exit(1), drainMs).unref()
    await Promise.all([new Promise((closed) => server.close(closed)), queue.close(), pass])
    file.close()
    process.exit(0)
  }
  announce(config, port, admin === 'created')
  if (!process.send) deps.log('listening', { address: localAddress(config.host, port) })
}

main().catch(failStart)
