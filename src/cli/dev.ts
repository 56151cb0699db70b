import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { type Env, readConfig, settingNames } from '../config'
import { localAddress, readEnv } from '../platform/node-env'
import { announce, failStart, listen } from '../platform/node-start'

const wrangler = 'node_modules/wrangler/bin/wrangler.js'
/** wrangler asks nobody and calls nobody: it works without a network. */
const offline = { WRANGLER_SEND_METRICS: 'false', CLOUDFLARE_CF_FETCH_ENABLED: 'false', WRANGLER_HIDE_BANNER: 'true', CI: '1' }
const cronMs = 60_000

/** `wrangler dev` with what it lacks: the port's holder named, migrations applied, the environment before `.dev.vars`, the cron fired. */
async function main(): Promise<void> {
  const config = readConfig(readEnv(), 'workers')
  const probe = createServer()
  const port = await listen(probe, config, 'npm run dev')
  await once(probe.close(), 'close')

  const fresh = !existsSync('.wrangler/state/v3/d1')
  const migrated = run(['d1', 'migrations', 'apply', 'DB', '--local'], 'pipe')
  let output = ''
  for (const stream of [migrated.stdout, migrated.stderr]) stream?.on('data', (chunk) => (output += chunk))
  if ((await exitCode(migrated)) !== 0) failStart(new Error(`The migrations could not be applied.\n${output}`))

  const address = ['--ip', config.host, '--port', String(port)]
  const dev = run(['dev', ...address, ...environmentFirst(port), '--show-interactive-dev-session=false'], 'inherit')
  let ending = false
  const end = () => {
    ending = true
    dev.kill('SIGTERM')
  }
  for (const event of ['SIGTERM', 'SIGINT', 'SIGHUP', 'disconnect']) process.on(event, end)
  dev.on('exit', (code) => process.exit(ending ? 0 : (code ?? 1)))

  const local = localAddress(config.host, port)
  while (!(await answers(`${local}/health`))) await wait(200)
  announce(config, port, fresh)
  // Miniflare never fires a cron by itself.
  const fire = () => answers(`${local}/cdn-cgi/local/scheduled?cron=*+*+*+*+*`)
  setInterval(fire, cronMs)
  await fire()
}

function run(args: string[], stdio: 'inherit' | 'pipe'): ChildProcess {
  return spawn(process.execPath, [wrangler, ...args], { stdio: ['ignore', stdio, stdio], env: { ...process.env, ...offline } })
}

async function exitCode(child: ChildProcess): Promise<number> {
  const [code] = await once(child, 'close')
  return code ?? 1
}

/** wrangler reads `.dev.vars` only. Settings of the environment win, so where there are any it gets one file with both. */
function environmentFirst(port: number): string[] {
  if (!settingNames.some((name) => process.env[name] !== undefined)) return []
  const env: Env = { ...readEnv(), PORT: String(port) }
  const lines = settingNames.filter((name) => env[name] !== undefined).map((name) => `${name}=${quoted(env[name] ?? '')}`)
  const file = '.wrangler/dev.env'
  mkdirSync('.wrangler', { recursive: true })
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 })
  return ['--env-file', file]
}

/** As dotenv and dotenv-expand read it back: no escapes within quotes, but `$` names a variable. */
function quoted(value: string): string {
  const quote = ["'", '"', '`'].find((mark) => !value.includes(mark)) ?? "'"
  return `${quote}${value.replaceAll('$', '\\$')}${quote}`
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok
  } catch {
    return false
  }
}

main().catch(failStart)
