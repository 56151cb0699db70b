import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { type Fields, openOffice, sendForm, wordsOf } from './office'

/* A form is one press, whatever comes of its pages by Back and Reload. */
const idOf = (html: string) => /name="submission_id" value="([^"]+)"/.exec(html)?.[1] ?? ''
const tomorrow = { schedule_later: '1', schedule_date: '2026-11-23', schedule_time: '18:00', client_timezone: 'UTC' }

async function openForm() {
  const office = await openOffice()
  const submission_id = idOf(await office.browser.text('/dashboard'))
  const press = (fields: Fields) => office.browser.post('/dashboard', fields)
  return { ...office, submission_id, press }
}

describe('a compose form', () => {
  it('has an id of its own, which its review keeps, and a form that is refused', async () => {
    const t = await openForm()
    expect(t.submission_id).not.toBe('')
    expect(idOf(await t.browser.text('/dashboard'))).not.toBe(t.submission_id)
    expect((await t.reviewed({ submission_id: t.submission_id })).submission_id).toBe(t.submission_id)
    const refused = await t.review({ submission_id: t.submission_id, message_body: '' })
    expect([refused.status, idOf(await refused.text())]).toEqual([422, t.submission_id])
    const back = await t.browser.post('/dashboard/edit', { submission_id: t.submission_id, message_body: 'x' })
    expect(idOf(await back.text())).toBe(t.submission_id)
  })

  it('that was sent, reviewed again by Reload, does not text anybody again', async () => {
    const t = await openForm()
    const first = await t.reviewed({ submission_id: t.submission_id })
    expect((await t.press(first)).status).toBe(303)
    const again = await t.reviewed({ submission_id: t.submission_id })
    const answer = await t.press(again)
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/logs/1'])
    expect(wordsOf(await t.browser.text('/dashboard'))).toContain('This is your earlier send.')
    expect(await t.blasts()).toHaveLength(1)
  })

  it('that was sent and undone can be sent after all', async () => {
    const t = await openForm()
    const first = await t.reviewed({ submission_id: t.submission_id })
    await t.press(first)
    await t.browser.post('/logs/1/undo')
    // Pressed on the page of then: it is asked again, and not told that it went out.
    const asked = await t.press(first)
    expect(asked.status).toBe(409)
    expect((await t.press(sendForm(await asked.text()))).headers.get('location')).toBe('/logs/2')
    const again = await t.reviewed({ submission_id: t.submission_id })
    expect(again.submission_id).not.toBe(t.submission_id)
  })

  it('that was scheduled and cancelled is not told as scheduled, when its time is over', async () => {
    const t = await openForm()
    const soon = { ...tomorrow, schedule_date: '2026-11-22', schedule_time: '17:10' }
    const form = await t.reviewed({ submission_id: t.submission_id, ...soon })
    await t.press(form)
    await t.browser.post('/scheduled/1/cancel')
    t.clock.now += 20 * 60_000
    expect((await t.press(form)).status).toBe(422)
  })

  it('that was sent is another one with another text, other people or another time', async () => {
    const t = await openForm()
    const event = await t.addEvent('Supper', [{ name: 'Ana', phone: '+13235550501' }])
    await t.press(await t.reviewed({ submission_id: t.submission_id }))
    const others: Fields[] = [
      { message_body: 'Another text' },
      { target: 'event', event_id: String(event.id) },
      { test_mode: '1' },
      tomorrow,
    ]
    for (const other of others) {
      const fields = await t.reviewed({ submission_id: t.submission_id, ...other })
      expect(fields.submission_id).not.toBe(t.submission_id)
      expect((await t.press(fields)).status).toBe(303)
    }
    expect(await t.blasts()).toHaveLength(4)
    expect(await t.deps.db.all(sql`SELECT id FROM scheduled_messages`)).toHaveLength(1)
  })

  it('scheduled once is scheduled once, and again for another time', async () => {
    const t = await openForm()
    const series = { ...tomorrow, repeat: 'daily', repeat_count: '3' }
    const stored = async () =>
      (await t.deps.db.all(sql`SELECT id FROM scheduled_messages WHERE schedule_id IS NULL UNION ALL SELECT id FROM recurring_schedules`))
        .length
    const steps: [Fields, number][] = [
      [tomorrow, 1],
      [tomorrow, 1],
      [{ ...tomorrow, schedule_time: '19:00' }, 2],
      [series, 3],
    ]
    for (const [when, after] of steps) {
      await t.press(await t.reviewed({ submission_id: t.submission_id, ...when }))
      expect(await stored()).toBe(after)
    }
    const another = idOf(await t.browser.text('/dashboard'))
    for (let i = 0; i < 2; i++) await t.press(await t.reviewed({ submission_id: another, ...series, repeat_count: '2' }))
    expect(await stored()).toBe(4)
  })

  it('of which two reviews are open sends the one that is pressed first, and asks again for the other', async () => {
    const t = await openForm()
    const one = await t.reviewed({ submission_id: t.submission_id })
    const other = await t.reviewed({ submission_id: t.submission_id, message_body: 'The other text' })
    expect((await t.press(one)).status).toBe(303)
    const asked = await t.press(other)
    expect(asked.status).toBe(409)
    expect(await t.blasts()).toHaveLength(1)
    expect((await t.press(sendForm(await asked.text()))).status).toBe(303)
    expect((await t.blasts()).map(({ message_body }) => message_body.split('\n')[0])).toContain('The other text')
  })
})
