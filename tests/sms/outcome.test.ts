import { describe, expect, it } from 'vitest'
import { FAILURE_CODES } from '../../src/sms/failure-codes'
import { classify, explain, helplessCodes, type OutcomeClass, titleOf } from '../../src/sms/outcome'

const CLASSES: OutcomeClass[] = [
  'retryable',
  'suppress_permanent',
  'suppress_after_n',
  'opted_out',
  'sender_config',
  'account',
  'geo',
  'content',
  'info',
  'unlisted',
]
const codes = Object.keys(FAILURE_CODES).map(Number)
const codesOf = (wanted: OutcomeClass) => codes.filter((code) => classify(code) === wanted)

describe('classify', () => {
  it('knows the whole table', () => {
    expect(codes).toHaveLength(131)
    for (const code of codes) {
      expect(CLASSES).toContain(classify(code))
      expect(classify(code)).not.toBe('unlisted')
      expect(['create', 'async-status', 'both']).toContain(FAILURE_CODES[code]?.phase)
    }
  })

  // The numbers that may be suppressed are written out: a row that joins them must be a decision.
  it('suppresses for recipient-side faults only', () => {
    expect(codesOf('suppress_permanent')).toEqual([21211, 21214, 21217, 21265, 21266, 21268, 21614, 21635, 30005, 30006, 30640, 63024])
    expect(codesOf('suppress_after_n')).toEqual([30003, 30004])
    expect(codesOf('opted_out')).toEqual([21610, 63033])
  })

  it.each([
    [30007, 'content'],
    [21212, 'sender_config'],
    [20003, 'sender_config'],
    [30034, 'sender_config'],
    [20005, 'account'],
    [21608, 'account'],
    [21408, 'geo'],
    [20429, 'retryable'],
    [30008, 'retryable'],
    [30025, 'info'],
  ] as const)('%d is %s', (code, expected) => expect(classify(code)).toBe(expected))

  it('never guesses', () => {
    for (const code of [null, 0, 12345, 3236300201, -1, Number.NaN]) expect(classify(code)).toBe('unlisted')
  })
})

describe('explain', () => {
  it('says what the blast page says', () => {
    expect(explain(30003)).toEqual({
      title: 'Phone off or out of reach',
      blame: 'their phone',
      what: 'Nothing changes for them. After three such misses on three different days we stop texting the number, and you can undo that.',
    })
    expect(explain(30006)).toBe(explain(21614))
    expect(explain(30006)).toMatchObject({ title: 'Landline, or not a mobile number', blame: 'their number' })
    expect(explain(21610)).toMatchObject({ blame: 'their choice', what: 'Now on the opt-out list. We will not text them again.' })
    expect(explain(21408)).toMatchObject({ blame: 'our settings' })
    expect(explain(21408).fix).toContain('Geo permissions')
  })

  it('blames them only where their number or choice is at fault, and us with a mend', () => {
    for (const code of codes) {
      const theirs = ['their phone', 'their number', 'their choice'].includes(explain(code).blame)
      expect({ code, theirs }).toEqual({
        code,
        theirs: ['suppress_permanent', 'suppress_after_n', 'opted_out'].includes(classify(code)),
      })
      if (explain(code).blame === 'our settings') expect(explain(code).fix).toBeTruthy()
      if (['sender_config', 'account'].includes(classify(code))) expect(explain(code).what).toContain('Nobody was blocked or removed.')
    }
  })

  it('offers a retry exactly where one can help', () => {
    for (const code of codes) expect((explain(code).fix ?? '').includes('Retry')).toBe(classify(code) === 'retryable')
    expect(explain(null)).toBe(explain(12345))
  })

  it('says where the same text would fail again, and counts all such among those that no retry helps', () => {
    for (const code of codes) {
      expect((explain(code).fix ?? '').includes('The same text would fail again')).toBe(classify(code) === 'content')
      const helpless = ['suppress_permanent', 'opted_out', 'content', 'info'].includes(classify(code))
      expect({ code, helpless: helplessCodes.includes(code) }).toEqual({ code, helpless })
    }
  })

  it('keeps to our words', () => {
    for (const code of [null, ...codes]) {
      const { title, what, fix = '' } = explain(code)
      expect(`${title} ${what} ${fix}`).not.toMatch(/sorry|oops|!|the system/i)
    }
  })

  it("has Twilio's title for ops", () => {
    expect(titleOf(30007)).toBe('Message filtered')
    expect(titleOf(1)).toBeNull()
  })
})
