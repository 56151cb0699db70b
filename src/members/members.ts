import { eq, sql } from 'drizzle-orm'
import { recordConsent } from '../consents/consents'
import { atomically, isUniqueFault } from '../db/database'
import { communityMembers } from '../db/schema'
import type { Deps } from '../deps'
import { NotFound } from '../faults'
import { type Reach, reachOf } from '../suppressions/reach'

/** In UTF-16 units. */
export const maxNameLength = 200

type Base = Pick<Deps, 'db' | 'now'>
export type Member = typeof communityMembers.$inferSelect
export type MemberInput = { name: string; phone: string }

/** `taken`: another member has this phone. `reach`: it is stored all the same. */
export type SaveResult = { kind: 'saved'; id: number; reach: Reach } | { kind: 'taken'; by: string }

/** Throws NotFound. */
export async function findMember({ db }: Pick<Base, 'db'>, id: number): Promise<Member> {
  const member = await db.query.communityMembers.findFirst({ where: eq(communityMembers.id, id) })
  if (!member) throw new NotFound()
  return member
}

export async function findMembers({ db }: Pick<Base, 'db'>, ids: readonly number[]): Promise<Member[]> {
  return db
    .select()
    .from(communityMembers)
    .where(sql`${communityMembers.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`)
    .orderBy(sql`${communityMembers.name} COLLATE NOCASE`)
}

/** `by`: username. */
export async function addMember({ db, now }: Base, input: MemberInput, by: string): Promise<SaveResult> {
  const { name, phone } = input
  return save({ db }, input, async () => {
    const [added] = await atomically<{ id: number }>(db, [
      sql`INSERT INTO community_members (name, phone, created_at, updated_at) VALUES (${name}, ${phone}, ${now()}, ${now()}) RETURNING id`,
      recordConsent({ kind: 'added', how: 'form', by, now: now() }, sql`SELECT ${phone} AS phone`),
    ])
    return added?.rows[0]?.id ?? 0
  })
}

/** Another phone is another consent: the old one is off the list, the new one on it. Throws NotFound. */
export async function editMember({ db, now }: Base, id: number, input: MemberInput, by: string): Promise<SaveResult> {
  const { name, phone } = input
  const moved = sql`community_members WHERE id = ${id} AND phone <> ${phone}`
  return save({ db }, input, async () => {
    const [, , changed] = await atomically(db, [
      recordConsent({ kind: 'removed', how: 'form', by, now: now() }, sql`SELECT phone FROM ${moved}`),
      recordConsent({ kind: 'added', how: 'form', by, now: now() }, sql`SELECT ${phone} AS phone FROM ${moved}`),
      sql`UPDATE community_members SET name = ${name}, phone = ${phone}, updated_at = ${now()} WHERE id = ${id} RETURNING id`,
    ])
    if (changed?.rows.length === 0) throw new NotFound()
    return id
  })
}

async function save({ db }: Pick<Base, 'db'>, { phone }: MemberInput, write: () => Promise<number>): Promise<SaveResult> {
  let id: number
  try {
    id = await write()
  } catch (fault) {
    if (!isUniqueFault(fault)) throw fault
    const other = await db.query.communityMembers.findFirst({ where: eq(communityMembers.phone, phone) })
    return { kind: 'taken', by: other?.name ?? '' }
  }
  return { kind: 'saved', id, reach: await reachOf(db, phone) }
}

/** Deletes the members that still exist, and says how many. Opt-outs, suppressions, consent records and what they were sent are kept. */
export async function deleteMembers({ db, now }: Base, ids: readonly number[], by: string): Promise<number> {
  const picked = sql`community_members WHERE id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`
  const [, gone] = await atomically(db, [
    recordConsent({ kind: 'removed', how: 'form', by, now: now() }, sql`SELECT phone FROM ${picked}`),
    sql`DELETE FROM ${picked} RETURNING id`,
  ])
  return gone?.rows.length ?? 0
}
