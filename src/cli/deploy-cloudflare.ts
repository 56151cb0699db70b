import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs, parseEnv } from 'node:util'
import type { Env } from '../config'
import { fail } from '../platform/node-env'
import { failStart } from '../platform/node-start'
import { download } from './cloudflare/download'
import { type Manifest, readManifest } from './cloudflare/manifest'
import { type Found, type Plan, planOf, wordsOf } from './cloudflare/plan'
import { faultsOf, settingsFor } from './cloudflare/settings'
import { manifestFile, take } from './cloudflare/steps'
import { accountsOf, databasesOf, hasQueue, must, secretsOf, WranglerFault } from './cloudflare/wrangler'
import { Refusal } from './doctor/context'
import { tellSums } from './doctor/moving'

const usage = `npm run deploy:cloudflare                    creates what is missing, migrates, deploys, asks /health
  --secrets FILE    settings in the form of .dev.vars; the environment wins
  --rotate          replaces settings that are stored already
  --dry-run         builds and checks without an account, and says what it would do
  --download FILE   only: the database as SQL, for npm run doctor -- --import-d1
  --local           with it: that of npm run dev
`
const options = {
  secrets: { type: 'string' },
  rotate: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  download: { type: 'string' },
  local: { type: 'boolean' },
  help: { type: 'boolean' },
} as const

const say = (line: string) => process.stdout.write(`${line}\n`)
const typedPath = (file: string) => resolve(process.env.INIT_CWD ?? '.', file)
let settings: Record<string, string> = {}

async function main(): Promise<void> {
  const values = readArguments()
  if (values.help) {
    say(usage.trimEnd())
    return
  }
  settings = settingsFor(values.secrets ? readSecrets(typedPath(values.secrets)) : {}, process.env)
  const manifest = readManifest(readFileSync(manifestFile, 'utf8'))
  if (values.download) await fetchDatabase(manifest, typedPath(values.download), values.local === true)
  else if (values['dry-run']) await rehearse(manifest)
  else await deploy(manifest, values.rotate === true)
}

async function deploy(manifest: Manifest, rotate: boolean): Promise<void> {
  say(await bundle())
  await signedIn()
  const found = await look(manifest)
  const faults = faultsOf(settings, found.secrets, !found.databases.some(({ name }) => name === manifest.database.name))
  if (faults.length > 0) return fail([...faults, 'Give them in the environment or by --secrets FILE. Nothing was changed.'])
  const plan = planOf(manifest, found, { names: Object.keys(settings), rotate })
  if (plan.kind === 'fault') return fail([plan.fault])
  tellKept(plan)
  const doing = { settings, database: manifest.database.name, address: settings.PUBLIC_URL?.replace(/\/$/, '') ?? null }
  for (const step of plan.steps) {
    say(`${wordsOf(step)} …`)
    const more = await take(step, doing)
    if (more) say(`  ${more}`)
  }
}

/** All up to the first question to Cloudflare, as if nothing were there. */
async function rehearse(manifest: Manifest): Promise<void> {
  say(await bundle())
  const faults = faultsOf(settings, [], true)
  const plan = planOf(
    { ...manifest, database: { ...manifest.database, id: null } },
    { databases: [], queues: [], secrets: [] },
    { names: Object.keys(settings), rotate: false },
  )
  if (plan.kind === 'steps')
    for (const step of plan.steps) say(`Would: ${wordsOf(step)}${step.kind.startsWith('create') ? ', if it is not there' : ''}`)
  if (faults.length > 0) fail([...faults, 'Give them in the environment or by --secrets FILE, but for what the Worker has already.'])
  say('The settings are sound for production. Nothing was changed.')
}

async function fetchDatabase({ database }: Manifest, file: string, local: boolean): Promise<void> {
  if (!local) await signedIn()
  tellSums(await download({ database: database.name, where: local ? '--local' : '--remote' }, file))
  say(`${file} is the database. npm run doctor -- --import-d1 makes one for a server of it.`)
}

/** The build and its size, as wrangler measures it. */
async function bundle(): Promise<string> {
  const { said } = await must(['deploy', '--dry-run'], 'The Worker cannot be built.')
  const size = /Total Upload: .*gzip: ([\d.]+) (\wi?B)/.exec(said)
  return size ? `Built: ${size[1]} ${size[2]} compressed, of 3 MiB on the free plan.` : 'Built.'
}

async function signedIn(): Promise<void> {
  const accounts = await accountsOf()
  if (!accounts) fail(['You are not signed in to Cloudflare. Run npx wrangler login, or set CLOUDFLARE_API_TOKEN.'])
  if (accounts && accounts.length > 1 && !process.env.CLOUDFLARE_ACCOUNT_ID)
    fail(['You have several accounts. Set CLOUDFLARE_ACCOUNT_ID to one of:', ...accounts.map(({ id, name }) => `${id}  ${name}`)])
}

async function look({ queues }: Manifest): Promise<Found> {
  const databases = await databasesOf()
  const there = []
  for (const name of queues) if (await hasQueue(name)) there.push(name)
  return { databases, queues: there, secrets: await secretsOf() }
}

function tellKept(plan: Plan & { kind: 'steps' }): void {
  if (plan.kept.length > 0) say(`Stored already and left as they are (--rotate replaces them): ${plan.kept.join(', ')}`)
}

function readSecrets(path: string): Env {
  try {
    return parseEnv(readFileSync(path, 'utf8')) as Env
  } catch (fault) {
    return fail([`${path} cannot be read (${fault instanceof Error ? fault.message : String(fault)}).`])
  }
}

function readArguments() {
  try {
    return parseArgs({ options }).values
  } catch (fault) {
    return fail([fault instanceof Error ? (fault.message.split('. ')[0] ?? '') : String(fault), usage.trimEnd()])
  }
}

const lastOf = (words: string): string[] =>
  words
    .trim()
    .split('\n')
    .slice(-12)
    .map((line) => line.slice(0, 300))

/** wrangler's words may repeat what it was given. */
function withoutSecrets(words: string): string {
  const secret = Object.values(settings).filter((value) => value.length >= 6)
  return secret.sort((a, b) => b.length - a.length).reduce((text, value) => text.replaceAll(value, '•••'), words)
}

main()
  .then(() => process.exit())
  .catch((fault) => {
    if (fault instanceof WranglerFault) fail([fault.message, ...lastOf(withoutSecrets(String(fault.cause)))])
    if (fault instanceof Refusal) fail([fault.message])
    failStart(fault)
  })
