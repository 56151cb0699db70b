import { describe, expect, it } from 'vitest'
import type { ConsentEvent } from '../../src/consents/consents'
import { leftOutSpans } from '../../src/contacts/left-out'
import type { Contact } from '../../src/contacts/queries'

const forever = Number.MAX_SAFE_INTEGER
const nobody: Contact = { phone: '+13235550142', name: '', member: null, guestOf: [], optOut: null, suppression: null }
const member = (since: number) => ({ member: { id: 1, since } })
const optOut = (since: number) => ({ optOut: { id: 1, source: 'inbound', reason: '', since } })
const suppression = (since: number) => ({ suppression: { id: 1, reason: '', errorCode: null, since } })

/** `[kind, at, eventId]`, oldest first; the record is read newest first. */
const record = (...events: [ConsentEvent['kind'], number, (number | null)?][]): ConsentEvent[] =>
  events
    .map(([kind, at, eventId = null], id) => ({
      ...{ id, kind, at, eventId, how: 'form' as const, by: '', detail: '' },
      ...{ logId: null, importId: null, eventTitle: null },
    }))
    .toReversed()

const spans = (contact: Partial<Contact>, events: ConsentEvent[] = []) =>
  leftOutSpans({ ...nobody, ...contact }, events).map(({ eventId, from, to, reason, since }) => [eventId, from, to, reason, since])

describe('blasts left somebody out', () => {
  it('who is a member and opted out, from then on', () => {
    expect(spans({ ...member(10), ...optOut(20) })).toEqual([[null, 20, forever, 'opted_out', 20]])
  })

  it('who had opted out before they came, from when they came', () => {
    expect(spans({ ...member(30), ...optOut(20) })).toEqual([[null, 30, forever, 'opted_out', 20]])
  })

  it('between STOP and START, and no longer', () => {
    expect(spans(member(10), record(['added', 10], ['opted_out', 20], ['opted_in', 30]))).toEqual([[null, 20, 30, 'opted_out', 20]])
  })

  it('until they were deleted', () => {
    const events = record(['added', 10], ['opted_out', 20], ['removed', 40])
    expect(spans(optOut(20), events)).toEqual([[null, 20, 40, 'opted_out', 20]])
  })

  it('of an event while they were its guest', () => {
    const guest = { guestOf: [{ eventId: 7, title: 'Supper', since: 25 }] }
    expect(spans({ ...guest, ...suppression(20) }, record(['suppressed', 20], ['added', 25, 7]))).toEqual([
      [7, 25, forever, 'suppressed', 20],
    ])
  })

  it('for both reasons at once', () => {
    const all = { ...member(1), ...optOut(20), ...suppression(30) }
    expect(spans(all, record(['opted_out', 20], ['suppressed', 30]))).toEqual([
      [null, 20, forever, 'opted_out', 20],
      [null, 30, forever, 'suppressed', 30],
    ])
  })
})

describe('nothing is claimed', () => {
  it.each<[string, Partial<Contact>, ConsentEvent[]]>([
    ['of somebody on no list', optOut(20), []],
    ['of somebody who may be texted', member(10), []],
    ['of a time after which they are gone without a record of it', optOut(20), record(['added', 10], ['opted_out', 20])],
    ['of a START without a STOP', member(10), record(['opted_in', 20])],
  ])('%s', (_, contact, events) => {
    expect(spans(contact, events)).toEqual([])
  })
})
