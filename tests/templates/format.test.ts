import { describe, expect, test } from 'vitest'
import { clockTime, count, date, dateTime, excerpt, formatPhone, money, plural, zoneName } from '../../templates/ui/format'

test.each([
  ['+13235550142', '(323) 555-0142'],
  ['+442079460958', '+44 20 7946 0958'],
  ['+353861234567', '+353 86123 4567'],
  ['+525512345678', '+52 55 1234 5678'],
  ['+4512345678', '+45 1234 5678'],
  ['+1323555014', '+1 32355 5014'],
  ['72345', '72345'],
  ['MG0123456789abcdef', 'MG0123456789abcdef'],
  ['', ''],
])('the phone %s reads %s', (phone, read) => {
  expect(formatPhone(phone)).toBe(read)
})

test('counts, plurals and money', () => {
  expect(count(1_243_000)).toBe('1,243,000')
  expect(plural(1, 'person', 'people')).toBe('1 person')
  expect(plural(1243, 'person', 'people')).toBe('1,243 people')
  expect(plural(0, 'part')).toBe('0 parts')
  expect(money(15.5375)).toBe('$15.54')
  expect(money(0.0125, 4)).toBe('$0.0125')
  expect(money(1234.5)).toBe('$1,234.50')
})

describe('times, in the zone they are read in', () => {
  const timeZone = 'America/Los_Angeles'
  const now = Date.parse('2026-11-23T01:42:31Z')
  const at = (iso: string) => dateTime(Date.parse(iso), { timeZone, now })

  test.each([
    ['2026-11-23T01:42:31Z', 'today, 5:42 PM'],
    ['2026-11-22T01:15:00Z', 'yesterday, 5:15 PM'],
    ['2026-11-22T08:00:00Z', 'today, 12:00 AM'],
    ['2026-11-23T18:00:00Z', 'tomorrow, 10:00 AM'],
    ['2026-11-18T20:30:00Z', 'Nov 18, 12:30 PM'],
    ['2024-03-03T20:00:00Z', 'Mar 3, 2024, 12:00 PM'],
  ])('%s reads %s', (iso, read) => {
    expect(at(iso)).toBe(read)
  })

  test('yesterday counts days, not hours, across a changed clock', () => {
    const afterFallBack = Date.parse('2026-11-02T07:30:00Z')
    expect(dateTime(Date.parse('2026-11-01T06:30:00Z'), { timeZone, now: afterFallBack })).toBe('yesterday, 11:30 PM')
  })

  test('with seconds, with plain spaces', () => {
    expect(clockTime(now, timeZone)).toBe('5:42:31 PM')
    expect(date(now, timeZone)).toBe('Nov 22, 2026')
  })
})

test('an excerpt ends between words', () => {
  expect(excerpt('Harvest Supper is tonight at 6 in St. Brigid’s Hall', 36)).toBe('Harvest Supper is tonight at 6 in…')
  expect(excerpt('Short\nand sweet')).toBe('Short and sweet')
})

test('a zone by its city', () => {
  expect(zoneName('America/Los_Angeles')).toBe('Los Angeles')
  expect(zoneName('UTC')).toBe('UTC')
})
