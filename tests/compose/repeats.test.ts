import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { openDatabase } from '../../src/db/database'
import { seedBlast } from '../blasts/seed'
import { type Office, openOffice, phoneOf, wordsOf, written } from './office'

const body = written.message_body ?? ''
const hour = 3_600_000
const ago = (office: Office, hours: number) => office.clock.now - hours * hour
const inWords = async (answer: Response) => wordsOf(await answer.text())

/** Four blasts in the last hours, to others; each with what a test says of it. */
async function decoys(office: Office, messageBody: string) {
  for (let n = 1; n <= 4; n++) {
    const to = [{ status: 'delivered', phone: phoneOf(900 + n) }] as const
    await seedBlast(office, { status: 'sent', messageBody, createdAt: ago(office, n) }, [...to])
  }
}

const toAll = [1, 2, 3].map((n) => ({ status: 'delivered' as const, phone: phoneOf(n) }))

it('almost the same text is seen behind four others that went to nobody of these', async () => {
  const office = await openOffice()
  await decoys(office, body)
  const found = await seedBlast(office, { status: 'sent', messageBody: body, createdAt: ago(office, 6) }, toAll)
  const html = await (await office.review()).text()
  expect(wordsOf(html)).toContain('All 3 of these people got almost the same text 6 hours ago.')
  expect(html).toContain(`href="/logs/${found}"`)
})

it('another text is seen behind four others that went to nobody of these', async () => {
  const office = await openOffice()
  await decoys(office, 'The pantry is closed')
  await seedBlast(office, { status: 'sent', messageBody: 'The pantry is open', createdAt: ago(office, 6) }, toAll)
  expect(await inWords(await office.review())).toContain('All 3 of these people got another text of ours 6 hours ago.')
})

it('the one to the same list is told, rather than a newer one that reached a few of them', async () => {
  const office = await openOffice()
  const event = await office.addEvent('Supper', [{ name: 'A', phone: phoneOf(1) }])
  const toEvent = { status: 'sent', target: 'event', eventId: event.id, messageBody: body } as const
  await seedBlast(office, { status: 'sent', messageBody: body, createdAt: ago(office, 5) }, toAll)
  await seedBlast(office, { ...toEvent, createdAt: ago(office, 4) }, toAll.slice(0, 1))
  await seedBlast(office, { ...toEvent, eventId: 99, createdAt: ago(office, 3) }, toAll.slice(0, 1))
  expect(await inWords(await office.review())).toContain('All 3 of these people got almost the same text 5 hours ago.')
  const guests = await inWords(await office.review({ target: 'event', event_id: String(event.id) }))
  expect(guests).toContain('This person got almost the same text 4 hours ago.')
})

it('counts those alone who would get this text: not who opted out, nor whose number does not work, nor whom it did not reach', async () => {
  const office = await openOffice(['A', 'B', 'C', 'D', 'E'])
  const outcomes = (['delivered', 'delivered', 'failed', 'unknown', 'delivered'] as const).map((status, n) => ({
    status,
    phone: phoneOf(n + 1),
  }))
  await seedBlast(office, { status: 'sent', messageBody: body, createdAt: ago(office, 2) }, outcomes)
  await office.optOut(phoneOf(1))
  await office.suppress(phoneOf(2))
  expect(await inWords(await office.review())).toContain('2 of these people got almost the same text 2 hours ago.')
  await office.optOut(phoneOf(4))
  await office.suppress(phoneOf(5))
  expect(await inWords(await office.review())).not.toContain('to look at')
})

it('a test to the office’s phone is no blast to whoever has that phone', async () => {
  const office = await openOffice()
  await seedBlast(office, { status: 'sent', messageBody: body, testMode: true }, toAll.slice(0, 1))
  expect(await inWords(await office.review())).not.toContain('to look at')
})

it('counts a blast that is larger than the list from the list’s side, and finds the same', async () => {
  const office = await openOffice()
  const others = [11, 12, 13, 14].map((n) => ({ status: 'delivered' as const, phone: phoneOf(n) }))
  await seedBlast(office, { status: 'sent', messageBody: body, createdAt: ago(office, 2) }, [...others, ...toAll.slice(1)])
  expect(await inWords(await office.review())).toContain('2 of these people got almost the same text 2 hours ago.')
})

it('the smaller side is read by ranges of ids, and the other is looked up by phone', async () => {
  const office = await openOffice()
  const asked: string[] = []
  const d1 = new Proxy(office.d1, {
    get(target, name) {
      if (name !== 'prepare') return Reflect.get(target, name).bind(target)
      return (text: string) => {
        asked.push(text)
        return target.prepare(text)
      }
    },
  })
  await seedBlast(office, { status: 'sent', messageBody: body }, toAll.slice(1))
  await seedBlast(office, { status: 'sent', messageBody: 'Another', createdAt: ago(office, 1) }, [
    ...[11, 12, 13, 14].map((n) => ({ status: 'delivered' as const, phone: phoneOf(n) })),
  ])
  await office.d1.exec(`UPDATE message_deliveries SET status = 'failed'`)
  office.deps.db = openDatabase(d1)
  await office.review()
  const joins = asked.filter((text) => /CROSS JOIN/.test(text) && /message_deliveries d/.test(text))
  expect(joins.map((text) => /CROSS JOIN message_deliveries d/.test(text))).toEqual([false, true])
  for (const text of joins) {
    const plan = await office.deps.db.all<{ detail: string }>(sql.raw(`EXPLAIN QUERY PLAN ${text.replaceAll('?', '1')}`))
    expect(plan.filter(({ detail }) => /^SCAN (d|p|message|community)/.test(detail))).toEqual([])
    expect(plan.map(({ detail }) => detail).join()).not.toContain('AUTOMATIC')
  }
})
