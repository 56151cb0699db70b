import { runCron, runJob } from '../jobs'
import { createNodeHost, openFile, readNodeConfig } from '../platform/node'
import { localAddress } from '../platform/node-env'
import { failStart } from '../platform/node-start'

declare const ASSET_VERSION: string

const healthTimeoutMs = 2000
/** A sender that died keeps its lease this long at most (deliveries/lease.ts), and some to spare. */
const longestWaitMs = 20_000

/** One pass of all that is due, for the systemd timer: due blasts, sending, sweep. Yields to a server that answers. */
async function main(): Promise<void> {
  const config = readNodeConfig()
  if (await answers(`${localAddress(config.host, config.port)}/health`)) {
    process.stdout.write('The server is up and does this itself.\n')
    return
  }
  const file = await openFile(config.databasePath)
  const { deps, queue, stop } = createNodeHost(config, file, ASSET_VERSION)
  for (const event of ['SIGTERM', 'SIGINT']) process.on(event, stop)
  queue.start((job) => runJob(deps, job))
  await runCron(deps)
  await queue.settle(longestWaitMs)
  await queue.close()
  file.close()
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(healthTimeoutMs) })).ok
  } catch {
    return false
  }
}

main().then(() => process.exit(0), failStart)
