import { describe, expect, test } from 'vitest'
import {
  countOf,
  failureReasons,
  isLive,
  paceOf,
  peopleFilters,
  readFailureKey,
  skipReasons,
  sumUp,
  titleOf,
} from '../../src/blasts/results'
import { deliveryStatuses } from '../../src/db/schema'
import { explain } from '../../src/sms/outcome'

const none = { queued: 0, sending: 0, accepted: 0, sent: 0, delivered: 0, undelivered: 0, failed: 0, skipped: 0, unknown: 0 }
const now = 1_000_000_000
const timed = {
  status: 'processing' as const,
  createdAt: now - 60_000,
  startedAt: now - 20_000,
  resumedAt: null,
  resumedHandled: null,
  finishedAt: null,
}
const ended = { ...timed, status: 'sent' as const, finishedAt: now - 1000 }

describe('the sum', () => {
  test('every state is in exactly one term, so that it adds up', () => {
    for (const status of deliveryStatuses) {
      const { planned, ...terms } = sumUp({ ...none, [status]: 7 })
      expect(planned).toBe(7)
      expect(Object.values(terms).sort()).toEqual([0, 0, 0, 0, 7])
    }
  })

  test('not delivered counts as failed, on its way as with Twilio', () => {
    const counts = { queued: 1, sending: 2, accepted: 4, sent: 8, delivered: 16, undelivered: 32, failed: 64, skipped: 128, unknown: 256 }
    expect(sumUp(counts)).toEqual({ planned: 511, withTwilio: 28, skipped: 128, failed: 96, checking: 256, toGo: 3 })
  })

  test('the filters of the list are everyone, each once', () => {
    expect(Object.values(peopleFilters).flat().sort()).toEqual([...deliveryStatuses].sort())
    const counts = { ...none, accepted: 4, sent: 8, failed: 3 }
    expect(countOf(counts, 'on_its_way')).toBe(12)
    expect(countOf(counts, 'failed')).toBe(3)
  })
})

describe('looks again by itself', () => {
  test('while it is held, being sent, or ends after a cancel', () => {
    expect(isLive({ ...timed, status: 'held', startedAt: null }, none, now)).toBe(true)
    expect(isLive(timed, { ...none, queued: 1 }, now)).toBe(true)
    expect(isLive({ ...timed, status: 'cancelled' }, { ...none, unknown: 1 }, now)).toBe(true)
  })

  test('after the end only as long as receipts are to be expected', () => {
    expect(isLive(ended, { ...none, accepted: 1 }, now)).toBe(true)
    expect(isLive(ended, { ...none, unknown: 1 }, now)).toBe(true)
    expect(isLive(ended, { ...none, accepted: 1 }, now + 3_600_000)).toBe(false)
    expect(isLive(ended, { ...none, delivered: 5, failed: 2, skipped: 1 }, now)).toBe(false)
  })

  test('a paused blast that waits for a person does not', () => {
    const paused = { ...timed, status: 'paused' as const }
    expect(isLive(paused, { ...none, queued: 926, delivered: 312 }, now)).toBe(false)
    expect(isLive(paused, { ...none, queued: 926, sending: 1 }, now + 3_600_000)).toBe(true)
  })
})

describe('the pace', () => {
  const sum = sumUp({ ...none, delivered: 300, failed: 60, queued: 360, skipped: 50 })

  test('is of those handed over since it began', () => {
    expect(paceOf(timed, sum, now, null)).toEqual({ perSecond: 18, leftMs: 20_000 })
  })

  test('is that since the last look where there was one, so that a pause does not count', () => {
    expect(paceOf({ ...timed, startedAt: now - 86_400_000 }, sum, now, { at: now - 2000, handled: 320 })).toEqual({
      perSecond: 20,
      leftMs: 18_000,
    })
  })

  test('is of those handed over since it was resumed, and unknown where nobody counted by then', () => {
    const resumed = { ...timed, startedAt: now - 86_400_000, resumedAt: now - 4000, resumedHandled: 320 }
    expect(paceOf(resumed, sum, now, null)).toEqual({ perSecond: 10, leftMs: 36_000 })
    expect(paceOf({ ...resumed, resumedHandled: null }, sum, now, null)).toBeNull()
  })

  test('is not told of a blast that stands, ends, or has only begun', () => {
    expect(paceOf({ ...timed, status: 'paused' }, sum, now, null)).toBeNull()
    expect(paceOf({ ...timed, startedAt: now - 400 }, sum, now, null)).toBeNull()
    expect(paceOf(timed, sumUp({ ...none, queued: 5 }), now, null)).toBeNull()
    expect(paceOf(timed, sumUp({ ...none, delivered: 5 }), now, null)).toBeNull()
  })
})

describe('reasons', () => {
  const groups = [
    { status: 'failed', errorCode: 21614, skipReason: null, n: 4 },
    { status: 'undelivered', errorCode: 30006, skipReason: null, n: 3 },
    { status: 'undelivered', errorCode: 30003, skipReason: null, n: 5 },
    { status: 'failed', errorCode: null, skipReason: null, n: 1 },
    { status: 'skipped', errorCode: null, skipReason: 'opted_out', n: 2 },
    { status: 'skipped', errorCode: null, skipReason: 'cancelled', n: 9 },
  ] as const

  test('codes that mean the same to staff stand together, the most frequent first', () => {
    expect(failureReasons(groups).map(({ n, key, explanation }) => [n, key, explanation.title])).toEqual([
      [7, 'failed.21614.30006', explain(30006).title],
      [5, 'failed.30003', explain(30003).title],
      [1, 'failed.none', explain(null).title],
    ])
  })

  test('the key of a reason leads back to its codes, and nothing else does', () => {
    expect(readFailureKey('failed.21614.30006')).toEqual([21614, 30006])
    expect(readFailureKey('failed.none')).toEqual([null])
    for (const junk of [undefined, '', 'failed', 'failed.', 'failed.x', 'delivered.1', "failed.1' OR 1", `failed${'.1'.repeat(50)}`])
      expect(readFailureKey(junk)).toBeNull()
  })

  test('skipped people have a reason in words', () => {
    expect(skipReasons(groups)).toEqual([
      { n: 9, reason: 'Cancelled in time' },
      { n: 2, reason: 'Opted out meanwhile' },
    ])
  })
})

describe('the title of a blast', () => {
  test.each([
    ['Hi {first_name|friend}, Harvest Supper is tonight', 'Harvest Supper is tonight'],
    ['Dear {name}: come', 'Come'],
    ['{first_name|friend}, the hall is open', 'friend, the hall is open'],
    ['The pantry is closed for {name|you}', 'The pantry is closed for you'],
    ['Hi {first_name}', 'Hi there'],
    ['Hi {unknown}, yes', 'Hi {unknown}, yes'],
    ['Hi {name}, the hall is open\nReply STOP to unsubscribe', 'The hall is open'],
    ['Hi {unknown}, yes\nReply STOP to unsubscribe', 'Hi {unknown}, yes'],
    ['Reply STOP to unsubscribe\nReply STOP to unsubscribe', 'Reply STOP to unsubscribe'],
  ])('%s → %s', (body, title) => {
    expect(titleOf(body)).toBe(title)
  })
})
