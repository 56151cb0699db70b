import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { auditEvents, events, scheduledMessages } from '../../src/db/schema'
import { boxOf, type Fields, sendForm, wordsOf } from '../compose/office'
import { password } from '../support/harness'
import { createScheduling, dayMs, hourMs } from './scheduling'

const fields = {
  message_body: 'Bring a dish',
  target: 'community',
  schedule_date: '2026-11-24',
  schedule_time: '10:00',
  client_timezone: 'America/Denver',
}

async function open(settings: Record<string, string> = {}) {
  const h = await createScheduling({ APP_TIMEZONE: 'America/Los_Angeles', ADMIN_TEST_PHONE: '+13235559999', ...settings })
  const browser = await h.signIn('social_manager', 'nia')
  const words = async (path: string) => wordsOf(await browser.text(path))
  const trail = async () =>
    (await h.deps.db.select().from(auditEvents)).map(({ eventType, username, subject }) => `${eventType} ${username} ${subject}`)
  const setStatus = (id: number, status: string) => h.deps.db.run(sql`UPDATE scheduled_messages SET status = ${status} WHERE id = ${id}`)
  /** The review of a change, from a form that was filled just now. */
  const reviewed = async (id: number, change: Fields = {}) => {
    const form = { version: versionIn(await browser.text(`/scheduled/${id}/edit`)), ...fields, ...change }
    return sendForm(await (await browser.post(`/scheduled/${id}/edit`, form)).text())
  }
  return { ...h, browser, words, trail, setStatus, reviewed }
}

const versionIn = (html: string) => /name="version" value="(\d+)"/.exec(html)?.[1] ?? ''

