import { eq } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { messageTemplates } from '../../src/db/schema'
import { boxOf, type Fields, type Office, openOffice, sendForm, wordsOf, written } from '../compose/office'
import { shelve } from './shelf'

const rows = [
  { name: 'Reminder', messageBody: 'Hi {first_name|friend}, tonight at 6.' },
  { name: 'closed', messageBody: 'Closed today.' },
]

let office: Office
beforeEach(async () => {
  office = await openOffice()
  await shelve(office, rows)
})

const use = (fields: Fields, how = 'empty') => office.browser.post('/dashboard/edit', { ...fields, use_template: how })
const used = async () => {
  const all = await office.deps.db.select().from(messageTemplates)
  return all.flatMap(({ id, lastUsedAt, lastUsedBy }) => (lastUsedAt === null ? [] : [[id, lastUsedAt, lastUsedBy]]))
}
const hidden = (html: string, name: string) => new RegExp(`type="hidden" name="${name}" value="([^"]*)"`).exec(html)?.[1]
const chosen = (html: string) => /<option value="(\d*)" selected/.exec(/<select id="template"[\s\S]*?<\/select>/.exec(html)?.[0] ?? '')?.[1]
const nia = async () => (await office.deps.db.query.users.findFirst())?.username

describe('the picker', () => {
  it('is not there while there is nothing to pick', async () => {
    const html = await (await openOffice()).browser.text('/dashboard')
    expect(html).not.toContain('id="template"')
    expect(html).not.toContain('use_template')
  })

  it('offers every template by name', async () => {
    const html = await office.browser.text('/dashboard')
    const select = /<select id="template"[\s\S]*?<\/select>/.exec(html)?.[0] ?? ''
    expect([...select.matchAll(/<option value="(\d+)"[^>]*>([^<]*)/g)].map(([, id, name]) => [id, name])).toEqual([
      ['2', 'closed'],
      ['1', 'Reminder'],
    ])
  })

  it('holds those used last where there are more than anybody scrolls through', async () => {
    await office.d1
      .prepare(`INSERT INTO message_templates (name, name_key, message_body, created_at, updated_at)
        SELECT 'T' || value, 't' || value, 'x', 1, 1 FROM json_each(?)`)
      .bind(JSON.stringify(Array.from({ length: 300 }, (_, i) => i)))
      .run()
    await office.deps.db.update(messageTemplates).set({ lastUsedAt: 1 }).where(eq(messageTemplates.id, 2))
    const options = [...(await office.browser.text('/dashboard')).matchAll(/<option value="\d+"[^>]*>([^<]*)/g)].map(([, name]) => name)
    expect(options).toHaveLength(200)
    expect(options[0]).toBe('closed')
    expect(options).not.toContain('Reminder')
  })

  it('leaves Enter in a field to the review', async () => {
    const form = /<form[^>]* id="compose"[\s\S]*?<\/form>/.exec(await office.browser.text('/dashboard'))?.[0] ?? ''
    const [first = ''] = /<button[^>]*type="submit"[^>]*>/.exec(form) ?? []
    expect(form).toContain('formaction="/dashboard/edit"')
    expect(first).not.toContain('formaction')
  })

  it('fills an empty box and keeps all other fields', async () => {
    const event = await office.addEvent('Supper')
    const choices = { target: 'event', event_id: String(event.id), test_mode: '1', schedule_later: '1', schedule_date: '2026-12-24' }
    const answer = await use({ message_body: ' \n ', template: '1', ...choices })
    const html = await answer.text()
    expect(answer.status).toBe(200)
    expect(boxOf(html)).toBe(rows[0]?.messageBody)
    expect([hidden(html, 'template_id'), chosen(html)]).toEqual(['1', '1'])
    for (const ticked of [/value="event"[^>]*checked/, /name="test_mode"[^>]*checked/, /name="schedule_later"[^>]*checked/])
      expect(html).toMatch(ticked)
    expect(html).toContain('value="2026-12-24"')
    expect(html).not.toMatch(/name="include_unsubscribe"[^>]*checked/)
  })

  it('says what it would replace, keeps it, and replaces it when told so', async () => {
    const mine = { ...written, message_body: 'My own <b>words</b>' }
    const asked = await (await use({ ...mine, template: '2' })).text()
    expect(boxOf(asked)).toBe('My own <b>words</b>')
    expect(wordsOf(asked)).toContain('“closed” takes the place of what is in the box: “My own <b>words</b>”')
    expect(asked).toMatch(/name="use_template" value="replace"/)
    expect([hidden(asked, 'template_id'), chosen(asked)]).toEqual([undefined, '2'])
    const replaced = await (await use({ ...mine, template: '2' }, 'replace')).text()
    expect([boxOf(replaced), hidden(replaced, 'template_id')]).toEqual(['Closed today.', '2'])
    expect(replaced).toMatch(/name="use_template" value="empty"/)
  })

  it('does not ask where nothing is lost: the text of a template as it was picked', async () => {
    const html = await (await use({ ...written, message_body: rows[0]?.messageBody ?? '', template_id: '1', template: '2' })).text()
    expect([boxOf(html), hidden(html, 'template_id')]).toEqual(['Closed today.', '2'])
    const changed = await (
      await use({ ...written, message_body: `${rows[0]?.messageBody} Really.`, template_id: '1', template: '2' })
    ).text()
    expect([boxOf(changed), hidden(changed, 'template_id')]).toEqual([`${rows[0]?.messageBody} Really.`, '1'])
  })

  it.each([
    ['', 'Choose a template first.'],
    ['99', 'This template is not there any more. Choose another one.'],
    ['x', 'This template is not there any more. Choose another one.'],
  ])('refuses “%s” at its field and keeps what was typed', async (template, fault) => {
    const answer = await use({ ...written, template }, 'replace')
    const html = await answer.text()
    expect(answer.status).toBe(422)
    expect(html).toContain('<a href="#template">')
    expect(wordsOf(html)).toContain(fault)
    expect(boxOf(html)).toBe(written.message_body)
  })

  it('still has its choice after a text was refused', async () => {
    const html = await (await office.review({ message_body: '', template: '2' })).text()
    expect([chosen(html), hidden(html, 'template_id')]).toEqual(['2', undefined])
  })

  it('is reached by a link from the list, with a fresh form', async () => {
    const html = await office.browser.text('/dashboard?template=2')
    expect([boxOf(html), hidden(html, 'template_id')]).toEqual(['Closed today.', '2'])
    expect(html).toMatch(/name="include_unsubscribe"[^>]*checked/)
    for (const none of ['99', 'x', '']) expect(boxOf(await office.browser.text(`/dashboard?template=${none}`))).toBe('')
  })
})

