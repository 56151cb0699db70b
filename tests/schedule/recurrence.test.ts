import { describe, expect, it } from 'vitest'
import { occurrencesAround, occurrencesOf, type Rule } from '../../src/schedule/recurrence'

const rule: Rule = {
  repeat: 'daily',
  weekdays: [],
  monthDay: 1,
  time: '10:00',
  timeZone: 'America/Denver',
  startsOn: '2027-01-01',
  until: null,
  count: null,
}
const first = (change: Partial<Rule>, most = 5) => {
  const found = []
  for (const one of occurrencesOf({ ...rule, ...change })) {
    if (found.length === most) break
    found.push(one)
  }
  return found
}
const dates = (change: Partial<Rule>, most = 5) => first(change, most).map(({ date }) => date)
const utc = (change: Partial<Rule>, most = 5) => first(change, most).map(({ at }) => new Date(at).toISOString().slice(0, 16))

describe('a series', () => {
  it('daily', () => {
    expect(dates({}, 3)).toEqual(['2027-01-01', '2027-01-02', '2027-01-03'])
  })

  it('weekly on its days', () => {
    expect(dates({ repeat: 'weekly', weekdays: [1, 7] })).toEqual(['2027-01-03', '2027-01-04', '2027-01-10', '2027-01-11', '2027-01-17'])
  })

  it('monthly; a shorter month has it on its last day', () => {
    expect(dates({ repeat: 'monthly', monthDay: 31 })).toEqual(['2027-01-31', '2027-02-28', '2027-03-31', '2027-04-30', '2027-05-31'])
    expect(dates({ repeat: 'monthly', monthDay: 29, startsOn: '2028-02-01' }, 2)).toEqual(['2028-02-29', '2028-03-29'])
    expect(dates({ repeat: 'monthly', monthDay: 30, startsOn: '2028-02-01' }, 2)).toEqual(['2028-02-29', '2028-03-30'])
  })

  it('ends with its last day, that day included, or its number, whichever comes first', () => {
    expect(dates({ until: '2027-01-02' })).toEqual(['2027-01-01', '2027-01-02'])
    expect(dates({ count: 3 })).toHaveLength(3)
    expect(dates({ count: 3, until: '2027-01-02' })).toHaveLength(2)
    expect(dates({ count: 1, until: '2027-01-02' })).toHaveLength(1)
  })

  it('keeps its wall time when the clocks change', () => {
    expect(utc({ startsOn: '2027-03-13' }, 2)).toEqual(['2027-03-13T17:00', '2027-03-14T16:00'])
    expect(utc({ startsOn: '2027-11-06' }, 2)).toEqual(['2027-11-06T16:00', '2027-11-07T17:00'])
  })

  it('goes out as much later as the clocks skip, and the first time when a time comes twice', () => {
    expect(utc({ startsOn: '2027-03-14', time: '02:30' }, 2)).toEqual(['2027-03-14T09:30', '2027-03-15T08:30'])
    expect(utc({ startsOn: '2027-11-07', time: '01:30' }, 2)).toEqual(['2027-11-07T07:30', '2027-11-08T08:30'])
  })

  it('knows the last that was, the next few, and whether there are more', () => {
    const now = Date.parse('2027-01-10T17:00:00Z')
    const around = occurrencesAround(rule, now, 2)
    expect(around.last?.date).toBe('2027-01-10')
    expect(around.next.map(({ date }) => date)).toEqual(['2027-01-11', '2027-01-12'])
    expect(around.more).toBe(true)
    expect(occurrencesAround({ ...rule, count: 12 }, now, 2)).toMatchObject({ more: false })
    expect(occurrencesAround({ ...rule, count: 10 }, now, 2)).toMatchObject({ next: [], more: false })
    expect(occurrencesAround(rule, 0, 1).last).toBe(null)
  })
})
