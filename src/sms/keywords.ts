export type Keyword = 'stop' | 'start'

const KEYWORDS: Readonly<Record<string, Keyword>> = {
  STOP: 'stop',
  STOPALL: 'stop',
  UNSUBSCRIBE: 'stop',
  CANCEL: 'stop',
  END: 'stop',
  QUIT: 'stop',
  REVOKE: 'stop',
  OPTOUT: 'stop',
  'OPT OUT': 'stop',
  'OPT-OUT': 'stop',
  START: 'start',
  YES: 'start',
  UNSTOP: 'start',
}
const OPT_OUT_TYPES: Readonly<Record<string, Keyword | null>> = { STOP: 'stop', START: 'start', HELP: null }

/**
 * Whether an inbound message opts out or in. Only the whole message counts: case, outer spaces and one final full stop or exclamation
 * mark are ignored, so "STOP this bill" is neither. Twilio's OptOutType, where it sends one, has already decided.
 */
export const readKeyword = (text: string, optOutType?: string | null): Keyword | null => {
  const decided = optOutType?.trim().toUpperCase()
  if (decided && Object.hasOwn(OPT_OUT_TYPES, decided)) return OPT_OUT_TYPES[decided] ?? null
  const word = text.trim().replace(/[.!]$/, '').trim().replace(/\s+/g, ' ').toUpperCase()
  return Object.hasOwn(KEYWORDS, word) ? (KEYWORDS[word] ?? null) : null
}
