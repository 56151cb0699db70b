import { describe, expect, it } from 'vitest'
import { boxOf, openOffice, phoneOf, wordsOf, written } from './office'

describe('the compose form', () => {
  it('is fresh: everyone, with the STOP line, nothing written', async () => {
    const office = await openOffice(['A', 'B', 'C'])
    await office.optOut(phoneOf(1))
    const html = await office.browser.text('/dashboard')
    expect(html).toMatch(/name="include_unsubscribe"[^>]*checked/)
    expect(html).not.toMatch(/name="test_mode"[^>]*checked/)
    expect(html).toMatch(/value="community"[^>]*checked/)
    expect(html).not.toMatch(/name="schedule_later"[^>]*checked/)
    expect(boxOf(html)).toBe('')
    expect(wordsOf(html)).toContain('Everyone All members 2')
  })

  it('has only its own fields', async () => {
    const office = await openOffice()
    await office.addEvent('Supper')
    const html = await office.browser.text('/dashboard')
    const form = /<form class="card compose"[\s\S]*?<\/form>/.exec(html)?.[0] ?? ''
    const names = [...form.matchAll(/ name="([^"]+)"/g)].map(([, name]) => name)
    const when = ['client_timezone', 'schedule_date', 'schedule_later', 'schedule_time']
    const repeats = ['repeat', ...[1, 2, 3, 4, 5, 6, 7].map((day) => `repeat_${day}`), 'repeat_count', 'repeat_month_day', 'repeat_until']
    const own = ['event_id', 'include_unsubscribe', 'message_body', 'submission_id', 'target', 'test_mode', ...when, ...repeats]
    expect([...new Set(names)].sort()).toEqual(own.sort())
  })

  it('promises a phone that fills itself only where there is a script', async () => {
    const office = await openOffice()
    expect(await office.browser.text('/dashboard')).toContain('<span class="needs-script">Your text shows here. </span>')
  })

  it('cannot choose an event while there is none', async () => {
    const office = await openOffice()
    const html = await office.browser.text('/dashboard')
    expect(html).toMatch(/value="event"[^>]*disabled/)
    expect(wordsOf(html)).toContain('no events yet')
  })

  it('offers events ahead first, with their guests', async () => {
    const office = await openOffice()
    await office.addEvent('Last week', [], '2026-11-15')
    await office.addEvent('Next month', [{ name: 'Ana', phone: phoneOf(501) }], '2026-12-20')
    await office.addEvent('Tonight & after', [], '2026-11-22')
    const html = await office.browser.text('/dashboard')
    const options = [...html.matchAll(/<option value="\d+"[^>]*>([^<]*)/g)].map(([, label]) => label)
    expect(options).toEqual(['Tonight &amp; after, today · 0 guests', 'Next month, Dec 20 · 1 guest', 'Last week, Nov 15 · 0 guests'])
    expect(html).not.toMatch(/value="event"[^>]*disabled/)
  })

  it('takes the text of an earlier blast back, without its STOP line', async () => {
    const office = await openOffice()
    await office.browser.post('/dashboard', await office.reviewed())
    const [blast] = await office.blasts()
    const html = await office.browser.text(`/dashboard?from=${blast?.id}`)
    expect(boxOf(html)).toBe(written.message_body)
    expect(html).toMatch(/name="include_unsubscribe"[^>]*checked/)
    expect(boxOf(await office.browser.text('/dashboard?from=999'))).toBe('')
    expect(boxOf(await office.browser.text('/dashboard?from=x'))).toBe('')
  })

  it('goes back to the form from a reloaded review', async () => {
    const office = await openOffice()
    const answer = await office.browser.get('/dashboard/review')
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/dashboard'])
  })
})

describe('the live preview', () => {
  const preview = async (office: Awaited<ReturnType<typeof openOffice>>, fields: Record<string, string> = {}) => {
    const answer = await office.browser.post('/dashboard/preview', { ...written, ...fields })
    expect(answer.status).toBe(200)
    const html = await answer.text()
    return { html, words: wordsOf(html) }
  }

  it('counts for everyone and shows the text as the first reachable member gets it', async () => {
    const office = await openOffice(['Ana Alvarez', 'Maria Diaz', ''], { PRICE_PER_PART: '0.5' })
    await office.optOut(phoneOf(1))
    const { html, words } = await preview(office)
    expect(html).toContain('Hi <mark>Maria</mark>, supper at 6.\nReply STOP to unsubscribe')
    expect(words).toContain('1 part each about $1.00 49 characters')
    expect(words).toContain('As Maria Diaz gets it')
    expect(words).toContain('1 person has no name: this one gets “friend”')
    expect(html).not.toContain('<html')
  })

  it('goes on to the next person and begins again after the last', async () => {
    const office = await openOffice(['Ana', 'Maria'])
    expect((await preview(office, { next: '1' })).words).toContain('As Maria gets it')
    const { html, words } = await preview(office, { person: '1', next: '1' })
    expect(words).toContain('As Ana gets it')
    expect(html).toContain('name="person" value="0"')
    expect((await preview(office, { person: '1' })).words).toContain('As Maria gets it')
  })

  it('offers no plain characters while an emoji keeps the parts short', async () => {
    const office = await openOffice(['Ana'])
    const { html, words } = await preview(office, { message_body: 'It’s a party 🎉' })
    expect(words).toContain('’ 🎉 are not in the plain phone alphabet: a part holds 70 characters instead of 160.')
    expect(html).not.toContain('formaction="/dashboard/edit"')
  })

  it('names the character that costs money', async () => {
    const office = await openOffice(['Ana'], { PRICE_PER_PART: '1' })
    const { html, words } = await preview(office, { message_body: `It’s ${'x'.repeat(100)}` })
    expect(words).toContain('’ costs you $1.00. Written plain it is $1.00.')
    expect(html).toContain('formaction="/dashboard/edit"')
    const edited = await office.browser.post('/dashboard/edit', { ...written, message_body: 'It’s “on”', plain: '1' })
    expect(boxOf(await edited.text())).toBe(`It's "on"`)
  })

  it.each([
    ['no text', { message_body: '' }, 'Nothing written yet'],
    ['an unknown field', { message_body: 'Hi {nme}' }, '{nme} is not a field. Did you mean {name}?'],
    ['no event chosen', { target: 'event' }, '1 part each'],
    ['sending later', { schedule_later: '1' }, 'As Maria Alvarez gets it'],
  ])('never refuses: %s', async (_, fields, words) => {
    const office = await openOffice()
    expect((await preview(office, fields)).words).toContain(words)
  })
})
