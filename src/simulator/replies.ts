import { sql } from 'drizzle-orm'
import { receiveInbound } from '../deliveries/inbound'
import type { Deps } from '../deps'
import { type Keyword, readKeyword } from '../sms/keywords'
import { newSid } from './store'

/** What Twilio itself answers, before the app hears of the text. */
const answers: Record<Keyword | 'help', string> = {
  stop: 'You have been unsubscribed. Reply START to get texts again.',
  start: 'You will get texts again. Reply STOP to unsubscribe.',
  help: 'Reply STOP to unsubscribe. Message and data rates may apply.',
}

/**
 * A pretend phone writes `body` (1 to 1600 UTF-16 units) to us; the app hears of it as from the inbound webhook. STOP and START hold at
 * the provider from then on, whatever the app does. Says how the provider read the text.
 */
export async function replyFrom(deps: Deps, { phone, body }: { phone: string; body: string }): Promise<Keyword | 'text'> {
  const keyword = readKeyword(body)
  const answer = keyword ?? (/^\s*(HELP|INFO)\s*[.!]?\s*$/i.test(body) ? 'help' : null)
  const messageSid = newSid()
  const texts = [[messageSid, 'from_phone', body, keyword ?? 'received']]
  if (answer !== null) texts.push([newSid(), 'to_phone', answers[answer], 'delivered'])
  await deps.db.run(sql`
    INSERT INTO simulator_messages (sid, direction, phone, body, status, created_at)
    SELECT value ->> 0, value ->> 1, ${phone}, value ->> 2, value ->> 3, ${deps.now()} FROM json_each(${JSON.stringify(texts)}) ORDER BY key`)
  await receiveInbound(deps, { from: phone, body, messageSid })
  return keyword ?? 'text'
}
