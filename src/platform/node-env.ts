import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseEnv } from 'node:util'
import type { Env } from '../config'
import type { Migration } from '../db/migrate'

/** The environment wins over `.dev.vars`. */
export function readEnv(directory = process.cwd()): Env {
  const file = resolve(directory, '.dev.vars')
  return { ...(existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}), ...process.env }
}

export function readMigrations(directory = resolve(process.cwd(), 'migrations')): Migration[] {
  const names = readdirSync(directory).filter((name) => name.endsWith('.sql'))
  return names.sort().map((name) => ({ name, sql: readFileSync(resolve(directory, name), 'utf8') }))
}

/** Ends the process with a line for each fault. */
export function fail(lines: string[]): never {
  for (const line of lines) process.stderr.write(`${line}\n`)
  process.exit(1)
}

/** The address to open in a browser on this machine. */
export function localAddress(host: string, port: number): string {
  const reachable = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`
}
