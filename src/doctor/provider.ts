import { type Check, fault, faultIf, note, ok } from './check'

/** One question to the provider. `unknown`: a stand-in that does not know such a thing. */
export type Asked<Told> =
  | ({ kind: 'told' } & Told)
  | { kind: 'refused'; httpStatus: number; code: number | null }
  | { kind: 'unknown' }
  | { kind: 'silent'; reason: string }

export type ProviderFacts = {
  account: Asked<{ status: string; trial: boolean }>
  /** `inboundUrl`: where replies go; null where the number alone does not say. */
  sender: Asked<{ found: boolean; texts: boolean; inboundUrl: string | null }>
  /** The clock in its answer and ours at that moment, UTC ms; null without an answer. */
  clock: { theirs: number; ours: number } | null
}

type Setting = {
  /** A number, a short code or a messaging service. */
  sender: string
  publicUrl: string
  development: boolean
}

const mostSkewMs = 60_000

export const simulated = (): Check[] => [
  note('provider', 'The simulator: nothing is sent for real.'),
  note('clock', 'Compared with a real provider only.'),
]

export const checkProvider = (facts: ProviderFacts, setting: Setting): Check[] => [
  checkAccount(facts.account),
  // Who is refused at the door learns nothing more by asking again.
  ...(facts.account.kind === 'told' || facts.account.kind === 'unknown' ? checkSender(facts.sender, setting) : []),
  checkClock(facts.clock),
]

function checkAccount(account: ProviderFacts['account']): Check {
  if (account.kind !== 'told') return unanswered('provider', account)
  if (account.status !== 'active')
    return fault('provider', `Twilio says that the account is ${account.status}.`, 'Settle it in the Twilio console.')
  if (account.trial)
    return note('provider', 'The Twilio account answers. It is a trial: it texts verified numbers only.', 'Upgrade it for real blasts.')
  return ok('provider', 'The Twilio account answers and is active.')
}

function checkSender(sender: ProviderFacts['sender'], { sender: name, publicUrl, development }: Setting): Check[] {
  if (sender.kind !== 'told') return [unanswered('sender', sender)]
  const who = senderWords(name)
  if (!sender.found)
    return [fault('sender', `The account has no ${who}.`, 'Set TWILIO_FROM_NUMBER or TWILIO_MESSAGING_SERVICE_SID to one that it has.')]
  if (!sender.texts) return [fault('sender', `The ${who} cannot send texts.`, 'Choose a number with SMS in the Twilio console.')]
  const ours = `${publicUrl}/webhooks/twilio/inbound`
  if (sender.inboundUrl === null || sender.inboundUrl === ours) return [ok('sender', `The account has the ${who}.`)]
  const what = `The account has the ${who}, but replies to it, STOP among them, do not reach this app.`
  return [faultIf(!development, 'sender', what, `Set its webhook for messages to ${ours}.`)]
}

/** The last four digits are enough to tell it. */
const senderWords = (sender: string): string =>
  sender.startsWith('MG')
    ? `messaging service MG…${sender.slice(-4)}`
    : `${sender.startsWith('+') ? 'number' : 'short code'} …${sender.slice(-4)}`

function unanswered(name: string, asked: Exclude<Asked<unknown>, { kind: 'told' }>): Check {
  if (asked.kind === 'unknown') return note(name, 'TWILIO_API_BASE_URL is a stand-in that does not know: it cannot be told.')
  if (asked.kind === 'silent') return fault(name, `Twilio does not answer: ${asked.reason}.`, 'Check the network and TWILIO_API_BASE_URL.')
  const what = `Twilio refuses with HTTP ${asked.httpStatus}${asked.code === null ? '' : `, code ${asked.code}`}.`
  return fault(name, what, 'Check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN in the Twilio console.')
}

function checkClock(clock: ProviderFacts['clock']): Check {
  if (!clock) return note('clock', 'The provider gave no time to compare with.')
  const skew = Math.round((clock.ours - clock.theirs) / 1000)
  const what = `This clock is ${Math.abs(skew)} s ${skew < 0 ? 'behind' : 'ahead of'} the provider's.`
  return Math.abs(skew) * 1000 > mostSkewMs
    ? fault('clock', what, 'Turn on time synchronisation: timedatectl set-ntp true.')
    : ok('clock', what)
}
