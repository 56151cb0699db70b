import { describe, expect, it } from 'vitest'
import { sendForm } from '../compose/office'
import { createSending, phoneOf } from '../support/sending'
import { readEvents } from './gathering'

const text = { message_body: 'Hi {first_name|friend}, doors at 6.', target: 'event' }

async function createEvening() {
  const s = await createSending()
  await s.addMembers(3)
  const { addEvent } = readEvents(s)
  const supper = await addEvent('Supper', [
    ['Maria', phoneOf(1)],
    ['Ben', phoneOf(11)],
    ['Ines', phoneOf(12)],
  ])
  const other = await addEvent('Other', [
    ['Tom', phoneOf(21)],
    ['Ben', phoneOf(11)],
  ])
  const manager = await s.signIn('social_manager', 'nia')
  /** From the compose page to the button, as a browser does it. */
  async function send(eventId: number) {
    const review = await manager.post('/dashboard/review', { ...text, event_id: String(eventId) })
    const answer = await manager.post('/dashboard', sendForm(await review.text()))
    if (answer.status !== 303) throw new Error(`send answered ${answer.status}`)
    await s.settle()
    return Number(answer.headers.get('location')?.split('/').at(-1))
  }
  return { ...s, supper, other, manager, send }
}

describe('a text to the guests of an event', () => {
  it('reaches its registrations, once each, and neither members nor other events', async () => {
    const s = await createEvening()
    await s.send(s.supper)
    expect(s.phones().toSorted()).toEqual([phoneOf(1), phoneOf(11), phoneOf(12)])
    await s.send(s.other)
    expect(s.phones().slice(3).toSorted()).toEqual([phoneOf(11), phoneOf(21)])
  })

  it('skips who is off the list, and who opted out from it', async () => {
    const s = await createEvening()
    await s.manager.post(`/events/${s.supper}/unregister/2`)
    await s.manager.post(`/events/${s.supper}/registrations/3/unsubscribe`)
    await s.send(s.supper)
    expect(s.phones()).toEqual([phoneOf(1)])
  })

  it('to the community leaves guests alone who are no members', async () => {
    const s = await createEvening()
    const review = await s.manager.post('/dashboard/review', { ...text, target: 'community' })
    await s.manager.post('/dashboard', sendForm(await review.text()))
    await s.settle()
    expect(s.phones().toSorted()).toEqual([phoneOf(0), phoneOf(1), phoneOf(2)])
  })

  it('goes on to everybody it was for when the event is deleted meanwhile', async () => {
    const s = await createEvening()
    const review = await s.manager.post('/dashboard/review', { ...text, event_id: String(s.supper) })
    await s.manager.post('/dashboard', sendForm(await review.text()))
    await (await s.signIn('admin')).post(`/events/${s.supper}/delete`)
    await s.settle()
    expect(s.phones()).toHaveLength(3)
    expect((await s.manager.get('/logs/1')).status).toBe(200)
  })
})

describe('the compose page', () => {
  it('has the event chosen from which it was opened', async () => {
    const s = await createEvening()
    expect(await s.manager.text(`/events/${s.other}`)).toContain(`href="/dashboard?event=${s.other}"`)
    const page = await s.manager.text(`/dashboard?event=${s.other}`)
    expect(page).toMatch(/<input[^>]*value="event"[^>]* checked/)
    expect(page).toMatch(new RegExp(`<option value="${s.other}" selected`))
    expect(page).toMatch(/name="include_unsubscribe"[^>]* checked/)
  })

  it.each(['99', 'x', '', '1 OR 1', '99999999999999999999'])('for event “%s” is a fresh one', async (event) => {
    const s = await createEvening()
    const answer = await s.manager.get(`/dashboard?event=${encodeURIComponent(event)}`)
    expect(answer.status).toBe(200)
    expect(await answer.text()).toMatch(/<input[^>]*value="community"[^>]* checked/)
  })
})
