import type { Manifest } from './manifest'

/** What the account has. */
export type Found = { databases: { name: string; uuid: string }[]; queues: string[]; secrets: string[] }

/** The names of the settings that were given, and whether they replace those that are there. */
export type Given = { names: string[]; rotate: boolean }

export type Step =
  | { kind: 'create-database'; name: string }
  /** `id`: null where it is known only once the database is made. */
  | { kind: 'write-id'; id: string | null }
  | { kind: 'create-queue'; name: string }
  | { kind: 'migrate'; name: string }
  | { kind: 'put-secrets'; names: string[] }
  | { kind: 'deploy'; worker: string }
  | { kind: 'ask-health' }

export type Plan = { kind: 'steps'; steps: Step[]; kept: string[] } | { kind: 'fault'; fault: string }

/** What is missing, in the order in which each needs the one before: the new program never runs before its tables are there. */
export function planOf({ worker, database, queues }: Manifest, found: Found, given: Given): Plan {
  const there = found.databases.find(({ name }) => name === database.name)
  if (database.id !== null && there?.uuid !== database.id) {
    const has = there ? `has ${there.uuid}` : 'has none'
    const what = `wrangler.toml names the database ${database.id}; this account ${has} of the name ${database.name}.`
    const mend = 'Sign in to the other account, or put the id of 00000000-0000-0000-0000-000000000000 back for a new one.'
    return { kind: 'fault', fault: `${what} ${mend}` }
  }
  const names = given.names.filter((name) => given.rotate || !found.secrets.includes(name))
  const steps: Step[] = [
    ...(there ? [] : [{ kind: 'create-database', name: database.name } as const]),
    ...(database.id === null ? [{ kind: 'write-id', id: there?.uuid ?? null } as const] : []),
    ...queues.filter((name) => !found.queues.includes(name)).map((name) => ({ kind: 'create-queue', name }) as const),
    { kind: 'migrate', name: database.name },
    ...(names.length > 0 ? [{ kind: 'put-secrets', names } as const] : []),
    { kind: 'deploy', worker },
    { kind: 'ask-health' },
  ]
  return { kind: 'steps', steps, kept: given.names.filter((name) => !names.includes(name)) }
}

/** `Create the D1 database sms-admin` */
export function wordsOf(step: Step): string {
  switch (step.kind) {
    case 'create-database':
      return `Create the D1 database ${step.name}`
    case 'write-id':
      return `Write ${step.id ? `its id ${step.id}` : 'its id'} into wrangler.toml`
    case 'create-queue':
      return `Create the queue ${step.name}`
    case 'migrate':
      return `Apply the migrations that ${step.name} lacks`
    case 'put-secrets':
      return `Store the secrets ${step.names.join(', ')}`
    case 'deploy':
      return `Deploy the Worker ${step.worker}`
    case 'ask-health':
      return 'Ask /health'
  }
}