describe('the list', () => {
  it('says what to do while there is nothing', async () => {
    const h = await open()
    expect(await h.words('/scheduled')).toContain('Nothing is scheduled Write a text and tick “Send later”')
    expect(await h.words('/scheduled/recurring')).toContain('Nothing repeats')
  })

  it('has what waits first, the next one on top, then what was, the last one on top', async () => {
    const h = await open()
    for (const [body, hours, status] of [
      ['Past long', -50, 'sent'],
      ['Ahead far', 50, 'pending'],
      ['Past short', -2, 'expired'],
      ['Ahead near', 1, 'pending'],
      ['Ahead next', 2, 'cancelled'],
    ] as const) {
      await h.setStatus(await h.add({ messageBody: body, at: h.clock.now + hours * hourMs }), status)
    }
    const order = (text: string) => [...text.matchAll(/(Past|Ahead) (long|short|far|near|next)/g)].map(([one]) => one)
    const titles = async (path: string) => [...new Set(order(await h.words(path)))]
    expect(await titles('/scheduled')).toEqual(['Ahead near', 'Ahead far', 'Ahead next', 'Past short', 'Past long'])
    expect(await titles('/scheduled?dir=desc')).toEqual(['Ahead far', 'Ahead near', 'Past long', 'Past short', 'Ahead next'])
    expect(await titles('/scheduled?show=waiting')).toEqual(['Ahead near', 'Ahead far'])
    expect(await titles('/scheduled?show=unsent')).toEqual(['Past short'])
    expect(await titles('/scheduled?search=AHEAD+n')).toEqual(['Ahead near', 'Ahead next'])
    expect(await titles('/scheduled?search=%25')).toEqual([])
    expect(await titles('/scheduled?sort=created_at&dir=desc')).toEqual([
      'Ahead next',
      'Ahead near',
      'Past short',
      'Ahead far',
      'Past long',
    ])
  })

  it('goes over pages from what waits to what was', async () => {
    const h = await open()
    for (let n = 0; n < 60; n++) await h.add({ messageBody: `Number ${n}.`, at: h.clock.now + (n - 30) * hourMs })
    await h.deps.db.run(sql`UPDATE scheduled_messages SET status = 'sent' WHERE due_at < ${h.clock.now}`)
    const numbers = async (page: number) => {
      const text = await h.words(`/scheduled?page=${page}`)
      return [...new Set([...text.matchAll(/Number (\d+)\./g)].map(([, n]) => Number(n)))]
    }
    const up = Array.from({ length: 30 }, (_, n) => 30 + n)
    const down = Array.from({ length: 30 }, (_, n) => 29 - n)
    expect([...(await numbers(1)), ...(await numbers(2))]).toEqual([...up, ...down])
  })

  it('finds a text by its words as they are now, with or without accents', async () => {
    const h = await open()
    const id = await h.add({ messageBody: 'Supper at the Café', at: h.clock.now + hourMs })
    const finds = async (search: string) => !(await h.words(`/scheduled?search=${search}`)).includes('Nothing matches')
    expect([await finds('cafe'), await finds('PER+at'), await finds('af'), await finds('choir')]).toEqual([true, true, true, false])
    await h.deps.db.run(sql`UPDATE scheduled_messages SET message_body = 'Choir' WHERE id = ${id}`)
    expect([await finds('cafe'), await finds('choir')]).toEqual([false, true])
    await h.deps.db.run(sql`DELETE FROM scheduled_messages WHERE id = ${id}`)
    expect(await finds('choir')).toBe(false)
  })

  it('tells the time on three clocks: the organisation’s, UTC, and the viewer’s, which the browser fills in', async () => {
    const h = await open()
    await h.add({ at: Date.parse('2026-11-24T01:30:00Z'), timeZone: 'America/Denver' })
    const html = await h.browser.text('/scheduled')
    expect(wordsOf(html)).toContain('Mon Nov 23, 5:30 PM Nov 24, 01:30 UTC')
    expect(html).toContain('<time datetime="2026-11-24T01:30:00.000Z" data-page-zone="America/Los_Angeles"></time>')
  })

  it.each([
    ['pending', 'Waiting'],
    ['processing', 'Sending'],
    ['sent', 'Sent'],
    ['failed', 'Failed'],
    ['expired', 'Too late, not sent'],
    ['cancelled', 'Cancelled'],
  ])('says %s as %s', async (status, word) => {
    const h = await open()
    await h.setStatus(await h.add(), status)
    const row = /<tr role="row" id="list-1">[\s\S]*?<\/tr>/.exec(await h.browser.text('/scheduled'))?.[0] ?? ''
    expect(wordsOf(row)).toContain(word)
  })

  it('leads to the blast it became, and follows it at once', async () => {
    const h = await open()
    await h.deps.db.run(sql`INSERT INTO message_logs (status, message_body, target, submission_id, hold_until_at, created_at, finished_at)
      VALUES ('sent', 'x', 'community', 'blast-1', 1, 1, 1)`)
    const id = await h.add()
    await h.deps.db.run(sql`UPDATE scheduled_messages SET status = 'processing', log_id = 1 WHERE id = ${id}`)
    const html = await h.browser.text('/scheduled')
    expect(html).toContain('href="/logs/1"')
    expect(wordsOf(/<tr role="row" id="list-1">[\s\S]*?<\/tr>/.exec(html)?.[0] ?? '')).toContain('Sent')
  })

  it('escapes the texts', async () => {
    const h = await open()
    await h.add({ messageBody: '<img src=x>' })
    expect(await h.browser.text('/scheduled')).not.toContain('<img')
  })

  it('in short, for a script', async () => {
    const h = await open()
    expect(await (await h.browser.get('/scheduled/status')).json()).toEqual({ pending_count: 0, pending_ids: [] })
    const [late, soon, gone] = [await h.add({ at: h.clock.now + 9 }), await h.add({ at: h.clock.now + 1 }), await h.add()]
    await h.setStatus(gone, 'cancelled')
    expect(await (await h.browser.get('/scheduled/status')).json()).toEqual({ pending_count: 2, pending_ids: [soon, late] })
  })
})

