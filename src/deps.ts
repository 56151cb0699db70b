import type { Config } from './config'
import type { Db } from './db/database'
import type { SmsProvider } from './sms/provider'

/** A nudge: it names what to look at, never what to do to whom. Losing one costs a minute, doubling one nothing. */
export type Job =
  | { type: 'send' }
  | { type: 'reconcile' }
  | { type: 'import'; importId: number }
  | { type: 'receipts' }
  | { type: 'schedule' }
  | { type: 'alerts' }

/** N, r and p of RFC 7914. */
export type ScryptCost = { n: number; r: number; p: number }

export type JobQueue = { send(job: Job, delayMs?: number): Promise<void> }

/** One JSON line. No message text, no secrets, at most the last four digits of a phone. */
export type Log = (event: string, fields?: Record<string, string | number | boolean | null>) => void

export type Budget = {
  /** Queries and requests to the provider together. */
  operationsPerRun: number
  /** Rows of an import. */
  rowsPerRun: number
}

/** Everything that differs between hosts or must be faked in tests. Built by `platform/`, passed to all else. */
export type Deps = {
  db: Db
  config: Config
  sms: SmsProvider
  queue: JobQueue
  log: Log
  /** UTC milliseconds. */
  now(): number
  sleep(ms: number): Promise<void>
  /** Unguessable: tokens, submission ids. */
  newToken(): string
  /** 0 to 1, for jitter; nothing secret. */
  random(): number
  /** RFC 7914; `maxmem` is the implementation's business. */
  scrypt(password: string, salt: Uint8Array, cost: ScryptCost, length: number): Promise<Uint8Array>
  /** The address at the other end of the connection, before any proxy header is believed. */
  peerAddress(request: Request, env: unknown): string
  /** True once the process is asked to end: take no new work, finish what is in flight. */
  stopping(): boolean
  /** What one run of a job may do: a Worker invocation is short and counts its queries, a server goes on until nothing is left. */
  budget: Budget
  assetVersion: string
  /** Static files where the host does not serve them itself; null where it does. */
  asset: ((path: string) => Promise<Response | null>) | null
}
