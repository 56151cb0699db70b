import { migrate } from '../../db/migrate'
import { appliedMigrations } from '../../platform/database-health'
import { openLocked } from '../../platform/node'
import { readMigrations } from '../../platform/node-env'
import { databasePath, type Run, say } from './context'

export const printMigrations: Run = async () => {
  const path = databasePath()
  const applied = appliedMigrations(path)
  say(`Database: ${path}${applied ? '' : ' (not there yet)'}`)
  const known = readMigrations().map(({ name }) => name)
  for (const name of known) say(`${applied?.has(name) ? `applied ${applied.get(name)}` : 'pending'.padEnd(27)}  ${name}`)
  for (const [name, at] of applied ?? []) if (!known.includes(name)) say(`applied ${at}  ${name} (of a newer version of this app)`)
  return true
}

/** Each is one write transaction that begins with its own record: beside a server, or another one of these, it is done once. */
export const applyMigrations: Run = async () => {
  const path = databasePath()
  const file = openLocked(path)
  try {
    const applied = await migrate(file as unknown as D1Database, readMigrations())
    for (const name of applied) say(`applied  ${name}`)
    say(applied.length > 0 ? `${path} has every migration now.` : `${path} has every migration already; nothing was changed.`)
  } finally {
    file.close()
  }
  return true
}
