import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import type { Audience } from '../../src/blasts/audience'
import { repeatText } from '../../src/schedule/recurring'
import { cancelScheduled, schedule } from '../../src/schedule/scheduled'
import { type Fields, type Office, openOffice, phoneOf, wordsOf, written } from './office'

const body = written.message_body ?? ''
const hour = 3_600_000
const members: Audience = { target: 'community', eventId: null, testPhone: null }
const toGuests = (eventId: number): Audience => ({ target: 'event', eventId, testPhone: null })

/** A text that waits, due in so many hours. */
async function plan(office: Office, hours: number, messageBody = body, audience = members): Promise<number> {
  const at = office.clock.now + hours * hour
  const draft = { messageBody, audience, includeUnsubscribe: false, at, timeZone: 'UTC', submissionId: office.deps.newToken() }
  return (await schedule(office.deps, { ...draft, createdBy: 'rosa', trail: () => [] })).id
}
const inWords = async (office: Office, fields: Fields = {}) => wordsOf(await (await office.review(fields)).text())
/** The office's clock stands at 17:00 on November 22. */
const ahead: Fields = { schedule_later: '1', schedule_date: '2026-11-25', schedule_time: '10:00', client_timezone: 'UTC' }

describe('a text that waits, for the same people within a day', () => {
  it('is told with a link to it when it says almost the same', async () => {
    const office = await openOffice()
    const id = await plan(office, 20, 'HI {first_name|friend}; supper at 6')
    const html = await (await office.review()).text()
    expect(wordsOf(html)).toContain('Almost the same text is scheduled for Mon Nov 23, 1:00 PM UTC. Whoever gets both has it twice.')
    expect(html).toContain(`href="/scheduled/${id}/edit"`)
  })

  it('is told when it says something else', async () => {
    const office = await openOffice()
    await plan(office, 20, 'The pantry is closed')
    const words = await inWords(office)
    expect(words).toContain('Another text to this list is scheduled for Mon Nov 23, 1:00 PM UTC.')
    expect(words).not.toContain('Almost the same')
  })

  it.each([
    [-23, true],
    [-25, false],
    [23, true],
    [25, false],
  ])('%s hours from the time of a text for later: %s', async (hours, told) => {
    const office = await openOffice()
    await plan(office, 65 + hours)
    expect((await inWords(office, ahead)).includes('Almost the same text is scheduled')).toBe(told)
    expect(await inWords(office)).not.toContain('is scheduled for')
  })

  it('is told of a series by its next occurrence', async () => {
    const office = await openOffice()
    const rule = { repeat: 'daily', weekdays: [], monthDay: 1, time: '16:00', timeZone: 'UTC', startsOn: '2026-11-23' } as const
    const text = { messageBody: body, audience: members, includeUnsubscribe: false, createdBy: 'rosa', trail: () => [] }
    await repeatText(office.deps, { ...text, rule: { ...rule, until: null, count: null }, submissionId: 'daily-supper' })
    expect(await inWords(office)).toContain('Almost the same text is scheduled for Mon Nov 23, 4:00 PM UTC.')
  })

  it('is told by the nearest in time, almost the same ones first', async () => {
    const office = await openOffice()
    await plan(office, 1, 'The pantry is closed')
    await plan(office, 9)
    const nearest = await plan(office, 8)
    expect(await (await office.review()).text()).toContain(`href="/scheduled/${nearest}/edit"`)
  })
})

describe('nothing is told', () => {
  it('of one that was cancelled, is a test, or is this one itself', async () => {
    const office = await openOffice()
    await cancelScheduled(office.deps, await plan(office, 5))
    await plan(office, 5, body, { ...members, testPhone: '+13235559999' })
    const form = await office.reviewed(ahead)
    await office.browser.post('/dashboard', form)
    expect(await office.deps.db.all(sql`SELECT id FROM scheduled_messages WHERE status = 'pending'`)).toHaveLength(2)
    expect(await inWords(office)).not.toContain('to look at')
    expect(await inWords(office, { ...ahead, submission_id: form.submission_id ?? '' })).not.toContain('is scheduled')
    expect(await inWords(office, { ...ahead, submission_id: 'another-one' })).toContain('Almost the same text is scheduled')
  })

  it('to a test of the office’s phone', async () => {
    const office = await openOffice()
    await plan(office, 5)
    expect(await inWords(office, { test_mode: '1' })).not.toContain('to look at')
  })
})

it('the same text to another list counts where somebody would get both', async () => {
  const office = await openOffice(['A', 'B'])
  const shared = await office.addEvent('Supper', [{ name: 'A', phone: phoneOf(1) }])
  const others = await office.addEvent('Choir', [{ name: 'Z', phone: phoneOf(26) }])
  await plan(office, 4, body, toGuests(others.id))
  expect(await inWords(office)).not.toContain('to look at')
  await plan(office, 5, 'The pantry is closed', toGuests(shared.id))
  expect(await inWords(office)).not.toContain('to look at')
  const id = await plan(office, 6, body, toGuests(shared.id))
  expect(await (await office.review()).text()).toContain(`href="/scheduled/${id}/edit"`)
  await plan(office, 3)
  expect(await inWords(office, { target: 'event', event_id: String(others.id) })).toContain('scheduled for Sun Nov 22, 9:00 PM UTC')
  await office.optOut(phoneOf(1))
  await office.deps.db.run(sql`UPDATE scheduled_messages SET status = 'cancelled' WHERE target = 'community'`)
  expect(await inWords(office)).not.toContain('to look at')
})
