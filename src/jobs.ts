import { pruneAudit } from './audit/audit'
import { pruneSessions } from './auth/sessions'
import type { Deps, Job } from './deps'

/** Job name → domain function. Every job may be run twice, lost, or run beside itself. */
export async function runJob(deps: Deps, job: Job): Promise<void> {
  switch (job.type) {
    case 'send':
    case 'import':
    case 'receipts':
      return
  }
}

type Recurring = { name: string; run(deps: Deps): Promise<unknown> }

/** Run every minute; a nudge that was lost costs no more than that. */
const recurring: Recurring[] = [
  { name: 'prune sessions', run: pruneSessions },
  { name: 'prune audit trail', run: pruneAudit },
]

/** One pass of all recurring work. One that fails is logged and keeps no other from running. */
export async function runCron(deps: Deps): Promise<void> {
  for (const { name, run } of recurring) {
    try {
      await run(deps)
    } catch (fault) {
      deps.log('recurring job failed', { job: name, fault: fault instanceof Error ? (fault.stack ?? fault.message) : String(fault) })
    }
  }
}
