import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { dirname, resolve } from 'node:path'
import { setImmediate as endOfTurn, setTimeout as wait } from 'node:timers/promises'
import { type Config, readConfig } from '../config'
import { openDatabase } from '../db/database'
import { migrate } from '../db/migrate'
import type { Deps } from '../deps'
import { D1OnBetterSqlite3 } from './d1-on-better-sqlite3'
import { ownFile, shareDatabase } from './database-lock'
import { readAsset } from './node-assets'
import { fail, readEnv, readMigrations } from './node-env'
import { createNodeFetch } from './node-fetch'
import { makeFolders } from './node-folders'
import { createLog } from './node-log'
import { NodeQueue } from './node-queue'
import { scrypt } from './scrypt'
import { chooseProvider } from './sms'

export const readNodeConfig = () => readConfig(readEnv(), 'node')

/** The database file with every migration. Ends the process with one line where it cannot be opened or written. */
export async function openFile(path: string): Promise<D1OnBetterSqlite3> {
  try {
    const file = path === ':memory:' ? new D1OnBetterSqlite3(path) : openLocked(path)
    await migrate(file as unknown as D1Database, readMigrations())
    return file
  } catch (fault) {
    const why = fault instanceof Error ? fault.message : String(fault)
    return fail([`The database ${resolve(path)} cannot be opened and written (${why}). Check DATABASE_PATH and the folder's owner.`])
  }
}

/** It holds names and phones: nobody else on the machine reads it. Ends the process while it is being restored. */
export function openLocked(path: string): D1OnBetterSqlite3 {
  makeFolders(dirname(resolve(path)))
  const lock = shareDatabase(path)
  if (!lock) return fail([`The database ${resolve(path)} is being restored from a backup. Start again when that is done.`])
  ownFile(path)
  return new D1OnBetterSqlite3(path, lock)
}

export type NodeHost = { deps: Deps; queue: NodeQueue; stop(): void }

/** Everything the app needs on a server, on an open database file. */
export function createNodeHost(config: Config, file: D1OnBetterSqlite3, assetVersion: string): NodeHost {
  let stopping = false
  const log = createLog(config.development && process.stdout.isTTY ? 'short' : 'json')
  const db = openDatabase(file as unknown as D1Database)
  const queue = new NodeQueue(log)
  const now = () => Date.now()
  // Zero is the end of this turn of the event loop, when all that has come in is handled; a timer takes a millisecond.
  const sleep = (ms: number) => (ms === 0 ? endOfTurn() : wait(ms))
  const deps: Deps = {
    db,
    config,
    sms: chooseProvider(config, db, now, sleep, queue, { together: true, fetch: createNodeFetch() }),
    queue,
    log,
    now,
    sleep,
    newToken: () => randomUUID(),
    random: () => Math.random(),
    scrypt,
    peerAddress: (_request, env) => (env as { incoming?: IncomingMessage } | undefined)?.incoming?.socket.remoteAddress ?? '',
    stopping: () => stopping,
    budget: { operationsPerRun: Number.POSITIVE_INFINITY, rowsPerRun: Number.POSITIVE_INFINITY },
    assetVersion,
    asset: readAsset,
  }
  const stop = () => {
    stopping = true
  }
  return { deps, queue, stop }
}
