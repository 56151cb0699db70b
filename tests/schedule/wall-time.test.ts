import { describe, expect, it } from 'vitest'
import { type Fold, foldAt, resolveWallTime, toWallTime } from '../../src/schedule/wall-time'

const now = Date.parse('2026-11-22T17:00:00Z')
const resolve = (date: string, time: string, zone: string, fold: Fold | null = null) => resolveWallTime({ date, time }, zone, fold, now)
const utc = (text: string) => Date.parse(`${text}Z`)
const iso = (resolved: ReturnType<typeof resolve>) =>
  'at' in resolved ? `${resolved.kind} ${new Date(resolved.at).toISOString()}` : resolved

describe('a wall time', () => {
  it.each([
    ['2026-12-24', '10:00', 'America/Los_Angeles', 'ok 2026-12-24T18:00:00.000Z'],
    ['2027-07-04', '10:00', 'America/Los_Angeles', 'ok 2027-07-04T17:00:00.000Z'],
    ['2026-12-24', '10:00:00', 'UTC', 'ok 2026-12-24T10:00:00.000Z'],
    ['2028-02-29', '23:59', 'America/New_York', 'ok 2028-03-01T04:59:00.000Z'],
    ['2027-03-14', '02:30', 'America/Phoenix', 'ok 2027-03-14T09:30:00.000Z'],
    ['2027-11-07', '01:30', 'Pacific/Honolulu', 'ok 2027-11-07T11:30:00.000Z'],
    ['2027-01-01', '00:00', 'Pacific/Kiritimati', 'ok 2026-12-31T10:00:00.000Z'],
    ['2027-01-01', '00:00', 'Asia/Kathmandu', 'ok 2026-12-31T18:15:00.000Z'],
    ['2026-11-22', '09:01', 'America/Los_Angeles', 'ok 2026-11-22T17:01:00.000Z'],
    ['2026-11-22', '09:00', 'America/Los_Angeles', 'past 2026-11-22T17:00:00.000Z'],
    ['2020-01-01', '00:00', 'UTC', 'past 2020-01-01T00:00:00.000Z'],
  ])('%s %s %s is %s', (date, time, zone, expected) => {
    expect(iso(resolve(date, time, zone))).toBe(expected)
  })

  it.each([
    ['2027-02-29', '10:00', 'UTC', 'no_date'],
    ['2027-04-31', '10:00', 'UTC', 'no_date'],
    ['2027-13-01', '10:00', 'UTC', 'no_date'],
    ['12/24/2026', '10:00', 'UTC', 'no_date'],
    ['', '10:00', 'UTC', 'no_date'],
    ['2026-12-24', '24:00', 'UTC', 'no_time'],
    ['2026-12-24', '10:60', 'UTC', 'no_time'],
    ['2026-12-24', '10 am', 'UTC', 'no_time'],
    ['2026-12-24', '', 'UTC', 'no_time'],
    ['2026-12-24', '10:00', 'Mars/Olympus', 'no_zone'],
    ['2026-12-24', '10:00', '+05:00', 'no_zone'],
    ['2026-12-24', '10:00', '', 'no_zone'],
  ])('%s %s %s is refused: %s', (date, time, zone, kind) => {
    expect(resolve(date, time, zone)).toEqual({ kind })
  })

  it('is the same under the old and the new name of a zone', () => {
    for (const [old, today] of [
      ['Asia/Calcutta', 'Asia/Kolkata'],
      ['Europe/Kiev', 'Europe/Kyiv'],
      ['US/Mountain', 'America/Denver'],
    ] as const) {
      expect(iso(resolve('2027-06-01', '12:00', old))).toBe(iso(resolve('2027-06-01', '12:00', today)))
    }
  })
})

