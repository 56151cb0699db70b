import { resolve } from 'node:path'
import { plural } from '../../../templates/ui/format'
import { type Config, readConfig } from '../../config'
import type { Deps } from '../../deps'
import { doctor } from '../../doctor/check'
import { createNodeHost, openLocked } from '../../platform/node'
import { readEnv } from '../../platform/node-env'

/** What a mode was asked for beside its own value. */
export type Options = { json: boolean; overwrite: boolean; dryRun: boolean; restoreDeleted: boolean }

/** Answers whether all is well: the exit code. */
export type Run = (value: string, options: Options) => Promise<boolean>

/** A line for the person at the terminal; the command ends with 1. */
export class Refusal extends Error {}

export const say = (line: string): boolean => process.stdout.write(`${line}\n`)

export const readSettings = (): Config => readConfig(readEnv(), 'node')

/** Where the database is, also while other settings are wrong. */
export function databasePath(): string {
  return resolve(readEnv().DATABASE_PATH?.trim() || 'data/sms-admin.sqlite')
}

/** What is typed here, and where settings are: on a server deploy/vps/common.sh tells both. */
export const doctorCommand = process.env.DOCTOR_COMMAND ?? doctor
export const settingsPlace = process.env.SETTINGS_FILE ?? 'the environment or in .dev.vars'

/** As whoever typed it meant it: npm runs commands in the project's folder, not in theirs. */
export const typedPath = (file: string): string => resolve(process.env.INIT_CWD ?? '.', file)

/** Works on the database as it is, with what the app has: for one command, no queue and no server. */
export async function withDatabase<T>(config: Config, path: string, work: (deps: Deps) => Promise<T>): Promise<T> {
  const file = openLocked(path)
  try {
    return await work(createNodeHost(config, file, '').deps)
  } finally {
    file.close()
  }
}

export const listCounts = (counts: Record<string, number>): string =>
  Object.entries(counts)
    .map(([names, n]) => plural(n, names.replace(/s$/, ''), names))
    .join(', ')
