import { describe, expect, it } from 'vitest'
import { boxOf, openOffice, phoneOf, sendForm, wordsOf, written } from './office'

const inWords = async (answer: Response) => wordsOf(await answer.text())

describe('the review page', () => {
  it('shows each final text with its filled-in words marked, names and text escaped', async () => {
    const office = await openOffice(['<b>Eve</b> & Co', ''])
    const html = await (await office.review({ message_body: 'Dear {first_name|friend}, 1 < 2 <script>' })).text()
    expect(html).toContain('Dear <mark>&lt;b&gt;Eve&lt;/b&gt;</mark>, 1 &lt; 2 &lt;script&gt;')
    expect(html).toContain('Dear <mark>friend</mark>, 1 &lt; 2 &lt;script&gt;\nReply STOP to unsubscribe')
    expect(html).not.toContain('<b>Eve')
  })

  it('sums up the audience, keeping reasons that left nobody out', async () => {
    const office = await openOffice(['A', 'B', 'C', 'D', 'E'])
    await office.optOut(phoneOf(1))
    await office.optOut(phoneOf(2))
    await office.suppress(phoneOf(2))
    await office.suppress(phoneOf(3))
    const words = await inWords(await office.review())
    expect(words).toContain('All members 5 Opted out − 2 Number does not work − 1 Same phone twice − 0 People 2')
    expect(words).toContain('Left out: 3')
    expect(words).toContain('Text 2 people now')
  })

  it('counts parts and price exactly, and says the alphabet and the sender', async () => {
    const office = await openOffice(['Jo', 'Bartholomew'], { PRICE_PER_PART: '0.5' })
    // 25 + 1 units are the STOP line; 160 fit for Jo, 169 for Bartholomew do not.
    const words = await inWords(await office.review({ message_body: `{first_name}${'x'.repeat(132)}` }))
    expect(words).toContain('1 person × 1 part 1 1 person × 2 parts 2 Price a part × $0.50 About $1.50')
    expect(words).toContain('Alphabet Plain (GSM-7) Each text 1 or 2 parts All parts 3 From (323) 630-0201')
    expect(words).toContain('Now, with 15 s to undo')
    expect(words).toContain('Up to 9 characters too many for one part. For 1 of 2 people the text counts as more than one.')
  })

  it('says how many characters are too many for one part', async () => {
    const office = await openOffice()
    const words = await inWords(await office.review({ message_body: 'x'.repeat(172), include_unsubscribe: '0' }))
    expect(words).toContain('12 characters too many for one part. Each text counts as 2.')
  })

  it('names the character that forces UCS-2, prices it, and mends it with one press', async () => {
    const office = await openOffice(['Maria', 'Wei'], { PRICE_PER_PART: '1' })
    const answer = await office.review({ message_body: `Supper in St. Brigid’s Hall. ${'x'.repeat(80)}` })
    const html = await answer.text()
    const words = wordsOf(html)
    expect(words).toContain(
      'One character costs you $4.00. The curly ’ in “Brigid’s” makes this a UCS-2 text, so each takes 3 parts instead of 1.',
    )
    expect(words).toContain("With a plain ' the whole blast costs $2.00, and nobody sees a difference.")
    const mend = /<form method="post" action="\/dashboard\/review"><input[\s\S]*?<\/form>/.exec(html)?.[0] ?? ''
    const fields = sendForm(
      mend.replace('<form', '<form id="send"').replace(' id="send" method', ' method').replace('<form', '<form id="send"'),
    )
    expect(fields.message_body).toBe(`Supper in St. Brigid's Hall. ${'x'.repeat(80)}`)
    expect(fields.submission_id).toBeUndefined()
    const mended = await inWords(await office.browser.post('/dashboard/review', fields))
    expect(mended).toContain('Alphabet Plain (GSM-7) Each text 1 part')
    expect(mended).not.toContain('to look at')
  })

  it('says that an emoji makes parts shorter and offers nothing in its place', async () => {
    const office = await openOffice()
    const words = await inWords(await office.review({ message_body: 'Party 🎉' }))
    expect(words).toContain('One character makes each part shorter. The 🎉 is not in the plain phone alphabet')
    expect(words).not.toContain('Use the plain one')
    expect(words).toContain('Alphabet UCS-2')
  })

  it('blames no curly quote while an emoji stays, and offers no mend that changes nothing', async () => {
    const office = await openOffice()
    const words = await inWords(await office.review({ message_body: 'It’s a party 🎉' }))
    expect(words).toContain('2 characters make each part shorter. The curly ’ 🎉 are not in the plain phone alphabet')
    expect(words).toContain('Without 🎉 the rest can be written plain.')
    expect(words).not.toContain('Use the plain')
  })

  it('tells of names that make a plain text longer', async () => {
    const office = await openOffice(['Zoë', 'Maria'])
    const words = await inWords(await office.review())
    expect(words).toContain('1 name makes its text longer.')
    expect(words).toContain('UCS-2 for 1, else GSM-7')
  })

  it('pages through every text, samples first, and finds a person by name or phone', async () => {
    const names = Array.from({ length: 45 }, (_, index) => `Guest ${String(index + 1).padStart(2, '0')}`)
    const office = await openOffice([...names, 'Bartholomew Oyelaran', ''])
    const first = await inWords(await office.review())
    expect(first).toContain('Longest text')
    expect(first).toContain('Shortest text')
    expect(first).toContain('1 person without a name')
    expect(first).toContain('1 to 20 of 47 texts')
    expect(await (await office.review()).text()).toContain('<details class="more">')
    expect(await (await office.review({ page: '1' })).text()).toContain('<details class="more" open="">')
    const last = await inWords(await office.review({ page: '3' }))
    expect(last).toContain('41 to 47 of 47 texts')
    expect(last).toContain('Guest 45')
    expect(last).not.toContain('Guest 20')
    expect(await inWords(await office.review({ page: '99' }))).toContain('41 to 47 of 47 texts')

    const byName = await inWords(await office.review({ search: 'oyelaran' }))
    expect(byName).toContain('Bartholomew Oyelaran')
    expect(byName).not.toContain('Guest 01')
    expect(byName).toContain('Text 47 people now')
    expect(await inWords(await office.review({ search: '(323) 555-0007' }))).toContain('Guest 07')
    expect(await inWords(await office.review({ search: 'nobody at all' }))).toContain('Nobody who gets this text matches “nobody at all”.')
  })

  it('calls no text the longest where all are as long, and none the first where it is the only one', async () => {
    const office = await openOffice(['Jo', 'Al'])
    const same = await inWords(await office.review())
    expect(same).toContain('First on the list')
    expect(same).not.toContain('Longest text')
    expect(await inWords(await office.review({ test_mode: '1' }))).not.toContain('First on the list')
  })

  it('finds a guest of an event, whatever wildcards are typed', async () => {
    const office = await openOffice()
    const event = await office.addEvent('Supper', [
      { name: 'Ana_100%', phone: phoneOf(501) },
      { name: 'Ben', phone: phoneOf(502) },
    ])
    const at = { target: 'event', event_id: String(event.id) }
    const found = await inWords(await office.review({ ...at, search: '_100%' }))
    expect(found).toContain('Ana_100%')
    expect(found).not.toContain('(323) 555-0502')
    expect(await inWords(await office.review({ ...at, search: '555-0502' }))).toContain('Ben')
    expect((await office.review({ ...at, search: 'é'.repeat(100) })).status).toBe(200)
  })

  it('keeps the submission over a search, so that a press there is no second send', async () => {
    const office = await openOffice()
    const form = await office.reviewed()
    const again = sendForm(await (await office.review({ search: 'maria', submission_id: form.submission_id ?? '' })).text())
    expect(again.submission_id).toBe(form.submission_id)
    expect(again.review_token).toBe(form.review_token)
  })

  it('warns of almost the same text to the same people in the last 24 hours', async () => {
    const office = await openOffice(['A', 'B', 'C', 'D'])
    await office.browser.post('/dashboard', await office.reviewed({ message_body: 'Supper is tonight at 6 in the hall, bring a dish!' }))
    const same = { message_body: 'SUPPER is tonight at 6, in the hall. Bring a dish' }
    expect(await inWords(await office.review(same))).toContain('All 4 of these people are getting almost the same text right now.')

    await office.d1.exec(`UPDATE message_logs SET status = 'sent', finished_at = 1`)
    await office.d1.exec(`UPDATE message_deliveries SET status = 'delivered' WHERE id % 2 = 0`)
    await office.d1.exec(`UPDATE message_deliveries SET status = 'failed' WHERE id % 2 = 1`)
    office.clock.now += 3 * 3_600_000
    office.browser.jar.clear()
    const later = await office.signIn('admin')
    const review = async (body: string) => inWords(await later.post('/dashboard/review', { ...written, message_body: body }))
    expect(await review(same.message_body)).toContain('2 of these people got almost the same text 3 hours ago.')
    const other = await review('The pantry is closed on Wednesday')
    expect(other).not.toContain('almost the same text')
    expect(other).toContain('2 of these people got another text of ours 3 hours ago. People who get several texts a day opt out sooner.')
    const ahead = { schedule_later: '1', schedule_date: '2026-11-25', schedule_time: '10:00' }
    const far = await inWords(await later.post('/dashboard/review', { ...written, message_body: 'Closed on Friday', ...ahead }))
    expect(far).not.toContain('another text of ours')
    office.clock.now += 22 * 3_600_000
    const tomorrow = await office.signIn('admin')
    expect(await inWords(await tomorrow.post('/dashboard/review', { ...written, ...same }))).not.toContain('almost the same text')
  })

  it('gives everything back to the box', async () => {
    const office = await openOffice()
    const form = await office.reviewed({ message_body: 'One\r\ntwo "quoted" & <b>', test_mode: '1' })
    const answer = await office.browser.post('/dashboard/edit', form)
    const html = await answer.text()
    expect(answer.status).toBe(200)
    expect(boxOf(html)).toBe('One\ntwo "quoted" & <b>')
    expect(html).toMatch(/name="test_mode"[^>]*checked/)
    expect(html).toMatch(/name="include_unsubscribe"[^>]*checked/)
  })
})
