import { expect, it } from 'vitest'
import { readKeyword } from '../../src/sms/keywords'

const STOPS = ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT', 'OPT OUT', 'OPT-OUT']
const STARTS = ['START', 'YES', 'UNSTOP']

it.each([...STOPS.map((word) => [word, 'stop']), ...STARTS.map((word) => [word, 'start'])])(
  '%s is %s in any dress',
  (word = '', expected) => {
    for (const text of [word, word.toLowerCase(), ` ${word}\n`, `${word}.`, `${word}!`, ` ${word} ! `, `\u00a0${word}`]) {
      expect(readKeyword(text)).toBe(expected)
    }
  },
)

it.each(['STOP this bill', 'please stop', 'STOP?', 'STOPP', 'yes please', 'HELP', '', ' ', '.', 'constructor', 'non-stop', 'STOP, thanks'])(
  '"%s" is neither',
  (text) => expect(readKeyword(text)).toBeNull(),
)

it("lets Twilio's OptOutType win", () => {
  expect(readKeyword('leave me alone', 'STOP')).toBe('stop')
  expect(readKeyword('STOP', 'START')).toBe('start')
  expect(readKeyword('STOP', 'HELP')).toBeNull()
  expect(readKeyword('STOP', '')).toBe('stop')
  expect(readKeyword('STOP', null)).toBe('stop')
  expect(readKeyword('STOP', 'NEWS')).toBe('stop')
})
