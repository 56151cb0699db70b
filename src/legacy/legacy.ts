import { recordAudit } from '../audit/audit'
import type { Deps } from '../deps'
import { takeAudit } from './audit'
import { takeBlasts } from './blasts'
import { takeOptOuts, takeSuppressions } from './blocks'
import { type Deletions, findDeleted, rememberFormer, restoreDeleted } from './deleted'
import { takeInbox } from './inbox'
import { takeEvents, takeMembers, takeRegistrations, takeUsers } from './people'
import { Report } from './report'
import { takeScheduled } from './scheduled'
import type { LegacySource } from './source'
import { takeSurveys } from './surveys'
import { type Base, takeTable } from './take'

type Asked = { restoreDeleted: boolean }

/**
 * Takes over everything of the former app that is not here yet; a second run finds nothing to do. What is here already wins. Blocks come before
 * the people they are about: a server that runs meanwhile texts nobody who had opted out.
 */
export async function takeOver(
  deps: Pick<Deps, 'db' | 'now' | 'config'>,
  source: LegacySource,
  asked: Asked,
): Promise<{ report: Report; deletions: Deletions }> {
  const report = new Report()
  const base: Base = { db: deps.db, now: deps.now, source, report }
  await takeUsers(base)
  await takeEvents(base)
  await takeBlasts(base)
  await takeOptOuts(base)
  await takeSuppressions(base)
  await takeMembers(base)
  await takeRegistrations(base)
  await takeScheduled(base, { timeZone: deps.config.timeZone })
  await takeAudit(base)
  await takeInbox(base)
  await takeSurveys(base)
  await leaveLocks(base)
  const found = await findDeleted(base)
  const restored = asked.restoreDeleted ? await restoreDeleted(base) : 0
  await rememberFormer(base)
  const taken = report.tallies.reduce((sum, [, tally]) => sum + tally.taken, 0)
  const subject = `${taken} rows taken${restored > 0 ? `, ${restored} deleted members restored` : ''}, from the shell`
  await recordAudit(deps, { type: 'legacy_imported', by: null, address: '', subject })
  return { report, deletions: { ...found, restored } }
}

const leaveLocks = (base: Base): Promise<void> =>
  takeTable(base, {
    from: 'login_attempts',
    into: 'login_attempts',
    columns: [],
    same: null,
    read: () => ({ refuse: 'a lock at the door of the former app' }),
  })
