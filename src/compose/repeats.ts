import { type SQL, sql } from 'drizzle-orm'
import { type Audience, type AudienceCounts, pool, reachable } from '../blasts/audience'
import type { Deps } from '../deps'
import { STOP_LINE } from '../sms/text'
import type { Draft } from './draft'

/** A blast of the day before to some of the same people. */
export type Repeat = {
  /** It says almost the same. */
  same: boolean
  logId: number
  /** Of those who would get this text now. */
  people: number
  /** UTC ms. */
  at: number
  /** It is held, being sent or paused. */
  open: boolean
}

const dayMs = 86_400_000
/** Blasts whose words are compared; and of each kind those whose people are. */
const mostBlasts = 500
const mostCounted = 50
/** People compared at a time. */
const chunk = 10_000
/** Of all different words, how many both have. */
const alike = 0.8

type Blast = { id: number; body: string; at: number; open: number; planned: number }
type Base = Pick<Deps, 'db' | 'now' | 'sleep'>
type Asked = { draft: Draft; counts: Pick<AudienceCounts, 'total'> }

/**
 * One that says almost the same and reached any of them; else one that reached any of them within a day of this one. Of several the newest to
 * the same list, else the newest. Null for none. A test to the office's phone repeats nothing.
 */
export async function findRepeat(deps: Base, asked: Asked): Promise<Repeat | null> {
  const { audience, later, body } = asked.draft
  if (audience.testPhone !== null) return null
  const blasts = await deps.db.all<Blast>(sql`
    SELECT id, message_body AS body, created_at AS at, finished_at IS NULL AS open, total_recipients AS planned FROM message_logs
    WHERE created_at > ${deps.now() - dayMs} AND test_mode = 0
    ORDER BY target = ${audience.target} AND event_id IS ${audience.eventId} DESC, created_at DESC LIMIT ${mostBlasts}`)
  const similar = blasts.filter((blast) => saysTheSame(blast.body, body))
  const lately = blasts.filter((blast) => !similar.includes(blast) && (later?.at ?? deps.now()) - blast.at < dayMs)
  return (await firstReached(deps, asked, similar, true)) ?? (await firstReached(deps, asked, lately, false))
}

async function firstReached(deps: Base, { draft, counts }: Asked, blasts: readonly Blast[], same: boolean): Promise<Repeat | null> {
  for (const blast of blasts.slice(0, mostCounted)) {
    const { id, at, open } = blast
    const fewer = blast.planned <= counts.total ? ofBlast : ofPool
    const people = await fewer(deps, draft.audience, id)
    if (people > 0) return { same, logId: id, people, at, open: open === 1 }
  }
  return null
}

/** Whether two templates say almost the same: four of five different words, whatever their order, case and punctuation. */
export function saysTheSame(one: string, other: string): boolean {
  const a = words(one)
  const b = words(other)
  const shared = [...a].filter((word) => b.has(word)).length
  return shared > 0 && shared / (a.size + b.size - shared) >= alike
}

const words = (body: string): Set<string> =>
  new Set(
    body
      .replace(STOP_LINE, '')
      .normalize('NFKC')
      .toLowerCase()
      .replace(/['’‘]/g, '')
      .match(/[\p{L}\p{N}]+|\p{Extended_Pictographic}/gu) ?? [],
  )

/** Holds for a delivery `d` that may have reached a person `p` whom this text would reach. */
const reached = sql`d.status NOT IN ('skipped', 'failed', 'undelivered') AND ${reachable}`

/** A blast's deliveries stand together: each range of ids is looked up in the pool. */
async function ofBlast(deps: Base, audience: Audience, logId: number): Promise<number> {
  const deliveries = sql`message_deliveries WHERE log_id = ${logId}`
  return inRanges(
    deps,
    deliveries,
    (from, to) => sql`
    message_deliveries d CROSS JOIN ${pool(audience)} p ON p.phone = d.phone
    WHERE d.id >= ${from} AND d.id < ${to} AND d.log_id = ${logId} AND ${reached}`,
  )
}

/** The other way round, where the pool is the smaller. */
async function ofPool(deps: Base, audience: Audience, logId: number): Promise<number> {
  return inRanges(
    deps,
    pool(audience),
    (from, to) => sql`
    ${pool(audience)} p CROSS JOIN message_deliveries d ON d.phone = p.phone AND d.log_id = ${logId}
    WHERE p.id >= ${from} AND p.id < ${to} AND ${reached}`,
  )
}

/** Rather than one long join, so that others are served in between. */
async function inRanges({ db, sleep }: Base, rows: SQL, among: (from: number, to: number) => SQL): Promise<number> {
  const range = await db.get<{ first: number | null; last: number | null }>(sql`SELECT min(id) AS first, max(id) AS last FROM ${rows}`)
  let people = 0
  for (let from = range?.first ?? 1; from <= (range?.last ?? 0); from += chunk) {
    people += (await db.get<{ n: number }>(sql`SELECT count(*) AS n FROM ${among(from, from + chunk)}`))?.n ?? 0
    await sleep(0)
  }
  return people
}
