import { FAILURE_CODES, type FailureClass } from './failure-codes'

export type { FailureClass } from './failure-codes'

/** `unlisted`: no code, or one we do not know. Tried once more, then failed, and never suppresses. */
export type OutcomeClass = FailureClass | 'unlisted'
export type Blame = 'their phone' | 'their number' | 'their choice' | 'our settings' | 'our text' | 'carrier' | 'nobody'
export type Explanation = {
  title: string
  blame: Blame
  /** What changes for the person or the blast. */
  what: string
  /** What staff can do. */
  fix?: string
}

/** The class of a provider's code; decided by the code alone, never by its text. */
export const classify = (code: number | null): OutcomeClass => (code === null ? 'unlisted' : (FAILURE_CODES[code]?.class ?? 'unlisted'))

/** All codes of a class, e.g. to count its failures in SQL. */
export const codesOf = (wanted: FailureClass): number[] =>
  Object.entries(FAILURE_CODES).flatMap(([code, entry]) => (entry.class === wanted ? [Number(code)] : []))

/**
 * Failures that another try of the same text to the same number repeats. `info` is among them: its codes warn of a limit, tell of inbound
 * texts or are out of use, and none names a cause that passes.
 */
export const helplessCodes: readonly number[] = (['suppress_permanent', 'opted_out', 'content', 'info'] as const).flatMap(codesOf)

const NOTHING = 'Nothing changes for them.'
const PAUSED = 'We stopped the blast. Nobody was blocked or removed.'
const BLOCKED =
  'Twilio will never deliver to these. They are under Opt-outs as “number does not work”; lift the block if the number is right.'
const OPTED_OUT = 'Now on the opt-out list. We will not text them again.'
const THREE_MISSES = `${NOTHING} After three such misses on three different days we stop texting the number, and you can undo that.`
const NOT_THEIRS = 'Not their fault, and nothing changes for them.'
const LATER = `${NOTHING} It can work later.`
const RETRY = 'Retry sends to them again.'
const NEW_TEXT = 'The same text would fail again'
const ASK = 'Ask whoever runs Twilio'
const RESUME = 'Then press Resume.'

const BY_CLASS: Record<OutcomeClass, Explanation> = {
  retryable: { title: 'Twilio or a phone company was too busy', blame: 'nobody', what: LATER, fix: RETRY },
  suppress_permanent: { title: 'Landline, or not a mobile number', blame: 'their number', what: BLOCKED },
  suppress_after_n: { title: 'Phone off or out of reach', blame: 'their phone', what: THREE_MISSES },
  opted_out: { title: 'Had replied STOP to this number before', blame: 'their choice', what: OPTED_OUT },
  sender_config: {
    title: 'Twilio refuses our sender or its settings',
    blame: 'our settings',
    what: PAUSED,
    fix: `${ASK} to look up this code and mend the sender. ${RESUME}`,
  },
  account: {
    title: 'Our Twilio account may not send this',
    blame: 'our settings',
    what: PAUSED,
    fix: `${ASK} to check the account: its balance, its limits, and whether it is still on trial. ${RESUME}`,
  },
  geo: {
    title: 'Texts to that country are switched off',
    blame: 'our settings',
    what: NOT_THEIRS,
    fix: `${ASK} to allow the country under Geo permissions.`,
  },
  content: { title: 'Twilio cannot send this text', blame: 'our text', what: NOT_THEIRS, fix: `${NEW_TEXT}: write another one.` },
  info: { title: 'A note from Twilio', blame: 'nobody', what: NOTHING, fix: 'It names no cause that another try would mend.' },
  unlisted: {
    title: 'Failed for a reason we do not know',
    blame: 'nobody',
    what: `${NOTHING} We tried twice.`,
    fix: 'Look the code up at Twilio.',
  },
}

const sharing = (codes: number[], explanation: Explanation): [number, Explanation][] => codes.map((code) => [code, explanation])

