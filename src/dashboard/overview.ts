import { desc, eq, sql } from 'drizzle-orm'
import { cachedCounts, countsOf, type DeliveryCounts } from '../blasts/counts'
import type { BlastRow } from '../blasts/queries'
import { isPausedByRestore } from '../blasts/restored'
import { sumUp, titleOf } from '../blasts/results'
import { listUnsent } from '../blasts/stalled'
import type { Db } from '../db/database'
import { events, messageLogs } from '../db/schema'
import type { Deps } from '../deps'
import { readUnsent, readUpcoming, type ScheduledRow, type Upcoming } from '../schedule/queries'
import { explain } from '../sms/outcome'
import { failsOften, type Share, shareOf, type TrendDay, type TrendRow, trendDays, trendOf } from './trend'

/** `why` is null when staff paused it, or a restore did (`restored`). */
export type PausedBlast = { id: number; title: string; why: string | null; pausedBy: string; restored: boolean; waiting: number }
/** A blast that is due and that nobody sends since then (UTC ms). */
export type UnsentBlast = { id: number; title: string; since: number }
/** A blast with texts that only a person can decide about. */
export type UnclearBlast = { id: number; title: string; texts: number }
export type RecentBlast = BlastRow & { title: string }

/** The dashboard below the compose form. It reads blasts, not deliveries, so it costs the same however many texts there were. */
export type Overview = {
  standing: UnsentBlast[]
  paused: PausedBlast[]
  unclear: UnclearBlast[]
  /** Texts for later that were never sent. */
  unsent: ScheduledRow[]
  recent: RecentBlast[]
  upcoming: Upcoming
  trend: TrendDay[]
  share: { week: Share; month: Share }
  /** The week's, where so many failed that a person should look why. */
  failing: Share | null
}

const dayMs = 86_400_000
const mostNeeds = 5
const mostRecent = 5
const mostUpcoming = 3
/** So long staff are told of a text that was not sent, if nobody deletes it from the list before. */
const unsentDays = 7

type Counted = { id: number; at: number; counts: string; total: number }

export async function readOverview({ db, now, config }: Pick<Deps, 'db' | 'now' | 'config'>): Promise<Overview> {
  const since = now() - (trendDays + 1) * dayMs
  const [standing, paused, recent, upcoming, unsent, logs] = await Promise.all([
    listUnsent(db, now(), mostNeeds),
    readPaused(db),
    readRecent(db),
    readUpcoming(db, mostUpcoming),
    readUnsent(db, now() - unsentDays * dayMs, mostNeeds),
    db.all<Counted>(sql`SELECT id, created_at AS at, counts, total_recipients AS total FROM message_logs WHERE created_at > ${since}`),
  ])
  const rows = logs.map((log): TrendRow & { id: number } => ({ id: log.id, at: log.at, counts: lastCounts(log) }))
  const trend = trendOf(rows, now(), config.timeZone)
  const unclear = await readUnclear(
    db,
    rows.filter(({ counts }) => counts.unknown > 0).map(({ id }) => id),
  )
  const share = { week: shareOf(trend, 7), month: shareOf(trend, trendDays) }
  const still = standing.map(({ id, body, since }) => ({ id, title: titleOf(body), since }))
  return { standing: still, paused, unclear, unsent, recent, upcoming, trend, share, failing: failsOften(share.week) ? share.week : null }
}

/** As counted last; whoever was not counted yet is still to go. A blast that was made a second ago has everyone there. */
function lastCounts({ counts, total }: Pick<Counted, 'counts' | 'total'>): DeliveryCounts {
  const known = cachedCounts({ counts })
  return { ...known, queued: known.queued + Math.max(0, total - sumUp(known).planned) }
}

async function readPaused(db: Db): Promise<PausedBlast[]> {
  const rows = await db.all<Counted & { body: string; pauseCode: number | null; pausedBy: string; restoredAt: number | null }>(sql`
    SELECT id, message_body AS body, pause_code AS "pauseCode", paused_by AS "pausedBy", restored_at AS "restoredAt",
      created_at AS at, counts, total_recipients AS total
    FROM message_logs WHERE finished_at IS NULL AND status = 'paused' ORDER BY id DESC LIMIT ${mostNeeds}`)
  return rows.map((row) => ({
    id: row.id,
    title: titleOf(row.body),
    why: row.pauseCode === null ? null : explain(row.pauseCode).title,
    pausedBy: row.pausedBy,
    restored: isPausedByRestore({ ...row, status: 'paused' }),
    waiting: sumUp(lastCounts(row)).toGo,
  }))
}

/** Only blasts whose last count holds an unknown are asked, by index, for those that are left to a person. */
async function readUnclear(db: Db, ids: readonly number[]): Promise<UnclearBlast[]> {
  if (ids.length === 0) return []
  const rows = await db.all<{ id: number; body: string; texts: number }>(sql`
    SELECT l.id AS id, l.message_body AS body, count(*) AS texts FROM message_logs l
    JOIN message_deliveries d ON d.log_id = l.id AND d.status = 'unknown' AND d.needs_person = 1
    WHERE l.id IN (SELECT value FROM json_each(${JSON.stringify(ids)})) GROUP BY l.id ORDER BY l.id DESC LIMIT ${mostNeeds}`)
  return rows.map(({ body, ...row }) => ({ ...row, title: titleOf(body) }))
}

async function readRecent(db: Db): Promise<RecentBlast[]> {
  const rows = await db
    .select({ blast: messageLogs, eventTitle: events.title })
    .from(messageLogs)
    .leftJoin(events, eq(events.id, messageLogs.eventId))
    .orderBy(desc(messageLogs.id))
    .limit(mostRecent)
  return Promise.all(
    rows.map(async ({ blast, eventTitle }) => {
      // Few, and the ones people look at: what changed since the last count is counted now.
      const counts = blast.countsStale ? await countsOf(db, blast.id) : lastCounts({ counts: blast.counts, total: blast.totalRecipients })
      return { ...blast, eventTitle, counts, sum: sumUp(counts), title: titleOf(blast.messageBody) }
    }),
  )
}
