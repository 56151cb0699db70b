/** How one number behaves, whatever the dials say. */
export type NumberBehaviour = {
  /** Refused at once, with Twilio's code. */
  refusedWith?: number
  /** Accepted; the last receipt is `undelivered` with this code. */
  undeliveredWith?: number
  /** Accepted, but the answer gets lost. */
  losesAnswer?: boolean
  receiptDelaySeconds?: number
  /** On the phone's head. */
  words: string
}

/**
 * To: below 0010 Twilio's own magic numbers (www.twilio.com/docs/iam/test-credentials#test-sms-messages),
 * the others ours, ending in the code they bring about. All in +1 500 555, where nobody lives; every other number just delivers.
 */
export const specialNumbers: ReadonlyMap<string, NumberBehaviour> = new Map([
  ['+15005550001', { refusedWith: 21211, words: 'No valid number: refused' }],
  ['+15005550002', { refusedWith: 21612, words: 'Cannot be reached: refused' }],
  ['+15005550003', { refusedWith: 21408, words: 'A country not allowed: refused' }],
  ['+15005550004', { refusedWith: 21610, words: 'Opted out at Twilio: refused' }],
  ['+15005550009', { refusedWith: 21614, words: 'A landline: refused' }],
  ['+15005553003', { undeliveredWith: 30003, words: 'Switched off: not delivered' }],
  ['+15005553006', { undeliveredWith: 30006, words: 'Found to be a landline: not delivered' }],
  ['+15005553007', { undeliveredWith: 30007, words: 'Filtered by the carrier: not delivered' }],
  ['+15005555040', { losesAnswer: true, words: 'Twilio’s answer gets lost' }],
  ['+15005559090', { receiptDelaySeconds: 90, words: 'Slow: receipt after 90 s' }],
])

/** From: Twilio's magic numbers of the same page. */
const refusedSenders: ReadonlyMap<string, number> = new Map([
  ['+15005550001', 21212],
  ['+15005550007', 21606],
  ['+15005550008', 21611],
])

export const behaviourOf = (phone: string): NumberBehaviour => specialNumbers.get(phone) ?? { words: 'Delivers at once' }

/** The code with which this sender is always refused, if it is. */
export const refusalOfSender = (from: string): number | null => refusedSenders.get(from) ?? null
