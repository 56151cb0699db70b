import { sql } from 'drizzle-orm'
import type { Db } from '../db/database'
import type { ListedMessage, ListOutcome, ProviderStatus } from '../sms/provider'

export type TakenText = {
  sid: string
  /** E.164. */
  to: string
  body: string
  parts: number
  callbackUrl: string
  /** Why no handset will get it. */
  errorCode: number | null
  /** UTC ms. */
  firstReceiptAt: number
  at: number
  /** Stored only while the dials are these, as `readStoredDials` gives them. */
  dials: string
}

export const newSid = () => `SM${crypto.randomUUID().replaceAll('-', '')}`

/** Stores the texts in one statement and gives the sids of those it stored: not those to phones that texted STOP last, nor after a dial was turned. */
export async function storeTexts(db: Db, texts: readonly TakenText[]): Promise<ReadonlySet<string>> {
  const stored = await db.all<{ sid: string }>(sql`
    INSERT INTO simulator_messages (sid, direction, phone, body, status, error_code, parts, callback_url, next_receipt_at, created_at)
    SELECT value ->> 'sid', 'to_phone', value ->> 'to', value ->> 'body', 'queued', value ->> 'errorCode', value ->> 'parts',
      value ->> 'callbackUrl', value ->> 'firstReceiptAt', value ->> 'at'
    FROM json_each(${JSON.stringify(texts)})
    WHERE value ->> 'dials' = coalesce((SELECT dials FROM simulator_dials WHERE id = 1), '')
      AND coalesce((SELECT status FROM simulator_messages
        WHERE phone = value ->> 'to' AND status IN ('stop', 'start') ORDER BY id DESC LIMIT 1), '') <> 'stop'
    ORDER BY key RETURNING sid`)
  return new Set(stored.map(({ sid }) => sid))
}

type Waiting = { text: TakenText; resolve(stored: boolean): void; reject(fault: unknown): void }

/** Texts that come while a write keeps the process busy are stored by the next one: a write to disk costs more than a text. */
export function storeTogether(db: Db, sleep: (ms: number) => Promise<void>): (text: TakenText) => Promise<boolean> {
  let waiting: Waiting[] = []
  async function flush() {
    await sleep(0)
    const all = waiting
    waiting = []
    try {
      const stored = await storeTexts(
        db,
        all.map(({ text }) => text),
      )
      for (const { text, resolve } of all) resolve(stored.has(text.sid))
    } catch (fault) {
      for (const { reject } of all) reject(fault)
    }
  }
  return (text) =>
    new Promise((resolve, reject) => {
      waiting.push({ text, resolve, reject })
      if (waiting.length === 1) void flush()
    })
}

type Row = { sid: string; status: ProviderStatus; body: string; errorCode: number | null; parts: number; createdAt: number }
const told: readonly ProviderStatus[] = ['undelivered', 'failed']

/** Twilio's own replies to STOP have no callback, and are not ours. */
export async function listTo(db: Db, from: string, phone: string, since: number): Promise<ListOutcome> {
  const rows = await db.all<Row>(sql`
    SELECT sid, status, body, error_code AS "errorCode", parts, created_at AS "createdAt" FROM simulator_messages
    WHERE phone = ${phone} AND direction = 'to_phone' AND callback_url <> '' AND created_at >= ${since} ORDER BY id DESC LIMIT 1000`)
  const messages: ListedMessage[] = rows.map((row) => ({
    ...row,
    from,
    messagingServiceSid: null,
    errorCode: told.includes(row.status) ? row.errorCode : null,
  }))
  return { kind: 'listed', messages }
}
