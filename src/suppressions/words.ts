import { isOwnWord } from './opt-outs'
import type { BlockRow } from './queries'

/** Whose block it is: their own word, that of staff, or a number that does not work. */
export type Nature = 'own_word' | 'staff_word' | 'number'

export const natureOf = ({ kind, source }: Pick<BlockRow, 'kind' | 'source'>): Nature =>
  kind === 'suppression' ? 'number' : isOwnWord(source) ? 'own_word' : 'staff_word'

export const refusedOwnWord = (who: string): string =>
  `${who} replied STOP. Nobody here can take that back: texts go to them again when they text START to our number.`

/** The trail holds no whole phone, whatever staff typed. */
export const withoutPhones = (text: string): string =>
  text.replace(/\+?\d(?:[\s().-]*\d){6,}/g, (found) => `…${found.replace(/\D/g, '').slice(-4)}`)
