import { resolve } from 'node:path'
import type { Miniflare } from 'miniflare'
import { readConfig, settingNames } from '../config'
import { migrate } from '../db/migrate'
import type { Log } from '../deps'
import { fail, readEnv, readMigrations } from '../platform/node-env'
import { makeFolders } from '../platform/node-folders'
import { createLog } from '../platform/node-log'
import { announce, failStart, failWithoutAdmin, listen } from '../platform/node-start'
import { openWorkerd } from '../platform/workerd'
import { createFront } from '../platform/workerd-front'
import { Gate } from '../platform/workerd-gate'
import { endOrphan } from '../platform/workerd-orphan'

const cron = '* * * * *'
const cronMs = 60_000
/** systemd kills after 90 s; a run of the sender is at most 400 operations (platform/cloudflare.ts), and a request ends within its timeout. */
const drainMs = 25_000

async function main(): Promise<void> {
  let end: () => Promise<void> = async () => process.exit(0)
  const stop = () => end()
  process.on('disconnect', stop)

  const env = readEnv()
  const config = readConfig(env, 'workers')
  const log = createLog(config.development && process.stdout.isTTY ? 'short' : 'json')
  const { promise: ready, resolve: open } = Promise.withResolvers<Miniflare>()
  const front = createFront(async () => (await ready).ready)
  const port = await listen(front, config, 'npm run start:workerd')

  const dataDir = makeFolder(resolve(config.workerdDataDir))
  const other = await endOrphan(dataDir)
  if (other) fail([`${dataDir} is in use by process ${other}. Stop that, or give this one its own WORKERD_DATA_DIR.`])
  const gate = new Gate()
  const workerd = openWorkerd(dataDir, bindings({ ...env, PORT: String(port) }), gate, log)
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, stop)
  const empty = await openDatabase(workerd, dataDir)
  if (empty && config.adminPassword === '') failWithoutAdmin()

  let pass: Promise<void> | null = null
  const runPass = () => {
    pass ??= fireCron(workerd, log).finally(() => {
      pass = null
    })
  }
  // Nudges do not survive a restart: the first pass finds what they named. It makes the first admin, too.
  void runPass()
  const timer = setInterval(runPass, cronMs)
  open(workerd)

  let ending = false
  end = async () => {
    if (ending) return
    ending = true
    clearInterval(timer)
    setTimeout(() => process.exit(1), drainMs).unref()
    await Promise.all([new Promise((closed) => front.close(closed)), gate.close(), pass])
    await workerd.dispose()
    process.exit(0)
  }
  announce(config, port, empty)
}

/** The Worker is looked up each time: Miniflare replaces a workerd that crashed. */
async function fireCron(workerd: Miniflare, log: Log): Promise<void> {
  try {
    await (await workerd.getWorker()).scheduled({ cron })
  } catch (fault) {
    log('cron failed', { fault: String(fault) })
  }
}

function bindings(env: Record<string, string | undefined>): Record<string, string> {
  const settings = settingNames.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]))
  return { ...Object.fromEntries(settings), SELF_HOSTED: '1' }
}

/** It holds names and phones: nobody else on the machine reads it. */
function makeFolder(dataDir: string): string {
  try {
    makeFolders(dataDir)
    return dataDir
  } catch (fault) {
    return failOnFolder(dataDir, fault)
  }
}

/** D1 with every migration; whether it has no users yet. */
async function openDatabase(workerd: Miniflare, dataDir: string): Promise<boolean> {
  try {
    await workerd.ready
    const database = (await workerd.getD1Database('DB')) as unknown as D1Database
    await migrate(database, readMigrations())
    return (await database.prepare('SELECT 1 FROM users LIMIT 1').first()) === null
  } catch (fault) {
    return failOnFolder(dataDir, fault)
  }
}

function failOnFolder(dataDir: string, fault: unknown): never {
  const why = fault instanceof Error ? (fault.message.split('\n')[0] ?? '') : String(fault)
  fail([`workerd cannot start on ${dataDir} (${why}). Check WORKERD_DATA_DIR and the folder's owner.`])
}

main().catch(failStart)