describe('a change', () => {
  it('starts from what is stored, on the clock it was chosen on', async () => {
    const h = await open()
    const at = Date.parse('2027-11-07T08:30:00Z')
    const id = await h.add({
      messageBody: 'Hi {name}\nReply STOP to unsubscribe',
      includeUnsubscribe: true,
      at,
      timeZone: 'America/Denver',
    })
    const html = await h.browser.text(`/scheduled/${id}/edit`)
    expect(html).toMatch(/<textarea[^>]*>\n?Hi \{name\}<\/textarea>/)
    expect(html).toContain('value="2027-11-07"')
    expect(html).toContain('value="01:30"')
    expect(html).toContain('value="America/Denver"')
    expect(html).toMatch(/value="second" checked/)
    expect(wordsOf(html)).toContain('Time, Denver')
  })

  it('is reviewed like a new text, and saved only then', async () => {
    const h = await open()
    const id = await h.add()
    const before = await h.message(id)
    const answer = await h.browser.post(`/scheduled/${id}/edit`, { ...fields, message_body: 'Bring a dish 🍲', schedule_time: '23:30' })
    const words = wordsOf(await answer.text())
    expect(answer.status).toBe(200)
    expect(words).toContain('Check before you save the change')
    expect(words).toContain('Nothing has been changed.')
    expect(words).toContain('2 people × 1 part 2')
    expect(words).toContain('this is a UCS-2 text')
    expect(words).toContain('it will be past 9 pm then.')
    expect(words).toContain('Save it for Nov 24, 11:30 PM')
    expect(await h.message(id)).toEqual(before)
  })

  it('leads from the review back to the form with what was typed', async () => {
    const h = await open()
    const id = await h.add()
    const answer = await h.browser.post(`/scheduled/${id}/edit`, fields)
    const html = await answer.text()
    expect(html).toContain(`formaction="/scheduled/${id}/edit/again"`)
    expect(html).not.toContain('="/dashboard/')
    const back = await h.browser.post(`/scheduled/${id}/edit/again`, sendForm(html))
    const form = await back.text()
    expect([back.status, boxOf(form), versionIn(form)]).toEqual([200, 'Bring a dish', sendForm(html).version])
    expect(form).toContain('value="2026-11-24"')
  })

  it.each([
    ['text', { message_body: 'Something else' }],
    ['time', { schedule_time: '11:00' }],
    ['token', { review_token: 'f'.repeat(64) }],
  ])('is reviewed again when the %s is not the one that was reviewed', async (_, other) => {
    const h = await open()
    const id = await h.add()
    const before = await h.message(id)
    const answer = await h.browser.post(`/scheduled/${id}/edit`, { ...(await h.reviewed(id)), ...other })
    const html = await answer.text()
    expect(answer.status).toBe(409)
    expect(wordsOf(html)).toContain('Please check again. Nothing was changed.')
    expect(await h.message(id)).toEqual(before)
    expect((await h.browser.post(`/scheduled/${id}/edit`, sendForm(html))).status).toBe(303)
  })

  it('in two tabs at once: the later one is shown the other text, keeps its own, and may go on', async () => {
    const h = await open()
    const id = await h.add()
    const mine = await h.reviewed(id, { message_body: 'Mine' })
    const theirs = await h.reviewed(id, { message_body: 'Theirs', schedule_time: '11:00' })
    const typed = { ...fields, message_body: 'Typed', version: mine.version ?? '' }
    expect((await h.browser.post(`/scheduled/${id}/edit`, theirs)).status).toBe(303)
    for (const [form, text] of [
      [typed, 'Typed'],
      [mine, 'Mine'],
    ] as const) {
      const answer = await h.browser.post(`/scheduled/${id}/edit`, form)
      const html = await answer.text()
      expect([answer.status, boxOf(html)]).toEqual([409, text])
      expect(wordsOf(html)).toContain(
        'Somebody changed it meanwhile. Now it goes out Tue Nov 24, 11:00 AM Denver, 18:00 UTC, to: Everyone.',
      )
      expect(wordsOf(html)).toContain('takes the place of this: Theirs')
      expect((await h.message(id)).body).toBe('Theirs')
      const again = await h.browser.post(`/scheduled/${id}/edit`, { ...fields, message_body: text, version: versionIn(html) })
      expect(again.status).toBe(200)
    }
  })

  it('in two tabs in the same instant: one is saved, the other is told', async () => {
    const h = await open()
    const id = await h.add()
    const forms = [await h.reviewed(id, { message_body: 'One' }), await h.reviewed(id, { message_body: 'Other' })]
    const answers = await Promise.all(forms.map((form) => h.browser.post(`/scheduled/${id}/edit`, form)))
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409])
    const saved = answers.findIndex(({ status }) => status === 303)
    expect((await h.message(id)).body).toBe(forms[saved]?.message_body)
  })

  it('that was pressed twice is one change', async () => {
    const h = await open()
    const id = await h.add()
    const form = await h.reviewed(id)
    const answers = await Promise.all([0, 1].map(() => h.browser.post(`/scheduled/${id}/edit`, form)))
    expect([...answers, await h.browser.post(`/scheduled/${id}/edit`, form)].map(({ status }) => status)).toEqual([303, 303, 303])
    expect((await h.trail()).filter((line) => line.startsWith('scheduled_edited'))).toHaveLength(1)
  })

  it('that was pressed again after it was cancelled is refused: nothing goes out', async () => {
    const h = await open()
    const id = await h.add()
    const form = await h.reviewed(id)
    await h.browser.post(`/scheduled/${id}/edit`, form)
    await h.browser.post(`/scheduled/${id}/cancel`, {})
    const again = await h.browser.post(`/scheduled/${id}/edit`, form)
    expect(again.status).toBe(409)
    expect(wordsOf(await again.text())).toContain('It was cancelled already.')
  })

  it('goes through the same checks and says when it goes out', async () => {
    const h = await open()
    const id = await h.add()
    const answer = await h.browser.post(`/scheduled/${id}/edit`, await h.reviewed(id, { include_unsubscribe: '1' }))
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/scheduled'])
    expect(await h.message(id)).toMatchObject({
      status: 'pending',
      dueAt: Date.parse('2026-11-24T17:00:00Z'),
      body: 'Bring a dish\nReply STOP to unsubscribe',
    })
    expect(await h.words('/scheduled')).toContain('Changed. It goes out Tue Nov 24, 10:00 AM. 2 people as of now, about $0.03.')
    expect(await h.trail()).toContain(`scheduled_edited nia scheduled message ${id}`)
  })

  it.each([
    ['message_body', { message_body: 'Hi {nobody}' }],
    ['target', { target: '' }],
    ['event_id', { target: 'event', event_id: '9' }],
    ['schedule_date', { schedule_date: '2026-11-20' }],
    ['schedule_time', { schedule_date: '2027-03-14', schedule_time: '02:30' }],
    ['schedule_fold', { schedule_date: '2027-11-07', schedule_time: '01:30' }],
  ])('is refused at %s, and keeps what was typed', async (field, change) => {
    const h = await open()
    await h.deps.db.insert(events).values({ title: 'Supper', createdAt: 1, updatedAt: 1 })
    const id = await h.add()
    const before = await h.message(id)
    const answer = await h.browser.post(`/scheduled/${id}/edit`, { ...fields, ...change })
    const html = await answer.text()
    expect(answer.status).toBe(422)
    expect(html).toContain(`id="${field}-fault"`)
    expect(html).toContain('message_body' in change ? change.message_body : 'Bring a dish')
    expect(await h.message(id)).toEqual(before)
  })

  it('of one of a series leaves the others, and does not take the time of another', async () => {
    const h = await open()
    await h.repeat()
    const [first, second] = await h.messages()
    const id = first?.id ?? 0
    const taken = { schedule_date: '2026-11-23', schedule_time: '10:30' }
    const answer = await h.browser.post(`/scheduled/${id}/edit`, await h.reviewed(id, taken))
    expect(answer.status).toBe(422)
    expect(wordsOf(await answer.text())).toContain('Another one of this series is at that time.')
    const free = await h.reviewed(id, { ...taken, schedule_time: '12:00' })
    expect((await h.browser.post(`/scheduled/${id}/edit`, free)).status).toBe(303)
    expect(await h.message(second?.id ?? 0)).toEqual(second)
  })

  it('of one that became a blast leads to it', async () => {
    const h = await open()
    const id = await h.add()
    const form = await h.reviewed(id)
    await h.setStatus(id, 'processing')
    const late = async () => (await h.browser.post(`/scheduled/${id}/edit`, form)).text()
    expect(await late()).not.toContain('See the blast')
    await h.deps.db.run(sql`UPDATE scheduled_messages SET log_id = 7 WHERE id = ${id}`)
    expect(wordsOf(await late())).toContain('Stop it on the page of its blast. What you wrote is still here. See the blast')
    expect(await late()).toContain('<a class="btn" href="/logs/7">')
  })

  it.each(['processing', 'sent', 'failed', 'expired', 'cancelled'])(
    'of one that is %s is a conflict, and what was typed is kept',
    async (status) => {
      const h = await open()
      const id = await h.add()
      const form = await h.reviewed(id)
      await h.setStatus(id, status)
      const before = await h.message(id)
      expect((await h.browser.get(`/scheduled/${id}/edit`)).status).toBe(409)
      for (const [path, sent] of [
        ['edit', fields],
        ['edit', form],
        ['edit', { ...fields, message_body: '' }],
        ['edit/again', form],
      ] as const) {
        const answer = await h.browser.post(`/scheduled/${id}/${path}`, sent)
        const html = await answer.text()
        expect([answer.status, boxOf(html)]).toEqual([409, sent.message_body])
        expect(wordsOf(html)).toContain('Too late to change it. It')
        expect(html).toContain('id="compose" method="post" action="/dashboard/edit"')
        expect(wordsOf(html)).toContain('Write it as a new text')
      }
      const anew = await (await h.browser.post('/dashboard/edit', { ...fields, schedule_later: '1' })).text()
      expect(boxOf(anew)).toBe('Bring a dish')
      expect((await h.browser.post(`/scheduled/${id}/cancel`)).status).toBe(409)
      expect(await h.message(id)).toEqual(before)
    },
  )
})

