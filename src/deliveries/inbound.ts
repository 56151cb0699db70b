import { type SQL, sql } from 'drizzle-orm'
import { recordConsent } from '../consents/consents'
import { atomically } from '../db/database'
import type { Deps } from '../deps'
import { type Keyword, readKeyword } from '../sms/keywords'
import { onOptedOutAlready } from '../suppressions/opt-outs'

export type Inbound = {
  /** E.164. */
  from: string
  body: string
  /** The provider's id: the same text told twice counts once. */
  messageSid: string
  /** Twilio's own reading, where it sends one; it wins. */
  optOutType?: string | null
}

/** Twilio repeats a webhook for hours at most; a week is plenty. */
export const inboundRetentionMs = 7 * 86_400_000

/**
 * A text from a person: STOP is final from here on, START brings back. One batch, so that a repeated webhook finds either all done or nothing,
 * and an old STOP told again does not undo a START that came since.
 */
export async function receiveInbound(deps: Deps, { from, body, messageSid, optOutType }: Inbound): Promise<Keyword | null> {
  const keyword = readKeyword(body, optOutType)
  const now = deps.now()
  const [received] = await atomically(deps.db, [
    sql`INSERT INTO inbound_messages (message_sid, phone, keyword, received_at) VALUES (${messageSid}, ${from}, ${keyword}, ${now})
      ON CONFLICT (message_sid) DO NOTHING RETURNING message_sid`,
    ...(keyword === 'stop' ? [stop(from, now)] : []),
    ...(keyword === 'start' ? start(from, now) : []),
  ])
  if (keyword && received?.rows.length === 1) deps.log(keyword === 'stop' ? 'opted out' : 'opted in', { phone: from.slice(-4) })
  return keyword
}

/** Only when the statement before stored the text, each of them. */
const start = (phone: string, now: number): SQL[] => [
  recordConsent({ kind: 'opted_in', how: 'keyword', detail: 'Texted START', now }, sql`SELECT ${phone} AS phone WHERE changes() > 0`),
  sql`DELETE FROM unsubscribed_contacts WHERE phone = ${phone} AND changes() > 0`,
]

/** Only when the statement before stored the text. */
const stop = (phone: string, now: number): SQL => sql`
  INSERT INTO unsubscribed_contacts (phone, name, reason, source, created_at)
  SELECT ${phone}, coalesce((SELECT name FROM community_members WHERE phone = ${phone}), ''), 'Replied STOP', 'inbound', ${now} WHERE changes() > 0
  ${onOptedOutAlready}`

export async function pruneInbound({ db, now }: Pick<Deps, 'db' | 'now'>): Promise<void> {
  await atomically(db, [sql`DELETE FROM inbound_messages WHERE received_at < ${now() - inboundRetentionMs}`])
}
