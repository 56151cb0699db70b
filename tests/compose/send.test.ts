import { describe, expect, it } from 'vitest'
import { communityMembers } from '../../src/db/schema'
import { openOffice, phoneOf, sendForm, wordsOf, written } from './office'

describe('sending what was reviewed', () => {
  it('stores the blast with the STOP line, for everybody, and goes to its page', async () => {
    const office = await openOffice()
    const form = await office.reviewed()
    const answer = await office.browser.post('/dashboard', form)
    const [blast] = await office.blasts()
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toBe(`/logs/${blast?.id}`)
    expect(blast?.message_body).toBe('Hi {first_name|friend}, supper at 6.\nReply STOP to unsubscribe')
    expect((await office.recipients()).sort()).toEqual([phoneOf(1), phoneOf(2), phoneOf(3)])
    expect(office.nudges.map(({ job, delayMs }) => [job.type, delayMs])).toEqual([['send', 15_000]])
    const audit = await office.d1.prepare(`SELECT event_type, subject FROM audit_events WHERE event_type = 'blast_sent'`).all()
    expect(audit.results).toEqual([{ event_type: 'blast_sent', subject: `blast ${blast?.id}` }])
    expect(await office.browser.text(`/logs/${blast?.id}`)).toContain('Your text for 3 people is stored.')
  })

  it('leaves the STOP line out when its box is not ticked', async () => {
    const office = await openOffice()
    const { include_unsubscribe: _, ...fields } = written
    const form = sendForm(await (await office.browser.post('/dashboard/review', fields)).text())
    await office.browser.post('/dashboard', form)
    expect((await office.blasts())[0]?.message_body).toBe('Hi {first_name|friend}, supper at 6.')
  })

  it('shows the review and sends nothing without a token', async () => {
    const office = await openOffice()
    const answer = await office.browser.post('/dashboard', written)
    expect(answer.status).toBe(200)
    expect(wordsOf(await answer.text())).toContain('Text 3 people now')
    const { review_token: _, ...form } = await office.reviewed()
    expect((await office.browser.post('/dashboard', form)).status).toBe(200)
    expect(await office.blasts()).toEqual([])
  })

  it.each([
    ['missing', ''],
    ['odd', "x'; --"],
    ['far too long', 'a'.repeat(100)],
  ])('shows a fresh review when the submission id is %s', async (_, id) => {
    const office = await openOffice()
    const form = await office.reviewed()
    const answer = await office.browser.post('/dashboard', { ...form, submission_id: id })
    const html = await answer.text()
    expect(answer.status).toBe(200)
    expect(sendForm(html).submission_id).not.toBe(id)
    expect(await office.blasts()).toEqual([])
  })

  it('takes two presses at once for one send', async () => {
    const office = await openOffice()
    const form = await office.reviewed()
    const answers = await Promise.all([office.browser.post('/dashboard', form), office.browser.post('/dashboard', form)])
    expect(answers.map(({ status }) => status)).toEqual([303, 303])
    expect(new Set(answers.map(({ headers }) => headers.get('location'))).size).toBe(1)
    expect(await office.blasts()).toHaveLength(1)
    expect((await office.recipients()).sort()).toEqual([phoneOf(1), phoneOf(2), phoneOf(3)])
    const audit = await office.d1.prepare(`SELECT count(*) AS n FROM audit_events WHERE event_type = 'blast_sent'`).first('n')
    expect(audit).toBe(1)
  })

  it('says so when it was pressed twice, even though the audience changed in between', async () => {
    const office = await openOffice()
    const form = await office.reviewed()
    const first = await office.browser.post('/dashboard', form)
    await office.optOut(phoneOf(1))
    const second = await office.browser.post('/dashboard', form)
    expect(second.status).toBe(303)
    expect(second.headers.get('location')).toBe(first.headers.get('location'))
    expect(wordsOf(await office.browser.text('/dashboard'))).toContain('This is your earlier send. You pressed twice; it went out once.')
    expect(await office.blasts()).toHaveLength(1)
  })
})

