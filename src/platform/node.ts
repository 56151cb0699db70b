import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { dirname, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseEnv } from 'node:util'
import { type Config, type Env, readConfig } from '../config'
import { openDatabase } from '../db/database'
import type { Migration } from '../db/migrate'
import type { Deps, Log } from '../deps'
import { D1OnBetterSqlite3 } from './d1-on-better-sqlite3'
import { readAsset } from './node-assets'
import { NodeQueue } from './node-queue'
import { scrypt } from './scrypt'
import { chooseProvider } from './sms'

export const log: Log = (event, fields = {}) => {
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), event, ...fields })}\n`)
}

/** The environment wins over `.dev.vars`. */
export function readEnv(directory = process.cwd()): Env {
  const file = resolve(directory, '.dev.vars')
  return { ...(existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}), ...process.env }
}

export function readMigrations(directory = resolve(process.cwd(), 'migrations')): Migration[] {
  const names = readdirSync(directory).filter((name) => name.endsWith('.sql'))
  return names.sort().map((name) => ({ name, sql: readFileSync(resolve(directory, name), 'utf8') }))
}

/** Ends the process with one line where the file cannot be opened. */
export function openFile(path: string): D1OnBetterSqlite3 {
  try {
    if (path !== ':memory:') mkdirSync(dirname(resolve(path)), { recursive: true })
    return new D1OnBetterSqlite3(path)
  } catch (fault) {
    const why = fault instanceof Error ? fault.message : String(fault)
    return fail([
      `The database ${resolve(path)} cannot be opened for writing (${why}). Check DATABASE_PATH and the folder's owner and permissions.`,
    ])
  }
}

export type NodeHost = { deps: Deps; queue: NodeQueue; file: D1OnBetterSqlite3; config: Config; stop(): void }

/** Everything the app needs on a server, on an open database file. */
export function createNodeHost(config: Config, file: D1OnBetterSqlite3, assetVersion: string): NodeHost {
  let stopping = false
  const db = openDatabase(file as unknown as D1Database)
  const queue = new NodeQueue(log)
  const now = () => Date.now()
  const sleep = (ms: number) => wait(ms)
  const deps: Deps = {
    db,
    config,
    sms: chooseProvider(config, db, now, sleep),
    queue,
    log,
    now,
    sleep,
    newToken: () => randomUUID(),
    scrypt,
    peerAddress: (_request, env) => (env as { incoming?: IncomingMessage } | undefined)?.incoming?.socket.remoteAddress ?? '',
    stopping: () => stopping,
    budget: { sendsPerRun: Number.POSITIVE_INFINITY, rowsPerRun: Number.POSITIVE_INFINITY },
    assetVersion,
    asset: readAsset,
  }
  const stop = () => {
    stopping = true
  }
  return { deps, queue, file, config, stop }
}

export const readNodeConfig = () => readConfig(readEnv(), 'node')

/** Ends the process with a line for each fault. */
export function fail(lines: string[]): never {
  for (const line of lines) process.stderr.write(`${line}\n`)
  process.exit(1)
}
