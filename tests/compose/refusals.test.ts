import { describe, expect, it } from 'vitest'
import { boxOf, openOffice, phoneOf, wordsOf, written } from './office'

/** The answer's words, the fault at `field`, and what is still in the box. */
async function refused(answer: Response, field: string) {
  const html = await answer.text()
  expect(answer.status).toBe(422)
  expect(html).toContain('to mend')
  const fault = new RegExp(`id="${field}-fault">[\\s\\S]*?</p>`).exec(html)?.[0] ?? ''
  return { html, words: wordsOf(html), fault: wordsOf(`<p ${fault}`).trim(), box: boxOf(html) }
}

describe('a refused text', () => {
  it.each([
    ['nothing', ''],
    ['white space', ' \r\n\t '],
    ['control characters alone', '\u0000\u0007'],
  ])('needs words: %s', async (_, body) => {
    const office = await openOffice()
    expect((await refused(await office.review({ message_body: body }), 'message_body')).fault).toBe('There is no text yet.')
  })

  it('names every unknown field, links to it and keeps what was typed', async () => {
    const office = await openOffice()
    const body = 'Hi {frist_name}, {{name}} and {code}'
    const { html, fault, box } = await refused(await office.review({ message_body: body, include_unsubscribe: '' }), 'message_body')
    expect(fault).toContain('{frist_name} is not a field. Did you mean {first_name}?')
    expect(fault).toContain('{{name}} is not a field.')
    expect(fault).toContain('{code} is not a field.')
    expect(html).toContain('<a href="#message_body">')
    expect(box).toBe(body)
    expect(html).not.toMatch(/name="include_unsubscribe"[^>]*checked/)
  })

  it('fits with 1,600 characters and is refused with 1,601, the STOP line included', async () => {
    const office = await openOffice()
    const body = 'x'.repeat(1600 - '\nReply STOP to unsubscribe'.length)
    expect((await office.review({ message_body: body })).status).toBe(200)
    const { fault, box } = await refused(await office.review({ message_body: `${body}x` }), 'message_body')
    expect(fault).toBe('1 character too many: a text can have at most 1,600.')
    expect(box).toBe(`${body}x`)
    expect((await office.review({ message_body: 'x'.repeat(1600), include_unsubscribe: '' })).status).toBe(200)
    expect((await office.review({ message_body: 'x'.repeat(1601), include_unsubscribe: '' })).status).toBe(422)
  })

  it('says for whom it is too long', async () => {
    const office = await openOffice(['Jo', 'Bartholomew Oyelaran'])
    const body = `{first_name}${'x'.repeat(1595)}`
    const { fault } = await refused(await office.review({ message_body: body, include_unsubscribe: '' }), 'message_body')
    expect(fault).toBe('For Bartholomew Oyelaran: 6 characters too many: a text can have at most 1,600.')
    await office.optOut(phoneOf(2))
    expect((await office.review({ message_body: body, include_unsubscribe: '' })).status).toBe(200)
  })

  it('counts an emoji as the two units it takes', async () => {
    const office = await openOffice()
    expect((await office.review({ message_body: '🎉'.repeat(800), include_unsubscribe: '' })).status).toBe(200)
    const { fault } = await refused(await office.review({ message_body: '🎉'.repeat(801), include_unsubscribe: '' }), 'message_body')
    expect(fault).toBe('2 characters too many: a text can have at most 1,600.')
  })

  it('needs something left for people without a name', async () => {
    const office = await openOffice(['Maria', ''])
    const answer = await office.review({ message_body: '{first_name|}', include_unsubscribe: '' })
    expect((await refused(answer, 'message_body')).fault).toContain('For people without a name there is no text left.')
  })

  it('answers a huge body in words and one beyond all bounds with 413', async () => {
    const office = await openOffice()
    const { fault } = await refused(await office.review({ message_body: `${'{'.repeat(100_000)}${'a'.repeat(300_000)}` }), 'message_body')
    expect(fault).toContain('398,400 characters too many')
    expect((await office.review({ message_body: 'a'.repeat(1_100_000) })).status).toBe(413)
  })
})

describe('a refused choice', () => {
  it.each([
    ['missing', ''],
    ['unknown', 'everyone'],
  ])('needs to know who gets it: %s', async (_, target) => {
    const office = await openOffice()
    const { fault, box } = await refused(await office.review({ target }), 'target')
    expect(fault).toBe('Choose who gets it.')
    expect(box).toBe(written.message_body)
  })

  it.each([
    ['', 'Choose the event.'],
    ['99', 'This event is not there any more. Choose another one.'],
    ['1 OR 1', 'This event is not there any more. Choose another one.'],
  ])('needs an event that exists: "%s"', async (event_id, words) => {
    const office = await openOffice()
    await office.addEvent('Supper', [{ name: 'Ana', phone: phoneOf(501) }])
    const { html, fault } = await refused(await office.review({ target: 'event', event_id }), 'event_id')
    expect(fault).toBe(words)
    expect(html).toMatch(/value="event"[^>]*checked/)
  })

  it('says so without any events', async () => {
    const office = await openOffice()
    expect((await refused(await office.review({ target: 'event' }), 'event_id')).fault).toBe('Choose the event.')
  })

  it('needs ADMIN_TEST_PHONE for a test', async () => {
    const office = await openOffice(['Maria'], { ADMIN_TEST_PHONE: '' })
    const { html, fault } = await refused(await office.review({ test_mode: '1' }), 'test_mode')
    expect(fault).toBe('ADMIN_TEST_PHONE is not set. Ask whoever runs the server.')
    expect(html).toMatch(/name="test_mode"[^>]*checked/)
  })

  it('names all faults at once', async () => {
    const office = await openOffice(['Maria'], { ADMIN_TEST_PHONE: '' })
    const { words } = await refused(
      await office.review({ message_body: '', target: 'event', test_mode: '1', schedule_later: '1' }),
      'event_id',
    )
    expect(words).toContain('4 things to mend before the review')
  })

  it('says why nobody would get it', async () => {
    const empty = await openOffice([])
    expect((await refused(await empty.review(), 'target')).fault).toBe('There are no members yet. Add people first.')
    const office = await openOffice(['Maria', 'Wei'])
    await office.optOut(phoneOf(1))
    await office.suppress(phoneOf(2))
    expect((await refused(await office.review(), 'target')).fault).toBe(
      'Nobody is left to text: 1 opted out, 1 with a number that does not work.',
    )
    const event = await office.addEvent('Supper')
    const answer = await office.review({ target: 'event', event_id: String(event.id) })
    expect((await refused(answer, 'event_id')).fault).toBe('Supper has no guests yet.')
  })
})

describe('who may', () => {
  it('sends visitors to sign in', async () => {
    const office = await openOffice()
    const visitor = office.createBrowser()
    expect((await visitor.get('/dashboard')).headers.get('location')).toBe('/login?next=%2Fdashboard')
    for (const path of ['/dashboard', '/dashboard/review', '/dashboard/preview', '/dashboard/edit']) {
      expect((await visitor.post(path, written)).headers.get('location')).toBe('/login')
    }
    expect(await office.blasts()).toEqual([])
  })
})
