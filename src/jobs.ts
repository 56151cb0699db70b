import { nudgeForAlerts, pruneAlerts } from './alerts/alerts'
import { sendAlerts } from './alerts/send'
import { pruneAudit } from './audit/audit'
import { pruneDevices } from './auth/devices'
import { pruneTries } from './auth/lockouts'
import { pruneSessions } from './auth/sessions'
import { recountStale } from './blasts/counts'
import { applyStatusCallback } from './deliveries/callbacks'
import { pruneInbound } from './deliveries/inbound'
import { runSender } from './deliveries/sender'
import { askAboutUnknown, sweep } from './deliveries/sweep'
import type { Deps, Job } from './deps'
import { describeFault } from './faults'
import { noteMinute } from './health/job-runs'
import { pruneImports } from './imports/prune'
import { resumeImports, runImport } from './imports/work'
import { runDue } from './schedule/due'
import { pruneHalfWay } from './second-factor/half-way'
import { resealSecrets } from './second-factor/second-factor'
import { giveReceipts, nudgeForReceipts } from './simulator/receipts'

/** Job name → domain function. Every job may be run twice, lost, or run beside itself. */
export async function runJob(deps: Deps, job: Job): Promise<void> {
  switch (job.type) {
    case 'send':
      await runSender(deps)
      return recountStale(deps)
    // Not in the minute's pass: a list that hangs would keep it from all else.
    case 'reconcile':
      await askAboutUnknown(deps)
      return recountStale(deps)
    case 'import':
      return runImport(deps, job.importId)
    case 'receipts':
      await giveReceipts(deps, (receipt) => applyStatusCallback(deps, receipt))
      return recountStale(deps)
    case 'schedule':
      return runDue(deps)
    case 'alerts':
      return sendAlerts(deps)
  }
}

/** False when it failed: the log says why, and the host may run it again. */
export async function tryJob(deps: Deps, job: Job): Promise<boolean> {
  try {
    await runJob(deps, job)
    return true
  } catch (fault) {
    deps.log('job failed', { job: job.type, fault: describeFault(fault) })
    return false
  }
}

type Recurring = { name: string; run(deps: Deps): Promise<unknown> }

/** Run every minute; a nudge that was lost costs no more than that. */
const recurring: Recurring[] = [
  { name: 'start what is due', run: runDue },
  { name: 'sweep deliveries', run: sweep },
  { name: 'recount blasts', run: recountStale },
  { name: 'go on with imports', run: resumeImports },
  { name: 'prune imports', run: pruneImports },
  { name: 'prune inbound', run: pruneInbound },
  { name: 'prune sessions', run: pruneSessions },
  { name: 'prune sign-in tries', run: pruneTries },
  { name: 'prune audit trail', run: pruneAudit },
  { name: 'prune remembered devices', run: pruneDevices },
  { name: 'prune sign-ins that are half way', run: pruneHalfWay },
  { name: 'seal secrets with the new key', run: resealSecrets },
  { name: 'prune alerts', run: pruneAlerts },
  { name: 'nudge for alerts', run: nudgeForAlerts },
  { name: 'nudge for simulated receipts', run: nudgeForReceipts },
  // Last: a pass that hangs is none.
  { name: 'note the pass', run: noteMinute },
]

/** One pass of all recurring work. One that fails is logged and keeps no other from running. */
export async function runCron(deps: Deps): Promise<void> {
  for (const { name, run } of recurring) {
    try {
      await run(deps)
    } catch (fault) {
      deps.log('recurring job failed', { job: name, fault: describeFault(fault) })
    }
  }
}