describe('cancel and delete', () => {
  it('cancelled is not sent, and can be written again', async () => {
    const h = await open()
    const id = await h.add({ messageBody: 'Coat drive' })
    expect((await h.browser.post(`/scheduled/${id}/cancel`)).headers.get('location')).toBe('/scheduled')
    expect((await h.message(id)).status).toBe('cancelled')
    const html = await h.browser.text('/scheduled')
    expect(wordsOf(html)).toContain('“Coat drive” is cancelled. Nobody gets it.')
    expect(html).toContain(`href="/dashboard?scheduled=${id}"`)
    expect(await h.browser.text(`/dashboard?scheduled=${id}`)).toContain('Coat drive</textarea>')
    expect(await h.trail()).toContain(`scheduled_cancelled nia scheduled message ${id}`)
    expect((await h.browser.post(`/scheduled/${id}/cancel`)).status).toBe(409)
  })

  it('delete says first what will happen', async () => {
    const h = await open()
    const id = await h.add({ messageBody: 'Coat drive' })
    expect(await h.words(`/scheduled/${id}/delete`)).toContain(
      'Coat drive It waits to be sent: nobody gets it. Blasts that were sent are kept.',
    )
    expect(await h.messages()).toHaveLength(1)
    expect((await h.browser.post(`/scheduled/${id}/delete`)).status).toBe(303)
    expect(await h.messages()).toEqual([])
    expect(await h.trail()).toContain(`scheduled_deleted nia scheduled message ${id}`)
    expect((await h.browser.post(`/scheduled/${id}/delete`)).status).toBe(404)
  })

  it('one that is being sent stays', async () => {
    const h = await open()
    const [id, other] = [await h.add(), await h.add()]
    await h.setStatus(id, 'processing')
    expect((await h.browser.get(`/scheduled/${id}/delete`)).status).toBe(409)
    expect((await h.browser.post(`/scheduled/${id}/delete`)).status).toBe(409)
    await h.browser.post('/scheduled/bulk-delete', { scheduled_ids: [String(id), String(other), '999'] })
    expect((await h.messages()).map((one) => one.id)).toEqual([id])
    expect(await h.words('/scheduled')).toContain('1 scheduled text deleted. 2 texts were left: being sent, or gone already.')
  })

  it('many at once, after a page that says so', async () => {
    const h = await open()
    const ids = [await h.add(), await h.add(), await h.add()]
    await h.setStatus(ids[2] ?? 0, 'sent')
    const query = ids.map((id) => `scheduled_ids=${id}`).join('&')
    const page = await h.browser.text(`/scheduled/bulk-delete?${query}`)
    expect(wordsOf(page)).toContain('Delete 3 scheduled texts? ')
    expect(wordsOf(page)).toContain('2 of them wait to be sent: nobody gets them.')
    expect(page.match(/name="scheduled_ids"/g)).toHaveLength(3)
    await h.browser.post('/scheduled/bulk-delete', { scheduled_ids: ids.map(String) })
    expect(await h.messages()).toEqual([])
    expect(await h.trail()).toContain('scheduled_deleted nia 3 scheduled messages')
    const nothing = await h.browser.post('/scheduled/bulk-delete')
    expect([nothing.status, nothing.headers.get('location')]).toEqual([303, '/scheduled'])
    expect((await h.browser.get('/scheduled/bulk-delete')).headers.get('location')).toBe('/scheduled')
  })

  it.each(['edit', 'cancel', 'delete'])('%s of what is not there is 404', async (act) => {
    const h = await open()
    for (const id of ['99', '0', 'x', '1%20OR%201']) {
      expect((await h.browser.post(`/scheduled/${id}/${act}`, fields)).status).toBe(404)
      if (act !== 'cancel') expect((await h.browser.get(`/scheduled/${id}/${act}`)).status).toBe(404)
    }
  })
})