// Codes that staff can act on otherwise than their class says. Codes that read alike to staff share one explanation, and so one group.
const BY_CODE = new Map<number, Explanation>([
  ...sharing([30004], { title: 'Blocked by their phone or phone company', blame: 'their phone', what: THREE_MISSES }),
  ...sharing([21211, 21217, 30005, 63024], { title: 'Number does not exist, or no longer', blame: 'their number', what: BLOCKED }),
  ...sharing([21266], {
    title: 'This is our own sender number',
    blame: 'their number',
    what: BLOCKED,
    fix: 'Remove the number, or correct it.',
  }),
  ...sharing([21265, 21268], { title: 'A short code or premium-rate number', blame: 'their number', what: BLOCKED }),
  ...sharing([30640], {
    title: 'Known to sue over unwanted texts',
    blame: 'their choice',
    what: 'Twilio blocks texts to them. They are under Opt-outs as “number does not work”.',
  }),
  ...sharing([21612], {
    title: 'No route from our sender to their number',
    blame: 'our settings',
    what: NOT_THEIRS,
    fix: `${ASK} for a sender that reaches them.`,
  }),
  ...sharing([30007], {
    title: 'Held back as spam by a phone company',
    blame: 'carrier',
    what: `${NOT_THEIRS} The number stays on the list.`,
    fix: `${NEW_TEXT}: write another one that says who you are, without short links and capitals.`,
  }),
  ...sharing([21617, 30019, 21605], {
    title: 'The text is too long',
    blame: 'our text',
    what: NOT_THEIRS,
    fix: `${NEW_TEXT}: write a shorter one.`,
  }),
  ...sharing([20003, 20006, 20404], {
    title: 'Twilio does not accept our account or key',
    blame: 'our settings',
    what: PAUSED,
    fix: `${ASK} to check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN. ${RESUME}`,
  }),
  ...sharing([20008], {
    title: 'These are Twilio test credentials',
    blame: 'our settings',
    what: PAUSED,
    fix: `${ASK} for the live account SID and token. ${RESUME}`,
  }),
  ...sharing([21212, 21606, 21659, 21660, 21661, 21601, 21616, 21603], {
    title: 'Twilio refuses our sender number',
    blame: 'our settings',
    what: PAUSED,
    fix: `${ASK} to check TWILIO_FROM_NUMBER: it must be a number of ours that can text. ${RESUME}`,
  }),
  ...sharing([21701, 21702, 21703, 21704, 21705, 21711, 21712], {
    title: 'Our Messaging Service cannot send',
    blame: 'our settings',
    what: PAUSED,
    fix: `${ASK} to check the Messaging Service and the numbers in it. ${RESUME}`,
  }),
  ...sharing([30024, 30033, 30034, 30035], {
    title: 'Our number is not registered for texting in the US',
    blame: 'our settings',
    what: PAUSED,
    fix: `${ASK} to register it (A2P 10DLC). When Twilio says it is done, press Resume.`,
  }),
  ...sharing([30032], {
    title: 'Our toll-free number is not verified',
    blame: 'our settings',
    what: PAUSED,
    fix: `${ASK} to verify it. When Twilio says it is done, press Resume.`,
  }),
  ...sharing([21609], {
    title: 'Twilio cannot call us back',
    blame: 'our settings',
    what: PAUSED,
    fix: `Ask whoever runs this app to set PUBLIC_URL to its public https address. ${RESUME}`,
  }),
  ...sharing([20005, 30002], {
    title: 'Our Twilio account is suspended',
    blame: 'our settings',
    what: PAUSED,
    fix: `${ASK} to settle it with Twilio. ${RESUME}`,
  }),
  ...sharing([21219, 21607, 21608, 30044, 30454], {
    title: 'Our Twilio account is on trial',
    blame: 'our settings',
    what: PAUSED,
    fix: `${ASK} to upgrade it. ${RESUME}`,
  }),
  ...sharing([60728, 63038], {
    title: 'Our Twilio account reached its limit',
    blame: 'our settings',
    what: PAUSED,
    fix: 'Wait until the limit is over, or have Twilio raise it. Then press Resume.',
  }),
  ...sharing([30022, 30023], { title: 'A phone company allows us no more for now', blame: 'carrier', what: LATER, fix: RETRY }),
  ...sharing([30008, 30017], { title: 'A phone company lost it', blame: 'carrier', what: LATER, fix: RETRY }),
  ...sharing([30610, 30047], { title: 'It is too early or too late to text there', blame: 'nobody', what: LATER, fix: RETRY }),
])

/** What a code means to staff. Equal explanations are the same object, so failures can be grouped by it. */
export const explain = (code: number | null): Explanation => (code === null ? undefined : BY_CODE.get(code)) ?? BY_CLASS[classify(code)]

/** Twilio's own title for a code, for ops; null where we do not know it. */
export const titleOf = (code: number): string | null => FAILURE_CODES[code]?.title ?? null
