import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { settingNames } from '../../config'
import type { Found } from './plan'

const program = 'node_modules/wrangler/bin/wrangler.js'

export type Answer = { code: number; out: string; said: string }

/** Runs wrangler, which asks nobody anything. Settings reach it by `input` alone: neither by its arguments nor by its environment. */
export async function wrangler(args: string[], input = ''): Promise<Answer> {
  const secret = new Set<string>(settingNames)
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !secret.has(name)))
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...env, WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true', NO_COLOR: '1' },
    stdio: 'pipe',
  })
  const answer = { code: 1, out: '', said: '' }
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8')
  child.stdout.on('data', (chunk) => {
    answer.out += chunk
    answer.said += chunk
  })
  child.stderr.on('data', (chunk) => (answer.said += chunk))
  // It may end without reading.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const [code] = await once(child, 'close')
  return { ...answer, code: code ?? 1 }
}

/** What wrangler did not do, in its own words: `cause` holds them. */
export class WranglerFault extends Error {}

export async function must(args: string[], what: string, input = ''): Promise<Answer> {
  const answer = await wrangler(args, input)
  if (answer.code !== 0) throw new WranglerFault(what, { cause: answer.said })
  return answer
}

/** Null where nobody is signed in. */
export async function accountsOf(): Promise<{ id: string; name: string }[] | null> {
  const { out, said } = await wrangler(['whoami', '--json'])
  const who = jsonIn(out) as { loggedIn?: boolean; accounts?: { id: string; name: string }[] } | null
  if (!who) throw new WranglerFault('wrangler does not say who is signed in.', { cause: said })
  return who.loggedIn ? (who.accounts ?? []) : null
}

export async function databasesOf(): Promise<Found['databases']> {
  const { out, said } = await must(['d1', 'list', '--json'], 'The D1 databases cannot be listed.')
  const list = jsonIn(out)
  if (!Array.isArray(list)) throw new WranglerFault('The D1 databases cannot be listed.', { cause: said })
  return list
}

export async function hasQueue(name: string): Promise<boolean> {
  const { code, said } = await wrangler(['queues', 'info', name])
  if (code === 0) return true
  if (/does not exist/i.test(said)) return false
  throw new WranglerFault(`Whether there is a queue ${name} cannot be told.`, { cause: said })
}

/** The names of what the Worker has; of one that is not there yet, none. */
export async function secretsOf(): Promise<string[]> {
  const { code, out, said } = await wrangler(['secret', 'list', '--format', 'json'])
  if (code !== 0 && /Worker ".*" not found/.test(said)) return []
  const list = jsonIn(out)
  if (code !== 0 || !Array.isArray(list)) throw new WranglerFault('The names of the secrets cannot be listed.', { cause: said })
  return list.map(({ name }: { name: string }) => name)
}

/** Of `d1 execute --json`: rows of each of its queries. */
export function rowsIn({ out }: Answer): Record<string, unknown>[][] {
  const list = jsonIn(out)
  // It holds names and phones: only its length is told.
  if (!Array.isArray(list)) throw new WranglerFault('The answer of D1 cannot be read.', { cause: `It has ${out.length} characters.` })
  return list.map(({ results }) => results)
}

/** wrangler may say a word before. */
function jsonIn(text: string): unknown {
  const from = text.search(/^[[{]/m)
  try {
    return JSON.parse(text.slice(from))
  } catch {
    return null
  }
}
