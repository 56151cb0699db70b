import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import { createApp } from './app'
import { createFirstAdmin } from './auth/sign-in'
import { type Config, ConfigFault } from './config'
import { runCron, runJob } from './jobs'
import { createNodeHost, openFile, readNodeConfig } from './platform/node'
import { fail, localAddress } from './platform/node-env'
import { portFault } from './platform/node-port'
import type { AppEnv } from './web/env'

/** Put in by the build: the hash of all static files. */
declare const ASSET_VERSION: string

const cronMs = 60_000
/** systemd kills after 90 s; what is in flight to the provider ends within SEND_TIMEOUT_SECONDS. */
const drainMs = 25_000

async function main(): Promise<void> {
  let end = async () => process.exit(0)
  // `disconnect`: the parent that started us is gone, and nobody else would stop us.
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect']) process.on(event, () => end())

  const config = readNodeConfig()
  const { promise: app, resolve: open } = Promise.withResolvers<Hono<AppEnv>>()
  const server = createServer(getRequestListener(async (request, env) => (await app).fetch(request, env)))
  // The port comes first: a second start beside a running server must not migrate under it.
  const port = await listen(server, config)

  const file = await openFile(config.databasePath)
  const { deps, queue, stop } = createNodeHost(config, file, ASSET_VERSION)
  const admin = await createFirstAdmin(deps)
  if (admin === 'missing')
    fail(['Nobody can sign in: there are no users and ADMIN_PASSWORD is not set. Set it in .dev.vars and start again.'])
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

function listen(server: ReturnType<typeof createServer>, { host, port }: Config): Promise<number> {
  return new Promise((resolve) => {
    server.once('error', (fault: NodeJS.ErrnoException) => fail([portFault(fault.code, host, port, 'npm start')]))
    server.listen(port, host, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })
}

/** Tells `npm start`, which prints it. The first password goes along only if it is `.dev.vars`'s, made for a newcomer. */
function announce(config: Config, port: number, adminMade: boolean): void {
  const ours = config.development && process.env.ADMIN_PASSWORD === undefined
  const firstAdmin = adminMade ? { username: config.adminUsername, password: ours ? config.adminPassword : null } : null
  process.send?.({ ready: true, address: localAddress(config.host, port), firstAdmin })
}

main().catch((fault) => {
  if (fault instanceof ConfigFault) fail(fault.faults)
  fail([fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)])
})