describe('texts that repeat', () => {
  it('are listed with their rule and what comes next, and ended after a page that says so', async () => {
    const h = await open()
    await h.repeat({ repeat: 'weekly', weekdays: [1, 4], until: '2027-01-31' })
    expect(await h.words('/scheduled/recurring')).toContain(
      'Every Monday and Thursday at 10:30 AM, from today, until Jan 31, 2027, Denver · Everyone Next: Mon Nov 23, 10:30 AM Denver, 17:30 UTC.',
    )
    expect(await h.words('/scheduled/recurring/1/end')).toContain('What still waits of it is cancelled, and no more are made.')
    expect((await h.browser.post('/scheduled/recurring/1/end')).headers.get('location')).toBe('/scheduled/recurring')
    expect(await h.words('/scheduled/recurring')).toContain('It does not repeat any more. 3 texts that waited were cancelled.')
    expect(await h.trail()).toContain('series_ended nia series 1')
    expect((await h.browser.post('/scheduled/recurring/1/end')).status).toBe(409)
    expect((await h.browser.get('/scheduled/recurring/1/end')).status).toBe(409)
    expect((await h.browser.get('/scheduled/recurring/9/end')).status).toBe(404)
    expect((await h.browser.post('/scheduled/recurring/9/end')).status).toBe(404)
  })

  it('is in the box again after its end, with its time and days, for a series that is to be another one', async () => {
    const h = await open()
    await h.repeat({ repeat: 'weekly', weekdays: [1, 4], until: '2027-01-31' })
    await h.browser.post('/scheduled/recurring/1/end')
    expect(await h.browser.text('/scheduled/recurring')).toContain('href="/dashboard?series=1"')
    const asked = async () => {
      const html = await h.browser.text('/dashboard?series=1')
      const value = (name: string) => html.match(new RegExp(`name="${name}"[^>]* value="([^"]*)"`))?.[1]
      const ticked = [...html.matchAll(/<input[^>]*name="(repeat_\d|schedule_later)"[^>]* checked/g)].map(([, name]) => name)
      const often = html.match(/<option value="(\w+)" selected/)?.[1]
      const names = ['schedule_date', 'schedule_time', 'client_timezone', 'repeat_until']
      return { ...Object.fromEntries(names.map((name) => [name, value(name)])), ticked, often }
    }
    const as = {
      schedule_time: '10:30',
      client_timezone: 'America/Denver',
      ticked: ['schedule_later', 'repeat_1', 'repeat_4'],
      often: 'weekly',
    }
    expect(await asked()).toEqual({ ...as, schedule_date: '2026-11-22', repeat_until: '2027-01-31' })
    // An end that is over is none that could be asked for.
    h.clock.now = Date.parse('2027-03-01T18:00:00Z')
    await h.browser.post('/login', { username: 'nia', password })
    expect(await asked()).toEqual({ ...as, schedule_date: '2027-03-01', repeat_until: '' })
  })

  it('is as many times as were left of it, so that nothing that had an end goes on for ever', async () => {
    const h = await open()
    await h.repeat({ repeat: 'daily', count: 5 })
    const times = async () =>
      (await h.browser.text('/dashboard?series=1')).match(/name="repeat_count"[^>]*/)?.[0].match(/value="(\d+)"/)?.[1]
    expect(await times()).toBe('5')
    h.clock.now += 2 * 86_400_000
    await h.browser.post('/login', { username: 'nia', password })
    expect(await times()).toBe('3')
    h.clock.now += 30 * 86_400_000
    await h.browser.post('/login', { username: 'nia', password })
    expect(await times()).toBe('5')
  })
})

