import SmartEncodingMap from 'sms-segments-calculator/dist/libs/SmartEncodingMap.js'
import { describe, expect, it } from 'vitest'
import { sameWords } from '../../src/sms/same-words'

const table = ((SmartEncodingMap as unknown as { default?: typeof SmartEncodingMap }).default ?? SmartEncodingMap) as Record<string, string>

describe('the words of a listed text', () => {
  it.each(Object.entries(table).map(([char, plain]) => [`U+${char.codePointAt(0)?.toString(16).padStart(4, '0')}`, char, plain]))(
    'are ours where Twilio swapped %s',
    (_, char, plain) => {
      const ours = `Doors${char}open at ${char} 7, Zoë, ${char}`
      expect(sameWords(ours.replaceAll(char, plain), ours)).toBe(true)
      expect(sameWords(ours.replace(char, plain), ours)).toBe(true)
    },
  )

  it.each([
    ['all swapped at once', '“Don’t be late…” – ｆｒｅｅ', '"Don\'t be late..." - ｆｒｅｅ'],
    ['the line of a trial account', 'Sent from your Twilio trial account - Hi Ana', 'Hi Ana'],
    ['white space', ' Hi  Ana\r\nSee you ', 'Hi Ana\nSee you'],
  ])('are ours: %s', (_, listed, ours) => {
    expect(sameWords(listed, ours)).toBe(true)
  })

  it.each([
    ['Hi Ann', 'Hi Ana'],
    ['Oh, Hi Ana', 'Hi Ana'],
    ['Hi Ana', 'Hi Ana, see you'],
    ['Hi 🎉', 'Hi 🎊'],
    ['', 'Hi Ana'],
  ])('are not ours: %s for %s', (listed, ours) => {
    expect(sameWords(listed, ours)).toBe(false)
  })
})
