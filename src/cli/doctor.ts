import { parseArgs } from 'node:util'
import { CopyFault } from '../platform/database-copy'
import { fail } from '../platform/node-env'
import { failStart } from '../platform/node-start'
import { backUp } from './doctor/backup'
import { doctorCommand, Refusal, type Run } from './doctor/context'
import { exportD1 } from './doctor/export-d1'
import { checkHealth } from './doctor/health'
import { importD1 } from './doctor/import-d1'
import { importLegacy } from './doctor/import-legacy'
import { applyMigrations, printMigrations } from './doctor/migrations'
import { resetUserPassword } from './doctor/reset-password'
import { resetUserSecondFactor } from './doctor/reset-second-factor'
import { restore } from './doctor/restore'

const flags = ['json', 'overwrite', 'dry-run', 'restore-deleted'] as const
type Flag = (typeof flags)[number]

type Mode = {
  /** What stands after it; null where nothing does. */
  takes: string | null
  also?: readonly Flag[]
  says: string
  run: Run
}

/** One line each: what the command can do. */
const modes: Record<string, Mode> = {
  print: { takes: null, says: 'the database and its migrations', run: printMigrations },
  apply: { takes: null, says: 'applies the migrations that are missing', run: applyMigrations },
  doctor: { takes: null, also: ['json'], says: 'checks everything; exit 1 on any fault', run: checkHealth },
  backup: { takes: 'FILE', also: ['overwrite'], says: 'a consistent copy, while the app runs', run: backUp },
  restore: { takes: 'FILE', says: 'puts a backup back; the server must be stopped', run: restore },
  'export-d1': { takes: 'FILE', says: 'SQL for an empty D1 database, while the app runs', run: exportD1 },
  'import-d1': { takes: 'FILE', says: 'a new database from an export of D1', run: importD1 },
  'import-legacy': {
    takes: 'FILE',
    also: ['dry-run', 'restore-deleted'],
    says: 'takes over the data of the Flask app, while this one runs',
    run: importLegacy,
  },
  'reset-password': { takes: 'USER', says: 'a new password, made here or read from a pipe', run: resetUserPassword },
  'reset-second-factor': { takes: 'USER', says: 'takes a sign-in code away, for a lost phone', run: resetUserSecondFactor },
}

const options = Object.fromEntries([
  ...Object.entries(modes).map(([name, { takes }]) => [name, { type: takes ? 'string' : 'boolean' }] as const),
  ...[...flags, 'help'].map((name) => [name, { type: 'boolean' }] as const),
])

function usage(): string {
  const forms = Object.entries(modes).map(([name, { takes, also = [], says }]) => {
    const form = [`--${name}`, ...(takes ? [takes] : []), ...also.map((flag) => `[--${flag}]`)].join(' ')
    return { form, says }
  })
  const width = Math.max(...forms.map(({ form }) => form.length)) + 2
  return `${forms.map(({ form, says }) => `  ${doctorCommand} ${form.padEnd(width)}${says}`).join('\n')}\n`
}

async function main(): Promise<void> {
  const values = readArguments()
  if (values.help) {
    process.stdout.write(usage())
    return
  }
  const asked = Object.keys(modes).filter((name) => values[name] !== undefined)
  const [name = ''] = asked
  const mode = modes[name]
  if (!mode || asked.length > 1) return fail([`Choose one:\n${usage().trimEnd()}`])
  for (const flag of flags) {
    if (values[flag] && !mode.also?.includes(flag)) return fail([`--${flag} does not go with --${name}.`])
  }
  if (values[name] === '') return fail([`--${name} needs ${mode.takes}.`])
  const sound = await mode.run(String(values[name]), {
    json: values.json === true,
    overwrite: values.overwrite === true,
    dryRun: values['dry-run'] === true,
    restoreDeleted: values['restore-deleted'] === true,
  })
  process.exitCode = sound ? 0 : 1
}

function readArguments(): Record<string, string | boolean | undefined> {
  try {
    return parseArgs({ options }).values as Record<string, string | boolean | undefined>
  } catch (fault) {
    return fail([fault instanceof Error ? (fault.message.split('. ')[0] ?? '') : String(fault)])
  }
}

main()
  .then(() => process.exit())
  .catch((fault) => {
    if (fault instanceof CopyFault) fail([`The file ${fault.message}.`])
    if (fault instanceof Refusal) fail([fault.message])
    // The system's or SQLite's word: a full disk, a folder of somebody else.
    if (fault instanceof Error && 'code' in fault && typeof fault.code === 'string') fail([`${fault.message}.`])
    failStart(fault)
  })
