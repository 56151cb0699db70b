import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { withDatabaseId } from './manifest'
import type { Step } from './plan'
import { databasesOf, must, WranglerFault } from './wrangler'

export const manifestFile = 'wrangler.toml'
const healthTries = 15
const healthPauseMs = 2000
const healthTimeoutMs = 5000

export type Doing = {
  settings: Record<string, string>
  database: string
  /** Where the Worker answers, once it is known. */
  address: string | null
}

/** Does one; throws WranglerFault. Answers what is worth a line beyond its name. */
export async function take(step: Step, doing: Doing): Promise<string> {
  switch (step.kind) {
    case 'create-database':
      await must(['d1', 'create', step.name], `The D1 database ${step.name} cannot be created.`)
      return ''
    case 'write-id':
      return writeId(step.id ?? (await idOf(doing.database)))
    case 'create-queue':
      await must(['queues', 'create', step.name], `The queue ${step.name} cannot be created.`)
      return ''
    case 'migrate':
      await must(['d1', 'migrations', 'apply', step.name, '--remote'], 'The migrations cannot be applied; nothing was deployed.')
      return ''
    case 'put-secrets': {
      const secrets = Object.fromEntries(step.names.map((name) => [name, doing.settings[name]]))
      await must(['secret', 'bulk'], 'The secrets cannot be stored; nothing was deployed.', JSON.stringify(secrets))
      return ''
    }
    case 'deploy': {
      const { said } = await must(['deploy'], 'The Worker cannot be deployed.')
      doing.address ??= /https:\/\/\S+\.workers\.dev/.exec(said)?.[0] ?? null
      return ''
    }
    case 'ask-health':
      return askHealth(doing.address)
  }
}

async function idOf(name: string): Promise<string> {
  const found = (await databasesOf()).find((database) => database.name === name)
  if (!found) throw new WranglerFault(`The D1 database ${name} is not listed.`, { cause: 'Start again in a minute.' })
  return found.uuid
}

function writeId(id: string): string {
  writeFileSync(manifestFile, withDatabaseId(readFileSync(manifestFile, 'utf8'), id))
  return `database_id is ${id} now: keep that change with your copy of the project.`
}

/** A new address takes some seconds until it answers everywhere. */
async function askHealth(address: string | null): Promise<string> {
  if (!address) return 'Its address is not known here: open PUBLIC_URL/health, which says OK.'
  let last = ''
  for (let n = 0; n < healthTries; n++) {
    if (n > 0) await wait(healthPauseMs)
    last = await ask(`${address}/health`)
    if (last === '200 OK') return `${address} says OK.`
    // A Worker that does not start says so every time.
    if (last.startsWith('500')) break
  }
  throw new WranglerFault(`${address}/health answers ${last}.`, {
    cause: 'It is deployed. Look at `npx wrangler tail`, and check PUBLIC_URL and its route in the Cloudflare dashboard.',
  })
}

async function ask(url: string): Promise<string> {
  try {
    const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(healthTimeoutMs) })
    return `${answer.status} ${(await answer.text()).slice(0, 60)}`
  } catch (fault) {
    return `nothing (${fault instanceof Error ? fault.message : String(fault)})`
  }
}