describe('last used', () => {
  it('is when a text that began with it was sent, and by whom, whatever was changed in between', async () => {
    const form = await office.reviewed({ template_id: '1', message_body: 'Something else altogether' })
    expect([form.template_id, await used()]).toEqual(['1', []])
    office.clock.now += 5000
    expect((await office.browser.post('/dashboard', form)).status).toBe(303)
    expect(await used()).toEqual([[1, office.clock.now, await nia()]])
  })

  it('is when it was scheduled, once or as a series', async () => {
    for (const [id, more] of [
      ['1', {}],
      ['2', { repeat: 'daily' }],
    ] as const) {
      const later = { schedule_later: '1', schedule_date: '2026-12-24', schedule_time: '18:00', ...more }
      expect((await office.browser.post('/dashboard', await office.reviewed({ template_id: id, ...later }))).status).toBe(303)
    }
    expect((await used()).map(([id]) => id)).toEqual([1, 2])
  })

  it('is not a review, a refusal, a way back or a picker that was only looked at', async () => {
    const form = await office.reviewed({ template_id: '1' })
    await office.browser.post('/dashboard', { ...form, message_body: 'Changed meanwhile' })
    await office.browser.post('/dashboard', { ...written, template_id: '1', target: '' })
    await office.browser.post('/dashboard/edit', form)
    await office.browser.post('/dashboard', { ...(await office.reviewed()), template: '2' })
    expect(await used()).toEqual([])
  })

  it('stays with the first press', async () => {
    const form = await office.reviewed({ template_id: '1' })
    await office.browser.post('/dashboard', form)
    const first = await used()
    office.clock.now += 5000
    await office.browser.post('/dashboard', form)
    expect(await used()).toEqual(first)
  })

  it.each(['gone', '99', '0', 'x', "1' OR 1"])('a template that is not there is no fault of the send: %s', async (id) => {
    const form = await office.reviewed({ template_id: id === 'gone' ? '1' : id })
    if (id === 'gone') await office.browser.post('/templates/1/delete')
    expect((await office.browser.post('/dashboard', form)).status).toBe(303)
    expect([(await office.blasts()).length, await used()]).toEqual([1, []])
  })

  it('rides along on every form of the review page', async () => {
    const html = await (await office.review({ template_id: '1', message_body: 'It’s on' })).text()
    const forms = [...html.matchAll(/<form[\s\S]*?<\/form>/g)].map(([form]) => form).filter((form) => form.includes('name="message_body"'))
    expect(forms.length).toBeGreaterThan(2)
    expect(forms.map((form) => hidden(form, 'template_id'))).toEqual(forms.map(() => '1'))
  })
})

