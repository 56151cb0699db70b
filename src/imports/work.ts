import type { Deps } from '../deps'
import type { OpenStatus } from './imports'
import { type Lease, listWaiting, releaseLease, type Step, takeLease } from './lease'
import { readChunk } from './read'
import { committing, undoing } from './store'

type Base = Pick<Deps, 'db' | 'now' | 'newToken' | 'sleep' | 'queue' | 'budget' | 'stopping' | 'log'>

const work: Record<OpenStatus, (deps: Base, lease: Lease) => (limit: number) => Promise<Step>> = {
  reading: (deps, lease) => () => readChunk(deps, lease),
  committing,
  undoing,
}

/**
 * Goes on with an import from where the last worker left it, until it waits for a person, the run's budget is spent, or the process
 * ends. Safe to run twice at once, and to die in at any point: each batch of rows and its place in the count are one write.
 */
export async function runImport(deps: Base, importId: number): Promise<void> {
  const lease = await takeLease(deps, importId)
  if (!lease) return
  const step = work[lease.status](deps, lease)
  for (let left = deps.budget.rowsPerRun; left > 0; ) {
    const done = await step(left)
    if (done.kind === 'lost') return deps.log('import lease lost', { importId })
    if (done.kind === 'finished') return deps.log('import step done', { importId, step: lease.status })
    left -= done.rows
    if (deps.stopping()) break
    await deps.sleep(0)
  }
  await releaseLease(deps, lease)
  await deps.queue.send({ type: 'import', importId })
}

/** Nudges the imports whose worker died, or whose nudge was lost. */
export async function resumeImports(deps: Pick<Base, 'db' | 'now' | 'queue'>): Promise<void> {
  for (const importId of await listWaiting(deps)) await deps.queue.send({ type: 'import', importId })
}
