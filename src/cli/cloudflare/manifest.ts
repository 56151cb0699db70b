import { Refusal } from '../doctor/context'

/** What wrangler.toml says of the parts that have to be there. */
export type Manifest = {
  worker: string
  database: { name: string; id: string | null }
  /** The one that jobs go to, and the one for what failed. */
  queues: string[]
}

const placeholder = '00000000-0000-0000-0000-000000000000'

type Section = Record<string, unknown> & { section: string }

/** Throws with every fault, a line each, of a wrangler.toml with which the app cannot work. */
export function readManifest(text: string): Manifest {
  const sections = sectionsOf(text)
  const find = (section: string, has: Record<string, unknown> = {}) =>
    sections.find((each) => each.section === section && Object.entries(has).every(([name, value]) => each[name] === value))
  const top = find('')
  const database = find('[d1_databases]', { binding: 'DB' })
  const producer = find('[queues.producers]', { binding: 'JOBS' })
  const consumer = find('[queues.consumers]', { queue: producer?.queue })
  const wanted: [unknown, string][] = [
    [top?.name, 'name: what the Worker is called'],
    [String(top?.compatibility_flags).includes('nodejs_compat'), 'compatibility_flags with nodejs_compat'],
    [database?.database_name, '[[d1_databases]] with binding = "DB" and a database_name'],
    [!database || database.database_id, `database_id = "${placeholder}" in [[d1_databases]], which becomes its own`],
    [!database || database.migrations_dir === 'migrations', 'migrations_dir = "migrations" in [[d1_databases]]'],
    [producer?.queue, '[[queues.producers]] with binding = "JOBS" and a queue'],
    [!producer || consumer, `[[queues.consumers]] with queue = "${producer?.queue}"`],
    [!consumer || consumer.dead_letter_queue, 'dead_letter_queue in [[queues.consumers]]'],
    [find('triggers')?.crons, '[triggers] with crons = ["* * * * *"]'],
    [find('assets')?.directory, '[assets] with a directory'],
  ]
  const missing = wanted.filter(([there]) => !there)
  if (missing.length > 0) throw new Refusal(missing.map(([, what]) => `wrangler.toml lacks ${what}.`).join('\n'))
  const id = String(database?.database_id ?? placeholder)
  return {
    worker: String(top?.name),
    database: { name: String(database?.database_name), id: id === placeholder ? null : id },
    queues: [String(producer?.queue), String(consumer?.dead_letter_queue)],
  }
}

/** The text with the id of the database in the place of the placeholder; the rest, comments too, as it is. */
export const withDatabaseId = (text: string, id: string): string => text.replace(placeholder, id)

/** The sections of a TOML file of plain values; the lines before the first are section ''. */
function sectionsOf(text: string): Section[] {
  const sections: Section[] = [{ section: '' }]
  for (const line of text.split('\n')) {
    const section = /^\s*\[(.+)\]\s*$/.exec(line)?.[1]
    const [, name, value] = /^\s*(\w+)\s*=\s*(.+?)\s*$/.exec(line) ?? []
    if (section) sections.push({ section })
    else if (name && value) Object.assign(sections.at(-1) ?? {}, { [name]: parsed(value) })
  }
  return sections
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}