describe('the dashboard', () => {
  it('shows what goes out next, and how many there are', async () => {
    const h = await open()
    expect(await h.words('/dashboard')).not.toContain('Scheduled Los')
    for (const n of [4, 1, 3, 2]) await h.add({ messageBody: `Text ${n}`, at: h.clock.now + n * dayMs })
    const words = await h.words('/dashboard')
    expect(words).toContain('All 4 Mon Nov 23, 9:00 AM Text 1 · Everyone Edit Tue Nov 24, 9:00 AM Text 2')
    expect(words).not.toContain('Text 4')
    expect(words).toContain('Los Angeles time. Who gets it is decided when it starts sending.')
  })

  it('tells what was not sent and why, for a week or until it is deleted', async () => {
    const h = await open()
    const id = await h.add({ messageBody: 'Coat drive', at: h.clock.now - 2 * dayMs })
    const reason = (text: string) => h.deps.db.update(scheduledMessages).set({ status: 'expired', reason: text, updatedAt: h.clock.now })
    await reason('late')
    expect(await h.words('/dashboard')).toContain('1 thing needs you')
    expect(await h.words('/dashboard')).toContain('“Coat drive” was not sent. It was due Fri Nov 20, 9:00 AM.')
    await reason('superseded')
    expect(await h.words('/dashboard')).not.toContain('was not sent')
    await reason('nobody')
    expect(await h.words('/dashboard')).toContain('Nobody was left to text')
    await h.browser.post(`/scheduled/${id}/delete`)
    expect(await h.words('/dashboard')).not.toContain('was not sent')
  })
})

describe('who may', () => {
  it('visitors sign in first', async () => {
    const h = await open()
    await h.add()
    const visitor = h.createBrowser()
    for (const path of ['/scheduled', '/scheduled/status', '/scheduled/1/edit']) expect((await visitor.get(path)).status).toBe(303)
    for (const act of ['edit', 'cancel', 'delete']) await visitor.post(`/scheduled/1/${act}`, fields)
    expect((await h.message(1)).status).toBe('pending')
  })
})
