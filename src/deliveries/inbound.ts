import { eq } from 'drizzle-orm'
import { unsubscribedContacts } from '../db/schema'
import type { Deps } from '../deps'
import { readKeyword } from '../sms/keywords'
import { optOut } from '../suppressions/opt-outs'

export type Inbound = {
  /** E.164. */
  from: string
  body: string
  messageSid: string
  /** Twilio's own reading, where it sends one; it wins. */
  optOutType?: string | null
}

/** A text from a person: STOP is final from here on, START brings back. Storing it twice changes nothing, so a repeated webhook is harmless. */
export async function receiveInbound(deps: Deps, { from, body, optOutType }: Inbound): Promise<'stop' | 'start' | null> {
  const keyword = readKeyword(body, optOutType)
  if (keyword === 'stop') {
    const isNew = await optOut(deps, { phone: from, reason: 'Replied STOP', source: 'inbound' })
    if (isNew) deps.log('opted out', { phone: lastFour(from) })
  }
  if (keyword === 'start') {
    await deps.db.delete(unsubscribedContacts).where(eq(unsubscribedContacts.phone, from))
    deps.log('opted in', { phone: lastFour(from) })
  }
  return keyword
}

const lastFour = (phone: string) => phone.slice(-4)
