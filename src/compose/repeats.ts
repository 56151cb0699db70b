import { sql } from 'drizzle-orm'
import { type Audience, pool, reachable } from '../blasts/audience'
import type { Db } from '../db/database'
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
/** Blasts looked at, newest first, and how many of each kind are counted. */
const mostBlasts = 50
const mostCounted = 3
/** Deliveries compared at a time. */
const chunk = 10_000
/** Of all different words, how many both have. */
const alike = 0.8

type Blast = { id: number; body: string; at: number; open: number }

/**
 * The newest that says almost the same and reached any of them; else the newest that reached any of them within a day of this one. Null for
 * neither. A test to the office's phone repeats nothing.
 */
export async function findRepeat(deps: Pick<Deps, 'db' | 'now' | 'sleep'>, draft: Draft): Promise<Repeat | null> {
  if (draft.audience.testPhone !== null) return null
  const blasts = await deps.db.all<Blast>(sql`
    SELECT id, message_body AS body, created_at AS at, finished_at IS NULL AS open FROM message_logs
    WHERE created_at > ${deps.now() - dayMs} AND test_mode = 0 ORDER BY created_at DESC LIMIT ${mostBlasts}`)
  const similar = blasts.filter(({ body }) => saysTheSame(body, draft.body))
  const lately = blasts.filter((blast) => !similar.includes(blast) && (draft.later?.at ?? deps.now()) - blast.at < dayMs)
  return (await firstReached(deps, draft, similar, true)) ?? (await firstReached(deps, draft, lately, false))
}

async function firstReached(
  deps: Pick<Deps, 'db' | 'sleep'>,
  draft: Draft,
  blasts: readonly Blast[],
  same: boolean,
): Promise<Repeat | null> {
  for (const { id, at, open } of blasts.slice(0, mostCounted)) {
    const people = await countSame(deps, draft.audience, id)
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

/** A blast's deliveries stand together, so ranges of ids are looked up rather than one long join, and others are served in between. */
async function countSame({ db, sleep }: { db: Db; sleep: Deps['sleep'] }, audience: Audience, logId: number): Promise<number> {
  const range = await db.get<{ first: number | null; last: number | null }>(
    sql`SELECT min(id) AS first, max(id) AS last FROM message_deliveries WHERE log_id = ${logId}`,
  )
  let people = 0
  for (let from = range?.first ?? 1; from <= (range?.last ?? 0); from += chunk) {
    const row = await db.get<{ n: number }>(sql`
      SELECT count(*) AS n FROM message_deliveries d CROSS JOIN ${pool(audience)} p ON p.phone = d.phone
      WHERE d.id >= ${from} AND d.id < ${from + chunk} AND d.log_id = ${logId}
        AND d.status NOT IN ('skipped', 'failed', 'undelivered') AND ${reachable}`)
    people += row?.n ?? 0
    await sleep(0)
  }
  return people
}
