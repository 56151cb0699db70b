import { serve } from '@hono/node-server'
import { createApp } from './app'
import { createFirstAdmin } from './auth/sign-in'
import { ConfigFault } from './config'
import { migrate } from './db/migrate'
import { runCron, runJob } from './jobs'
import { createNodeHost, fail, log, openFile, readMigrations, readNodeConfig } from './platform/node'

/** Put in by the build: the hash of all static files. */
declare const ASSET_VERSION: string

const cronMs = 60_000
/** What systemd allows before it kills: in-flight sends end within the provider's timeout. */
const drainMs = 25_000

async function main(): Promise<void> {
  const config = readNodeConfig()
  const file = openFile(config.databasePath)
  await migrate(file as unknown as D1Database, readMigrations())
  const host = createNodeHost(config, file, ASSET_VERSION)
  const { deps, queue } = host
  const admin = await createFirstAdmin(deps)
  if (admin === 'missing')
    fail(['Nobody can sign in: there are no users and ADMIN_PASSWORD is not set. Set it in .dev.vars and start again.'])

  const app = createApp(deps)
  const server = serve({ fetch: app.fetch, hostname: config.host, port: config.port }, (address) => {
    log('listening', { address: `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${address.port}` })
    if (process.send) process.send({ ready: true, port: address.port, firstAdmin: admin === 'created' ? config.adminUsername : null })
  })
  server.on('error', (fault: NodeJS.ErrnoException) => {
    if (fault.code === 'EADDRINUSE')
      fail([`Port ${config.port} on ${config.host} is taken. Stop what uses it, or start with another: PORT=8788 npm start`])
    fail([`The server cannot listen on ${config.host}:${config.port} (${fault.code ?? fault.message}).`])
  })

  queue.start((job) => runJob(deps, job))
  const cron = setInterval(() => void runCron(deps), cronMs)
  void runCron(deps)

  let ending = false
  const end = async () => {
    if (ending) return
    ending = true
    host.stop()
    clearInterval(cron)
    server.close()
    setTimeout(() => process.exit(1), drainMs).unref()
    await queue.close()
    file.close()
    log('stopped')
    process.exit(0)
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
}

main().catch((fault) => {
  if (fault instanceof ConfigFault) fail(fault.faults)
  fail([fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)])
})