describe('saving a text as a template', () => {
  const typed = { ...written, target: 'event', test_mode: '1', schedule_later: '1', schedule_date: '2026-12-24', schedule_time: '18:00' }

  /** All hidden fields of the page that asks for the name. */
  const nameForm = (html: string) => sendForm(html.replace('action="/templates/add"', 'id="send"'))

  it('is a button of the review, asks for a name only, and goes back to all that was typed', async () => {
    const event = await office.addEvent('Supper', [{ name: 'Ana', phone: '+13235550501' }])
    const review = await (await office.review({ ...typed, event_id: String(event.id) })).text()
    expect(review).toMatch(/form[\s\S]*id="send"[\s\S]*formaction="\/templates\/keep"/)
    const asked = await office.browser.post('/templates/keep', sendForm(review))
    const html = await asked.text()
    expect(asked.status).toBe(200)
    expect(html).toContain('value="Supper at 6."')
    const saved = await office.browser.post('/templates/add', { ...nameForm(html), name: 'Supper call' })
    expect(saved.status).toBe(303)
    const to = saved.headers.get('location') ?? ''
    expect(to).toMatch(/^\/dashboard\?template=3&/)
    expect(to).not.toContain('friend')
    const back = await office.browser.text(to)
    expect(wordsOf(back)).toContain('“Supper call” is saved as a template. Your text is still here.')
    expect([boxOf(back), hidden(back, 'template_id')]).toEqual([written.message_body, '3'])
    for (const ticked of [
      /value="event"[^>]*checked/,
      /name="test_mode"[^>]*checked/,
      /name="include_unsubscribe"[^>]*checked/,
      /name="schedule_later"[^>]*checked/,
    ])
      expect(back).toMatch(ticked)
    for (const value of ['2026-12-24', '18:00']) expect(back).toContain(`value="${value}"`)
    expect(back).toMatch(new RegExp(`<option value="${event.id}" selected`))
  })

  it('keeps the STOP line off where it was off', async () => {
    const html = await (await office.browser.post('/templates/keep', { ...written, include_unsubscribe: '' })).text()
    const saved = await office.browser.post('/templates/add', { ...nameForm(html), name: 'Plain' })
    expect(await office.browser.text(saved.headers.get('location') ?? '')).not.toMatch(/name="include_unsubscribe"[^>]*checked/)
  })

  it('refuses a taken name on the same page, with everything in it', async () => {
    const asked = nameForm(await (await office.browser.post('/templates/keep', typed)).text())
    const answer = await office.browser.post('/templates/add', { ...asked, name: 'REMINDER' })
    const html = await answer.text()
    expect(answer.status).toBe(422)
    expect(wordsOf(html)).toContain('“Reminder” has this name already.')
    expect(nameForm(html)).toEqual(asked)
    const back = await office.browser.post('/dashboard/edit', asked)
    expect(boxOf(await back.text())).toBe(written.message_body)
  })

  it('refuses a text that cannot be sent, which is still there to go back to', async () => {
    const answer = await office.browser.post('/templates/keep', { ...typed, message_body: 'Hi {nme}' })
    const html = await answer.text()
    expect(answer.status).toBe(422)
    expect(wordsOf(html)).toContain('{nme} is not a field. Did you mean {name}?')
    expect(nameForm(html).message_body).toBe('Hi {nme}')
  })
})