describe('when the clocks go forward', () => {
  it('2:30 AM of March 14 does not exist in Denver', () => {
    expect(resolve('2027-03-14', '02:30', 'America/Denver')).toEqual({
      kind: 'gap',
      before: { date: '2027-03-14', time: '01:30' },
      after: { date: '2027-03-14', time: '03:30' },
      at: utc('2027-03-14T09:30:00'),
    })
    expect(resolve('2027-03-14', '02:30', 'America/Denver', 'second').kind).toBe('gap')
  })

  it('its edges exist', () => {
    expect(iso(resolve('2027-03-14', '01:59', 'America/Denver'))).toBe('ok 2027-03-14T08:59:00.000Z')
    expect(resolve('2027-03-14', '02:00', 'America/Denver').kind).toBe('gap')
    expect(resolve('2027-03-14', '02:59', 'America/Denver').kind).toBe('gap')
    expect(iso(resolve('2027-03-14', '03:00', 'America/Denver'))).toBe('ok 2027-03-14T09:00:00.000Z')
  })

  it('Lord Howe skips half an hour', () => {
    expect(resolve('2027-10-03', '02:15', 'Australia/Lord_Howe')).toEqual({
      kind: 'gap',
      before: { date: '2027-10-03', time: '01:45' },
      after: { date: '2027-10-03', time: '02:45' },
      at: utc('2027-10-02T15:45:00'),
    })
    expect(iso(resolve('2027-10-03', '02:30', 'Australia/Lord_Howe'))).toBe('ok 2027-10-02T15:30:00.000Z')
  })

  it('a gap at midnight names the day before', () => {
    expect(resolve('2027-09-05', '00:30', 'America/Santiago')).toMatchObject({
      kind: 'gap',
      before: { date: '2027-09-04', time: '23:30' },
      after: { date: '2027-09-05', time: '01:30' },
    })
  })
})

describe('when the clocks go back', () => {
  it('1:30 AM of November 7 is asked about in Denver', () => {
    const choices = {
      kind: 'fold',
      first: { at: utc('2027-11-07T07:30:00'), season: 'summer' },
      second: { at: utc('2027-11-07T08:30:00'), season: 'winter' },
    }
    expect(resolve('2027-11-07', '01:30', 'America/Denver')).toEqual(choices)
    expect(iso(resolve('2027-11-07', '01:30', 'America/Denver', 'first'))).toBe('ok 2027-11-07T07:30:00.000Z')
    expect(iso(resolve('2027-11-07', '01:30', 'America/Denver', 'second'))).toBe('ok 2027-11-07T08:30:00.000Z')
  })

  it('its edges are not', () => {
    expect(iso(resolve('2027-11-07', '00:59', 'America/Denver'))).toBe('ok 2027-11-07T06:59:00.000Z')
    expect(resolve('2027-11-07', '01:00', 'America/Denver').kind).toBe('fold')
    expect(iso(resolve('2027-11-07', '02:00', 'America/Denver'))).toBe('ok 2027-11-07T09:00:00.000Z')
  })

  it('Lord Howe has half an hour twice', () => {
    expect(resolve('2027-04-04', '01:45', 'Australia/Lord_Howe')).toMatchObject({
      kind: 'fold',
      first: { at: utc('2027-04-03T14:45:00') },
      second: { at: utc('2027-04-03T15:15:00') },
    })
    expect(resolve('2027-04-04', '01:29', 'Australia/Lord_Howe').kind).toBe('ok')
  })

  it('between the two only the second is ahead', () => {
    const between = utc('2027-11-07T08:00:00')
    const at = (fold: Fold) => iso(resolveWallTime({ date: '2027-11-07', time: '01:30' }, 'America/Denver', fold, between))
    expect(at('first')).toBe('past 2027-11-07T07:30:00.000Z')
    expect(at('second')).toBe('ok 2027-11-07T08:30:00.000Z')
  })

  it('an instant knows which of the two it is', () => {
    expect(foldAt(utc('2027-11-07T07:30:00'), 'America/Denver')).toBe('first')
    expect(foldAt(utc('2027-11-07T08:30:00'), 'America/Denver')).toBe('second')
    expect(foldAt(utc('2027-11-07T09:30:00'), 'America/Denver')).toBe(null)
    expect(toWallTime(utc('2027-11-07T08:30:00'), 'America/Denver')).toEqual({ date: '2027-11-07', time: '01:30' })
  })
})
