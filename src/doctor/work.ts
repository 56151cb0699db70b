import { sql } from 'drizzle-orm'
import { countsOf } from '../blasts/counts'
import { findBlast } from '../blasts/queries'
import { queueOf, stalledOf } from '../blasts/stalled'
import type { Db } from '../db/database'
import type { Deps } from '../deps'
import { lastRun } from '../health/job-runs'
import { type Check, doctor, fault, faultIf, note, ok, spanWords } from './check'

/** The minute's pass, with one that was slow. */
const schedulerMs = 3 * 60_000
/** A lost nudge costs a minute, and a pass takes its time. */
const queueMs = 5 * 60_000
const backupMs = 48 * 3_600_000

type Base = Pick<Deps, 'db' | 'now' | 'config'>

/** Whether what the app does by itself is being done, from what it has written down. */
export async function checkWork(deps: Base): Promise<Check[]> {
  return [await checkScheduler(deps), await checkQueue(deps), ...(await checkBlasts(deps)), await checkBackup(deps)]
}

async function checkScheduler({ db, now, config }: Base): Promise<Check> {
  const at = await lastRun(db, 'minute')
  const mend = 'Start it: npm start, or the systemd service or timer.'
  if (at === null) return faultIf(!config.development, 'scheduler', 'It has never run.', mend)
  const age = now() - at
  if (age <= schedulerMs) return ok('scheduler', `The last pass was ${spanWords(age)} ago.`)
  return faultIf(!config.development, 'scheduler', `The last pass was ${spanWords(age)} ago: nothing is sent meanwhile.`, mend)
}

/** Work that has waited for longer than any nudge and pass takes. */
async function checkQueue({ db, now }: Base): Promise<Check> {
  const before = now() - queueMs
  const row = await db.get<{ messages: number; held: number; imports: number }>(sql`
    SELECT (SELECT count(*) FROM scheduled_messages WHERE status = 'pending' AND due_at < ${before}) AS messages,
      (SELECT count(*) FROM message_logs WHERE finished_at IS NULL AND status = 'held' AND hold_until_at < ${before}) AS held,
      (SELECT count(*) FROM imports WHERE status IN ('reading', 'committing', 'undoing') AND max(lease_until_at, created_at) < ${before}) AS imports`)
  const waiting = (row?.messages ?? 0) + (row?.held ?? 0) + (row?.imports ?? 0)
  if (waiting === 0) return ok('queue', 'Nothing waits for longer than it should.')
  const what = `${row?.messages} scheduled, ${row?.held} held and ${row?.imports} imported wait for longer than ${spanWords(queueMs)}.`
  return fault('queue', what, 'Start the server, or restart it and read its log.')
}

async function checkBlasts({ db, now }: Base): Promise<Check[]> {
  const going = await db.all<{ id: number }>(sql`SELECT id FROM message_logs WHERE finished_at IS NULL AND status = 'processing'`)
  const checks: Check[] = []
  for (const { id } of going) checks.push(...(await checkBlast(db, id, now())))
  return checks.length > 0 ? checks : [ok('blasts', `${going.length} under way, none stalled.`)]
}

async function checkBlast(db: Db, id: number, now: number): Promise<Check[]> {
  const [blast, counts, queue] = await Promise.all([findBlast(db, id), countsOf(db, id), queueOf(db, id, now)])
  const stalled = await stalledOf(db, blast, counts, queue, counts.unknown, now)
  if (!stalled) return []
  const at = (ms: number) => new Date(ms).toISOString()
  switch (stalled.why) {
    case 'throttled':
      return [note('blasts', `Blast ${id} waits until ${at(stalled.until)}: the provider asked for it, or does not answer.`)]
    case 'waiting':
      return [note('blasts', `Blast ${id}: all ${stalled.n} who are left wait for another try, from ${at(stalled.until)} on.`)]
    case 'checking':
      return [note('blasts', `Blast ${id}: ${stalled.n} are looked up at the provider since ${at(stalled.since)}.`)]
    case 'nobody':
      return [fault('blasts', `Blast ${id} stands since ${at(stalled.since)}: nobody sends.`, 'Start the server; it goes on by itself.')]
  }
}

async function checkBackup({ db, now, config }: Base): Promise<Check> {
  const at = await lastRun(db, 'backup')
  const mend = `${doctor} --backup FILE makes one.`
  if (at === null) return faultIf(!config.development, 'backup', 'None is known.', mend)
  const age = now() - at
  const what = `The last one is ${spanWords(age)} old.`
  return age <= backupMs ? ok('backup', what) : faultIf(!config.development, 'backup', what, mend)
}
