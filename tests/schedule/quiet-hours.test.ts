import { describe, expect, it } from 'vitest'
import { quietAt, readQuietHours, zonesOf } from '../../src/schedule/quiet-hours'

const hours = readQuietHours('21:00-09:00')
const at = (utc: string) => Date.parse(`${utc}Z`)
const iso = (ms: number | null | undefined) => (typeof ms === 'number' ? new Date(ms).toISOString().slice(0, 16) : ms)
const la = { area: '323', people: 10 }
const ny = { area: '212', people: 7 }

function quiet(counts: { area: string; people: number }[], utc: string, setting = '21:00-09:00') {
  const read = readQuietHours(setting)
  if (!read) throw new Error('off')
  return quietAt(read, counts, at(utc))
}

describe('quiet hours', () => {
  it('are off when the setting is empty or has no length', () => {
    expect(hours).toEqual({ start: 21 * 60, end: 9 * 60 })
    expect(readQuietHours('')).toBe(null)
    expect(readQuietHours('09:00-09:00')).toBe(null)
  })

  it.each([
    ['2026-11-23T01:59', null],
    ['2026-11-23T02:00', 7],
    ['2026-11-23T04:59', 7],
    ['2026-11-23T05:00', 17],
    ['2026-11-23T13:59', 17],
    ['2026-11-23T14:00', 10],
    ['2026-11-23T17:00', null],
  ])('at %s UTC it is quiet for %s', (utc, people) => {
    expect(quiet([la, ny], utc)?.people ?? null).toBe(people)
  })

  it('tell evening from morning', () => {
    expect(quiet([la, ny], '2026-11-23T03:00')).toMatchObject({ evening: 7, morning: 0, unknown: 0, areas: ['212'] })
    expect(quiet([la, ny], '2026-11-23T05:00')).toMatchObject({ people: 17, evening: 10, morning: 7 })
    expect(quiet([la, ny], '2026-11-23T12:00')).toMatchObject({ evening: 0, morning: 17 })
  })

  it('the next allowed time is quiet for nobody of the audience', () => {
    expect(iso(quiet([la, ny], '2026-11-23T03:00')?.nextAt)).toBe('2026-11-23T17:00')
    expect(iso(quiet([ny], '2026-11-23T03:00')?.nextAt)).toBe('2026-11-23T14:00')
    expect(iso(quiet([{ area: '', people: 1 }], '2026-11-23T03:00')?.nextAt)).toBe('2026-11-23T19:00')
  })

  it('in the night when the clocks go forward they end by the new time', () => {
    expect(iso(quiet([ny], '2027-03-14T05:00')?.nextAt)).toBe('2027-03-14T13:00')
  })

  it('that leave no common hour have no next time', () => {
    expect(quiet([la, { area: '671', people: 1 }], '2026-11-23T06:00', '12:00-11:00')?.nextAt).toBe(null)
  })

  it('within one day, not over midnight', () => {
    expect(quiet([la], '2026-11-23T20:30', '12:00-14:00')).toMatchObject({ evening: 10, morning: 0 })
    expect(iso(quiet([la], '2026-11-23T20:30', '12:00-14:00')?.nextAt)).toBe('2026-11-23T22:00')
    expect(quiet([la], '2026-11-23T22:00', '12:00-14:00')).toBe(null)
  })

  it('an area that spans zones is quiet when one of them is, an unknown one when any state is', () => {
    // 219: Gary is on Central time, most of Indiana on Eastern.
    expect(zonesOf('219')).toEqual(['America/Chicago', 'America/New_York'])
    expect(quiet([{ area: '219', people: 1 }], '2026-11-23T02:30')?.people).toBe(1)
    expect(quiet([{ area: '219', people: 1 }], '2026-11-23T14:30')?.people).toBe(1)
    for (const area of ['', '800', '457']) {
      expect(quiet([{ area, people: 2 }], '2026-11-23T02:00')).toMatchObject({ people: 2, unknown: 2 })
      expect(quiet([{ area, people: 2 }], '2026-11-23T18:59')).toMatchObject({ people: 2, unknown: 2 })
      expect(quiet([{ area, people: 2 }], '2026-11-23T19:00')).toBe(null)
      expect(quiet([{ area, people: 2 }], '2026-11-24T01:59')).toBe(null)
    }
  })
})
