import { eq, sql } from 'drizzle-orm'
import { isUniqueFault } from '../db/database'
import { communityMembers, unsubscribedContacts } from '../db/schema'
import type { Deps } from '../deps'
import { NotFound } from '../faults'

/** In UTF-16 units. */
export const maxNameLength = 200

type Base = Pick<Deps, 'db' | 'now'>
export type Member = typeof communityMembers.$inferSelect
export type MemberInput = { name: string; phone: string }

/** `taken`: another member has this phone. `optedOut`: stored, but no blast reaches it. */
export type SaveResult = { kind: 'saved'; optedOut: boolean } | { kind: 'taken'; by: string }

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

export async function addMember({ db, now }: Base, input: MemberInput): Promise<SaveResult> {
  return save({ db }, input, async () => {
    await db.insert(communityMembers).values({ ...input, createdAt: now(), updatedAt: now() })
  })
}

/** Throws NotFound. */
export async function editMember({ db, now }: Base, id: number, input: MemberInput): Promise<SaveResult> {
  return save({ db }, input, async () => {
    const changed = await db
      .update(communityMembers)
      .set({ ...input, updatedAt: now() })
      .where(eq(communityMembers.id, id))
      .returning({ id: communityMembers.id })
    if (changed.length === 0) throw new NotFound()
  })
}

async function save({ db }: Pick<Base, 'db'>, { phone }: MemberInput, write: () => Promise<void>): Promise<SaveResult> {
  try {
    await write()
  } catch (fault) {
    if (!isUniqueFault(fault)) throw fault
    const other = await db.query.communityMembers.findFirst({ where: eq(communityMembers.phone, phone) })
    return { kind: 'taken', by: other?.name ?? '' }
  }
  const optOut = await db.query.unsubscribedContacts.findFirst({ where: eq(unsubscribedContacts.phone, phone) })
  return { kind: 'saved', optedOut: optOut !== undefined }
}

/** Deletes the members that still exist, and says how many. Opt-outs, suppressions and what they were sent are kept. */
export async function deleteMembers({ db }: Pick<Base, 'db'>, ids: readonly number[]): Promise<number> {
  const gone = await db
    .delete(communityMembers)
    .where(sql`${communityMembers.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`)
    .returning({ id: communityMembers.id })
  return gone.length
}
