import { sql } from 'drizzle-orm'
import type { Deps } from '../deps'
import { type Keyword, readKeyword } from '../sms/keywords'

/** An inbound text, as the webhook reads it from Twilio. */
export type Inbound = { from: string; to: string; body: string; messageSid: string }

type Base = Pick<Deps, 'db' | 'now' | 'sms'>

/** What Twilio itself answers, before the app hears of the text. */
const answers: Record<Keyword | 'help', string> = {
  stop: 'You have been unsubscribed. Reply START to get texts again.',
  start: 'You will get texts again. Reply STOP to unsubscribe.',
  help: 'Reply STOP to unsubscribe. Message and data rates may apply.',
}

/**
 * A pretend phone writes `body` (1 to 1600 UTF-16 units) to us. STOP and START hold at the provider from then on, whatever `receive` does;
 * `receive` is what the inbound webhook calls. Says how the provider read the text.
 */
export async function replyFrom(
  deps: Base,
  { phone, body }: { phone: string; body: string },
  receive: (inbound: Inbound) => Promise<unknown>,
): Promise<Keyword | 'text'> {
  const { db, now, sms } = deps
  const keyword = readKeyword(body)
  const answer = keyword ?? (/^\s*(HELP|INFO)\s*[.!]?\s*$/i.test(body) ? 'help' : null)
  const messageSid = newSid()
  const texts = [[messageSid, 'from_phone', body, keyword ?? 'received']]
  if (answer !== null) texts.push([newSid(), 'to_phone', answers[answer], 'delivered'])
  await db.run(sql`
    INSERT INTO simulator_messages (sid, direction, phone, body, status, created_at)
    SELECT value ->> 0, value ->> 1, ${phone}, value ->> 2, value ->> 3, ${now()} FROM json_each(${JSON.stringify(texts)}) ORDER BY key`)
  await receive({ from: phone, to: sms.sender, body, messageSid })
  return keyword ?? 'text'
}

const newSid = () => `SM${crypto.randomUUID().replaceAll('-', '')}`
