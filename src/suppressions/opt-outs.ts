import { type SQL, sql } from 'drizzle-orm'
import { recordConsent } from '../consents/consents'
import { atomically } from '../db/database'
import type { Deps } from '../deps'

export const optOutSources = ['inbound', 'message_failure', 'staff', 'import'] as const
/** `inbound`: they texted STOP. `message_failure`: the provider said so. */
export type OptOutSource = (typeof optOutSources)[number]

/** In characters: why somebody is not to be texted, or may be again. */
export const longestReason = 200

export type OptOut = {
  phone: string
  name?: string
  reason: string
  source: OptOutSource
  logId?: number
  /** Username, or empty where no staff did it. */
  by?: string
}

/** Of these only the person's START brings back: it was their own word, said to us or to the provider. */
const ownWord = sql.raw(`('inbound', 'message_failure')`)
export const isOwnWord = (source: string): boolean => source === 'inbound' || source === 'message_failure'

/**
 * The end of every INSERT INTO unsubscribed_contacts. A number already opted out keeps its first record, unless a stronger word comes: the
 * person's own takes the place of what staff wrote down, so that staff cannot take back a STOP that came after them, and what staff heard
 * takes that of an import, so that its undo does not take it back.
 */
export const onOptedOutAlready = sql`
  ON CONFLICT (phone) DO UPDATE SET source = excluded.source, reason = excluded.reason, log_id = excluded.log_id, import_id = NULL,
    created_by = excluded.created_by, created_at = excluded.created_at
  WHERE (excluded.source IN ${ownWord} AND unsubscribed_contacts.source NOT IN ${ownWord})
    OR (excluded.source = 'staff' AND unsubscribed_contacts.source = 'import')`

/** Final from the instant it is stored. False: the number was opted out already. */
export async function optOut({ db, now }: Pick<Deps, 'db' | 'now'>, entry: OptOut): Promise<boolean> {
  const { phone, name = '', reason, source, logId = null, by = '' } = entry
  const added = await db.all(sql`
    INSERT INTO unsubscribed_contacts (phone, name, reason, source, log_id, created_by, created_at)
    VALUES (${phone}, ${name}, ${reason}, ${source}, ${logId}, ${by}, ${now()}) ${onOptedOutAlready} RETURNING id`)
  return added.length > 0
}

export type Reinstating = { ids: readonly number[]; why: string; by: string }

/** Takes away the opt-outs that are not the person's own word, each with its consent record; answers which. */
export async function reinstate({ db, now }: Pick<Deps, 'db' | 'now'>, { ids, why, by }: Reinstating): Promise<number[]> {
  const theirs: SQL = sql`id IN (SELECT value FROM json_each(${JSON.stringify(ids)})) AND source NOT IN ${ownWord}`
  const entry = { kind: 'opted_in', how: 'form', by, detail: why, now: now() } as const
  const [, gone] = await atomically<{ id: number }>(db, [
    recordConsent(entry, sql`SELECT phone FROM unsubscribed_contacts WHERE ${theirs}`),
    sql`DELETE FROM unsubscribed_contacts WHERE ${theirs} RETURNING id`,
  ])
  return (gone?.rows ?? []).map(({ id }) => id)
}

/** Lifts blocks of numbers that did not work, each with its consent record; answers which. The next failure of that kind blocks again. */
export async function lift({ db, now }: Pick<Deps, 'db' | 'now'>, { ids, why, by }: Reinstating): Promise<number[]> {
  const picked: SQL = sql`id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`
  const entry = { kind: 'lifted', how: 'form', by, detail: why, now: now() } as const
  const [, gone] = await atomically<{ id: number }>(db, [
    recordConsent(entry, sql`SELECT phone FROM suppressed_contacts WHERE ${picked}`),
    sql`DELETE FROM suppressed_contacts WHERE ${picked} RETURNING id`,
  ])
  return (gone?.rows ?? []).map(({ id }) => id)
}