describe('something changed while staff read', () => {
  it('shows the review again where the texts would come from another number, and sends nothing', async () => {
    const office = await openOffice()
    const form = await office.reviewed()
    office.deps.sms = { ...office.deps.sms, sender: '+13236300299' }
    const answer = await office.browser.post('/dashboard', form)
    expect(answer.status).toBe(409)
    expect(wordsOf(await answer.text())).toContain('From (323) 630-0299')
    expect(await office.blasts()).toEqual([])
  })

  it('says that somebody opted out, and sends nothing', async () => {
    const office = await openOffice()
    const form = await office.reviewed()
    await office.optOut(phoneOf(1))
    await office.optOut(phoneOf(2))
    const answer = await office.browser.post('/dashboard', form)
    const html = await answer.text()
    expect(answer.status).toBe(409)
    expect(wordsOf(html)).toContain('The audience changed while you read: 2 people opted out. Please check again.')
    expect(wordsOf(html)).toContain('Text 1 person now')
    expect(await office.blasts()).toEqual([])

    const again = sendForm(html)
    expect(again.submission_id).toBe(form.submission_id)
    expect((await office.browser.post('/dashboard', again)).status).toBe(303)
    expect(await office.recipients()).toEqual([phoneOf(3)])
  })

  it('says who joined', async () => {
    const office = await openOffice()
    const form = await office.reviewed()
    await office.deps.db.insert(communityMembers).values({ name: 'New', phone: phoneOf(77), createdAt: 1, updatedAt: 1 })
    const answer = await office.browser.post('/dashboard', form)
    expect(answer.status).toBe(409)
    expect(wordsOf(await answer.text())).toContain('1 person joined')
  })

  it('asks again when a name was edited, though no count changed', async () => {
    const office = await openOffice()
    const form = await office.reviewed()
    office.clock.now += 1000
    await office.deps.db.update(communityMembers).set({ name: 'Marie', updatedAt: office.clock.now })
    const answer = await office.browser.post('/dashboard', form)
    expect(answer.status).toBe(409)
    expect(wordsOf(await answer.text())).toContain('Something changed while you read')
  })

  it.each([
    ['text', { message_body: 'Something else' }],
    ['STOP line', { include_unsubscribe: '' }],
    ['mode', { test_mode: '1' }],
    ['token', { review_token: 'f'.repeat(64) }],
  ])('asks again when the %s is not the one that was reviewed', async (_, other) => {
    const office = await openOffice()
    const form = await office.reviewed()
    expect((await office.browser.post('/dashboard', { ...form, ...other })).status).toBe(409)
    expect(await office.blasts()).toEqual([])
  })

  it('asks again when the price of a part is another one', async () => {
    const office = await openOffice()
    const form = await office.reviewed()
    office.deps.config.pricePerPart = 0.5
    expect((await office.browser.post('/dashboard', form)).status).toBe(409)
  })

  it('refuses with the reason when nobody is left', async () => {
    const office = await openOffice(['Maria'])
    const form = await office.reviewed()
    await office.optOut(phoneOf(1))
    const answer = await office.browser.post('/dashboard', form)
    expect(answer.status).toBe(422)
    expect(wordsOf(await answer.text())).toContain('Nobody is left to text: 1 opted out.')
  })
})

describe('who gets it', () => {
  it('texts the guests of the event and nobody else', async () => {
    const office = await openOffice()
    await office.addEvent('Coat drive', [{ name: 'Cleo', phone: phoneOf(503) }])
    const event = await office.addEvent('Harvest Supper', [
      { name: 'Ana', phone: phoneOf(501) },
      { name: 'Ben', phone: phoneOf(502) },
    ])
    const form = await office.reviewed({ target: 'event', event_id: String(event.id) })
    await office.browser.post('/dashboard', form)
    expect(await office.recipients()).toEqual([phoneOf(501), phoneOf(502)])
    expect((await office.blasts())[0]?.target).toBe('event')
  })

  it('leaves out who opted out and whose number does not work', async () => {
    const office = await openOffice()
    await office.optOut(phoneOf(1))
    await office.suppress(phoneOf(2))
    await office.browser.post('/dashboard', await office.reviewed())
    expect(await office.recipients()).toEqual([phoneOf(3)])
    expect((await office.blasts())[0]?.excluded_opted_out).toBe(1)
  })

  it('sends a test to the office phone alone', async () => {
    const office = await openOffice()
    const page = wordsOf(await (await office.review({ test_mode: '1' })).text())
    expect(page).toContain('Text the office phone now')
    expect(page).toContain('Hi friend , supper at 6.')
    await office.browser.post('/dashboard', await office.reviewed({ test_mode: '1' }))
    expect(await office.recipients()).toEqual(['+13235559999'])
    expect((await office.blasts())[0]?.test_mode).toBe(1)
  })
})
