import { describe, expect, it } from 'vitest'
import { formatPhone, looksLikePhone, parsePhone, searchDigits } from '../../src/sms/phone'

const phone = (text: string) => {
  const parsed = parsePhone(text)
  return parsed.ok ? parsed.phone : parsed.reason
}

describe('parsePhone accepts', () => {
  it.each([
    ['+13236300201', '+13236300201'],
    ['(323) 630-0201', '+13236300201'],
    ['720-383-2388', '+17203832388'],
    ['3236300201', '+13236300201'],
    ['1-818-555-0126', '+18185550126'],
    ['626.555.0109', '+16265550109'],
    ['+1 (213) 555 0148', '+12135550148'],
    ['８１８５５５０１２６', '+18185550126'],
    ['818\u00a0555\u00a00126', '+18185550126'],
    ['\u202a+1 323\u2011630\u20110201\u202c', '+13236300201'],
    ['323–630–0201', '+13236300201'],
    ['tel:+13236300201', '+13236300201'],
    ["'+13236300201", '+13236300201'],
    ['="3236300201"', '+13236300201'],
    ['3236300201.0', '+13236300201'],
    ['011 44 7911 123456', '+447911123456'],
    ['0044 7911 123456', '+447911123456'],
    ['+44 7911 123456', '+447911123456'],
    ['+52 55 1234 5678', '+525512345678'],
    ['(787) 555-1234', '+17875551234'],
    ['+1 876 555 1234', '+18765551234'],
  ])('%s', (text, expected) => expect(phone(text)).toBe(expected))

  it('every fictional 555-01xx of a real area code', () => {
    for (let last = 100; last < 200; last++) expect(phone(`(323) 555-0${last}`)).toBe(`+13235550${last}`)
  })

  it("the provider's test numbers", () => {
    for (let last = 0; last < 10; last++) expect(phone(`+1500555000${last}`)).toBe(`+1500555000${last}`)
    expect(phone('500-555-0199')).toBe('+15005550199')
  })

  it('US landline ranges, American Samoa and toll-free', () => {
    for (const text of ['2125550123', '+16846331234', '+18006300201']) expect(parsePhone(text).ok).toBe(true)
  })
})

describe('parsePhone refuses, and says why', () => {
  it.each([
    ['', 'There is no phone.'],
    [' \u00a0\u200b', 'There is no phone.'],
    ['1.3035E+10', 'A spreadsheet turned this phone into 1.3035E+10. The last digits are lost.'],
    ['1,3035e+10', 'A spreadsheet turned this phone into 1,3035e+10. The last digits are lost.'],
    ['1E10', 'A spreadsheet turned this phone into 1E10. The last digits are lost.'],
    ['555-0143', 'Only 7 digits: the area code is missing.'],
    ['323 555 01 4', 'Only 9 digits: one is missing.'],
    ['+1 323 555 01', 'Only 8 digits: two are missing.'],
    ['911', 'Only 3 digits: a phone has 10.'],
    ['32355501421', '11 digits: one too many.'],
    ['447911123456', '12 digits: two too many.'],
    ['N/A', 'This is not a phone number.'],
    ['--', 'This is not a phone number.'],
    ['1 '.repeat(20_000), 'This is not a phone number.'],
    ['1-800-FLOWERS', 'This is not a phone number.'],
    ['maria@example.org', 'This is not a phone number.'],
    ['(323) 630-0201 ext 12', 'It has an extension, 12. A text cannot reach an extension.'],
    ['323-630-0201 x12', 'It has an extension, 12. A text cannot reach an extension.'],
    ['3236300201-x12', 'It has an extension, 12. A text cannot reach an extension.'],
    ['323-630-0201;ext=7', 'It has an extension, 7. A text cannot reach an extension.'],
    ['3236300201,,12', 'It has an extension, 12. A text cannot reach an extension.'],
    ['323-630-0201 / 323-630-0202', 'There are two phones here.'],
    ['+44 20 7946 0958', 'A landline in the UK. It cannot get texts.'],
    ['+33 1 12 34 56 78', 'A landline in France. It cannot get texts.'],
    ['(123) 456-7890', 'No area code starts with 1.'],
    ['303-123-4567', 'No phone has a 1 after its area code.'],
    ['(555) 223-4567', 'There is no such number in area code 555.'],
    ['0000000000', 'No area code starts with 0.'],
    ['+1 900 630 0201', 'A premium-rate number. Nobody can text it.'],
    ['+999123456789', 'No country has this code after the +.'],
    ['+52 55 1234', 'Too few digits for Mexico.'],
  ])('%s', (text, reason) => expect(phone(text)).toBe(reason))

  it('with what to do', () => {
    expect(parsePhone('555-0143')).toMatchObject({ fix: 'Write it with its area code, as in 323-555-0143.' })
    expect(parsePhone('+3236300201')).toMatchObject({ ok: false, fix: 'If it is a US number, write +13236300201.' })
    expect(parsePhone('1.3035E+10')).toMatchObject({ fix: 'Format the column as text and paste the number again.' })
  })
})

describe('searchDigits', () => {
  it.each([
    ['(323) 555', '323555'],
    ['+1 323-555.0142', '13235550142'],
    ['５５５', '555'],
    ['014', '014'],
    ['01', null],
    ['Maria', null],
    ['Maria 323', null],
    ['', null],
    ['50%5', null],
  ])('%s', (text, expected) => expect(searchDigits(text)).toBe(expected))
})

describe('formatPhone', () => {
  it('writes a phone as staff read it', () => {
    expect(formatPhone('+13235550142')).toBe('(323) 555-0142')
    expect(formatPhone('+447911123456')).toBe('+44 7911 123456')
    expect(formatPhone('MG123')).toBe('MG123')
  })
})

describe('looksLikePhone', () => {
  it.each(['3235550142', '(323) 555-0142', '+44 7911 123456', '555-0143', '323-630-0201 x12', '1.3035E+10', "'+13235550142"])(
    '%s',
    (cell) => expect(looksLikePhone(cell)).toBe(true),
  )
  it.each(['', '1001', 'Maria', 'Suite 3235550142', '2024-01-15', '01/15/2024', '12.5', 'm3235550142@x.org', '1234567890123456', 'N/A'])(
    'not %s',
    (cell) => expect(looksLikePhone(cell)).toBe(false),
  )
})
