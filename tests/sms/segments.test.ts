import { SegmentedMessage } from 'sms-segments-calculator'
import { describe, expect, it } from 'vitest'
import { replaceCulprits, ucs2Culprits } from '../../src/sms/plain-characters'
import { countParts, estimate, partsOf } from '../../src/sms/segments'
import { compileTemplate, render } from '../../src/sms/text'
import { seededRandom } from '../support/seeded-random'

const ALPHABETS = [
  [...'abcdefghij KLMNOP.,!?0123456789'],
  [...'abc é à Ñ @ £ \n', ...'^{}\\[~]|€'],
  [...'abc’“”–…•áçő'],
  ['a', 'b', '👋', '👩‍👩‍👧', '❤️', '🇺🇸', '👍🏽', '\u0301', '1️⃣', '한', '각', 'न', 'मि', 'ब', '\u200d'],
  ['a', '\ud83d', '\udc4b', 'é', '\r\n', '\r', '\n'],
  [`z${'\u0301'.repeat(33)}`, `z${'\u0301'.repeat(68)}`, 'z', `a${'\u0300'.repeat(69)}`],
]
const random = seededRandom(20261122)
const pick = <T>(from: readonly T[]): T => from[random.below(from.length)] as T
const randomText = (alphabet: readonly string[], length: number) => Array.from({ length }, () => pick(alphabet)).join('')
const compiled = (body: string) => {
  const result = compileTemplate(body)
  if (!result.ok) throw new Error(result.message)
  return result.template
}

describe('countParts', () => {
  it.each([
    ['', 'GSM-7', 1, 0, 160, 0],
    ['a'.repeat(160), 'GSM-7', 1, 160, 0, 0],
    ['a'.repeat(161), 'GSM-7', 2, 161, 145, 1],
    ['a'.repeat(306), 'GSM-7', 2, 306, 0, 146],
    ['€'.repeat(80), 'GSM-7', 1, 160, 0, 0],
    [`${'a'.repeat(152)}€${'a'.repeat(152)}`, 'GSM-7', 3, 306, 152, 146],
    ['’'.repeat(70), 'UCS-2', 1, 70, 0, 0],
    ['’'.repeat(71), 'UCS-2', 2, 71, 63, 1],
    ['👋'.repeat(35), 'UCS-2', 1, 70, 0, 0],
    ['👋'.repeat(67), 'UCS-2', 3, 134, 65, 64],
  ] as const)('%#', (text, encoding, parts, units, unitsLeftInPart, overOnePart) => {
    expect(countParts(text)).toEqual({ encoding, parts, units, unitsLeftInPart, overOnePart })
  })

  it('equals the calculator on random texts', () => {
    for (let round = 0; round < 600; round++) {
      const text = randomText(pick(ALPHABETS), random.below(round % 10 === 0 ? 700 : 180))
      const oracle = new SegmentedMessage(text)
      const counted = countParts(text)
      expect({ text, encoding: counted.encoding, parts: counted.parts }).toEqual({
        text,
        encoding: oracle.encodingName,
        parts: oracle.segmentsCount,
      })
    }
  })
})

describe('partsOf and estimate', () => {
  const bodies = [
    'Hi {first_name}, supper is at 6 in the hall.',
    `${'x'.repeat(150)} {name}`,
    `${'x'.repeat(148)}€ {first_name|friend} [ok] {full_name}`,
    `St. Brigid’s ${'x'.repeat(48)} {first_name|amigo} {name}`,
    `👋 ${'x'.repeat(58)} {first_name}\u0301 {name|👩‍👩‍👧} 👍🏽`,
    '{first_name}',
    'No field at all €',
  ]

  it('equal the calculator for every kind of name', () => {
    for (const body of bodies) {
      const template = compiled(body)
      const parts = partsOf(template)
      const names = Array.from(
        { length: 220 },
        () => `${randomText(pick(ALPHABETS), random.below(9))} ${randomText(pick(ALPHABETS), random.below(9))}`,
      )
      for (const name of ['', ' ', 'Ana Ōno', 'Ōta Ana', 'José', 'A'.repeat(1500), ...names]) {
        expect({ body, name, parts: parts(name) }).toEqual({
          body,
          name,
          parts: new SegmentedMessage(render(template, name)).segmentsCount,
        })
      }
    }
  })

  it('do not confuse names alike in length but not in the word that is used', () => {
    const template = compiled(`${'x'.repeat(100)} {first_name}`)
    const parts = partsOf(template)
    expect(['Ana Ōno', 'Ōta Ana', 'Ana 👋o', 'Ana Ono'].map(parts)).toEqual([1, 2, 1, 1])
  })

  it('adds up an audience', () => {
    const template = compiled(`${'x'.repeat(155)} {first_name|to all}`)
    expect(estimate(template, ['Al Ba', 'Maria', '', 'Zoë', 'Wei Chen'])).toEqual({
      people: 5,
      min: 1,
      max: 3,
      total: 9,
      byParts: [
        { parts: 1, people: 2 },
        { parts: 2, people: 2 },
        { parts: 3, people: 1 },
      ],
      longestLength: 162,
    })
    expect(estimate(template, [])).toMatchObject({ people: 0, min: 0, max: 0, total: 0, longestLength: 0 })
  })
})

describe('culprits', () => {
  it('names each character once with its place, number and plain counterpart', () => {
    expect(ucs2Culprits('St. Brigid’s – “Hall”… it’s\u00a0on')).toEqual([
      { char: '’', index: 10, count: 2, replacement: "'" },
      { char: '–', index: 13, count: 1, replacement: '-' },
      { char: '“', index: 15, count: 1, replacement: '"' },
      { char: '”', index: 20, count: 1, replacement: '"' },
      { char: '…', index: 21, count: 1, replacement: '...' },
      { char: '\u00a0', index: 27, count: 1, replacement: ' ' },
    ])
  })

  it.each([
    ['á', 'a'],
    ['ç', 'c'],
    ['Ő', 'O'],
    ['e\u0301', 'é'],
    ['q\u0303', 'q'],
    ['½', '1/2'],
    ['ﬁ', 'fi'],
    ['œ', 'oe'],
    ['™', 'TM'],
    ['•', '-'],
    ['Ａ', 'A'],
    ['\u200b', ''],
    ['´', "'"],
    ['`', "'"],
    ['ł', 'l'],
    ['👋', null],
    ['👩‍👩‍👧', null],
    ['❤️', null],
    ['Ж', null],
    ['한', null],
  ])('%s', (char, replacement) => expect(ucs2Culprits(`a${char}b`)).toEqual([{ char, index: 1, count: 1, replacement }]))

  it('are none exactly when the text is GSM-7, and each replacement is GSM-7', () => {
    for (let round = 0; round < 300; round++) {
      const text = randomText(pick(ALPHABETS), 1 + random.below(60))
      const culprits = ucs2Culprits(text)
      expect(culprits.length === 0).toBe(countParts(text).encoding === 'GSM-7')
      for (const { replacement } of culprits) if (replacement) expect(countParts(replacement).encoding).toBe('GSM-7')
    }
  })

  it('are replaced, and what has no counterpart stays', () => {
    expect(replaceCulprits('Brigid’s — ok')).toBe("Brigid's - ok")
    expect(countParts(replaceCulprits('“Café” à 5€…')).encoding).toBe('GSM-7')
    expect(replaceCulprits('’👋')).toBe("'👋")
    expect(replaceCulprits('plain €')).toBe('plain €')
  })
})
