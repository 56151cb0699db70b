import { sql } from 'drizzle-orm'
import { type Audience, pool, reachable } from '../blasts/audience'
import type { Db } from '../db/database'
import type { Target } from '../db/schema'
import type { Deps } from '../deps'
import type { Draft } from './draft'
import { saysTheSame } from './repeats'

/** A text that waits, for some of the same people, within a day of this one. */
export type Planned = {
  /** It says almost the same. */
  same: boolean
  /** Of the scheduled message. */
  id: number
  /** When it is due, UTC ms. */
  at: number
}

const dayMs = 86_400_000
/** Texts whose words are compared; and of those alike, to other lists, whose people are. */
const mostTexts = 500
const mostCompared = 50

type Waiting = { id: number; body: string; target: Target; eventId: number | null; at: number }

/**
 * The nearest in time that says almost the same to any of them; else the nearest to the same list. Null for neither. `submissionId`: of this
 * text, which does not repeat itself. Of a series each occurrence that waits is a scheduled message.
 */
export async function findPlanned({ db, now }: Pick<Deps, 'db' | 'now'>, draft: Draft, submissionId: string): Promise<Planned | null> {
  const { audience, body, later } = draft
  if (audience.testPhone !== null) return null
  const at = later?.at ?? now()
  const waiting = await db.all<Waiting>(sql`
    SELECT id, message_body AS body, target, event_id AS "eventId", due_at AS at FROM scheduled_messages
    WHERE status = 'pending' AND due_at > ${at - dayMs} AND due_at < ${at + dayMs} AND test_mode = 0 AND submission_id <> ${submissionId}
    ORDER BY abs(due_at - ${at}), id LIMIT ${mostTexts}`)
  const similar = waiting.filter((text) => saysTheSame(text.body, body))
  for (const { id, at, ...text } of similar.slice(0, mostCompared))
    if (sameList(text, audience) || (await sharePeople(db, audience, { ...text, testPhone: null }))) return { same: true, id, at }
  const other = waiting.find((text) => sameList(text, audience))
  return other ? { same: false, id: other.id, at: other.at } : null
}

const sameList = (one: Pick<Audience, 'target' | 'eventId'>, other: Audience): boolean =>
  one.target === other.target && one.eventId === other.eventId

/** From an event's guests, who are fewer, each looked up by phone. */
async function sharePeople(db: Db, one: Audience, other: Audience): Promise<boolean> {
  const [few, many] = one.target === 'event' ? [one, other] : [other, one]
  const found = await db.get<{ any: 0 | 1 }>(sql`
    SELECT EXISTS (SELECT 1 FROM ${pool(few)} p CROSS JOIN ${pool(many)} q ON q.phone = p.phone WHERE ${reachable}) AS "any"`)
  return found?.any === 1
}
