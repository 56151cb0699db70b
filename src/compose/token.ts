import type { AudienceCounts } from '../blasts/audience'
import type { Deps } from '../deps'
import type { Draft } from './draft'

/**
 * SHA-256 over all that was reviewed: the text, who gets it and who does not, the sender and the price. The same review has the same
 * token; anything changed has another. Of a text for later it is the text, its choices and its time: who gets it is decided then.
 */
export async function reviewToken({ config, sms }: Pick<Deps, 'config' | 'sms'>, draft: Draft, counts: AudienceCounts): Promise<string> {
  const { body, audience, includeUnsubscribe, later } = draft
  const reviewed = [
    body,
    audience.target,
    audience.eventId,
    audience.testPhone,
    includeUnsubscribe,
    later ? [later.at, later.timeZone, later.rule] : counts,
    sms.sender,
    config.pricePerPart,
  ]
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(reviewed)))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
