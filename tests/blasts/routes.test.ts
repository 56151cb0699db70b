import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, test } from 'vitest'
import { auditEvents, deliveryStatuses, messageLogs } from '../../src/db/schema'
import { createHarness, type Harness } from '../support/harness'
import { harvestSupper, phoneOf, seedBlast, times } from './seed'

let h: Harness
let staff: Awaited<ReturnType<Harness['signIn']>>

beforeEach(async () => {
  h = await createHarness()
  staff = await h.signIn('social_manager', 'rosa')
})

const seed = (...args: [Parameters<typeof seedBlast>[1], Parameters<typeof seedBlast>[2]]) => seedBlast(h, ...args)
const statusOf = async (id: number) => (await h.deps.db.query.messageLogs.findFirst({ where: sql`id = ${id}` }))?.status
const audited = async (type: string) => (await h.deps.db.select().from(auditEvents)).filter((event) => event.eventType === type)

/** The terms of the written sum, as a reader adds them. */
function sumOf(page: string): number[] {
  const [, list = ''] = /<dl class="sum">(.*?)<\/dl>/s.exec(page) ?? []
  return [...list.matchAll(/<dd>([\d,]+)<\/dd>/g)].map(([, n]) => Number(n?.replace(',', '')))
}

const chipsOf = (page: string, id: string): number[] => {
  const [, nav = ''] = new RegExp(`id="${id}-chips">(.*?)</nav>`, 's').exec(page) ?? []
  return [...nav.matchAll(/<b> ([\d,]+)<\/b>/g)].map(([, n]) => Number(n?.replace(',', '')))
}

const rowsOf = (page: string): string[] => [...page.matchAll(/<tr role="row" id="people-\d+">.*?<\/tr>/gs)].map(([row]) => row)

describe('who may', () => {
  test('visitors sign in first', async () => {
    const id = await seed({ status: 'sent' }, times(1, { status: 'delivered' }))
    const visitor = h.createBrowser()
    for (const path of ['/logs', `/logs/${id}`, `/logs/${id}/export`, '/logs/status?ids=1', '/logs/clear']) {
      expect((await visitor.get(path)).status).toBe(303)
    }
    expect((await visitor.post(`/logs/${id}/cancel`)).status).toBe(303)
    expect(await statusOf(id)).toBe('sent')
  })

  test('clearing is for admins', async () => {
    await seed({ status: 'sent' }, times(1, { status: 'delivered' }))
    expect((await staff.get('/logs/clear')).status).toBe(403)
    expect((await staff.post('/logs/clear', { admin_password: 'Correct-Horse-9' })).status).toBe(403)
    expect(await staff.text('/logs')).not.toContain('/logs/clear')
    expect(await h.deps.db.$count(messageLogs)).toBe(1)
  })

  test('a blast that does not exist is 404 everywhere', async () => {
    for (const id of ['99', '0', 'x', '1e3']) {
      for (const path of ['', '/export']) expect((await staff.get(`/logs/${id}${path}`)).status).toBe(404)
      for (const act of ['undo', 'pause', 'resume', 'cancel', 'retry', 'deliveries/1/decide'])
        expect((await staff.post(`/logs/${id}/${act}`, { decision: 'arrived' })).status).toBe(404)
    }
    expect((await staff.request('/logs/99/progress', { headers: { 'hx-request': 'true' } })).status).toBe(404)
  })
})

describe('the list', () => {
  test('says what to do while there is nothing', async () => {
    const page = await staff.text('/logs')
    expect(page).toContain('Nothing sent yet')
    expect(page).toContain('href="/dashboard"')
  })

  test('shows the newest first with its result in words, and counts its chips', async () => {
    await seed({ status: 'sent', messageBody: 'Pie baking day', createdAt: h.clock.now - 3_600_000 }, [
      ...times(1190, { status: 'delivered' }),
      ...times(51, { status: 'undelivered', errorCode: 30003 }),
    ])
    await seed({ status: 'paused', messageBody: 'Coat drive', createdAt: h.clock.now - 1000 }, times(926, { status: 'queued' }))
    await seed({ status: 'cancelled', messageBody: 'Undone' }, times(4, { status: 'skipped', skipReason: 'undone' }))
    const page = await staff.text('/logs')
    expect(page).toContain('1,190 of 1,241 delivered')
    expect(page).toContain('926 waiting')
    expect(page).toContain('nobody was texted')
    expect(page.indexOf('Coat drive')).toBeLessThan(page.indexOf('Pie baking'))
    expect(chipsOf(page, 'list')).toEqual([3, 0, 1, 1, 0, 1])
    expect(await staff.text('/logs?status=paused')).not.toContain('Pie baking')
  })

  test('finds a text, wildcards taken literally, and escapes what it shows', async () => {
    await seed({ status: 'sent', messageBody: '<script>alert(1)</script> 100% off' }, times(1, { status: 'delivered' }))
    await seed({ status: 'sent', messageBody: 'Another text' }, times(1, { status: 'delivered' }))
    const found = await staff.text(`/logs?search=${encodeURIComponent('100% o')}`)
    expect(found).toContain('&lt;script&gt;alert(1)')
    expect(found).not.toContain('<script>alert')
    expect(found).not.toContain('Another text')
    expect(await staff.text('/logs?search=100_')).toContain('Nothing matches')
  })

  test('sorts by people and by state', async () => {
    await seed({ status: 'sent', messageBody: 'Small one', createdAt: h.clock.now - 10 }, times(1, { status: 'delivered' }))
    await seed(
      { status: 'failed', messageBody: 'Big one', createdAt: h.clock.now - 9000 },
      times(3, { status: 'failed', errorCode: 21614 }),
    )
    const before = (page: string, a: string, b: string) => page.indexOf(a) < page.indexOf(b)
    expect(before(await staff.text('/logs'), 'Small one', 'Big one')).toBe(true)
    expect(before(await staff.text('/logs?sort=total_recipients&dir=desc'), 'Big one', 'Small one')).toBe(true)
    expect(before(await staff.text('/logs?sort=status&dir=asc'), 'Big one', 'Small one')).toBe(true)
  })

  test('takes the cached counts, and counts again where they are stale', async () => {
    const cached = JSON.stringify({ delivered: 2 })
    const fresh = await seed({ status: 'sent', counts: cached, countsStale: false }, times(2, { status: 'accepted' }))
    const stale = await seed({ status: 'sent', counts: cached, countsStale: true }, times(3, { status: 'accepted' }))
    const { logs } = await (await staff.get(`/logs/status?ids=${fresh},${stale}`)).json<{ logs: { counts: Record<string, number> }[] }>()
    expect(logs.map(({ counts }) => [counts.delivered, counts.accepted])).toEqual([
      [2, 0],
      [0, 3],
    ])
  })
})

describe('the page of a blast', () => {
  test('accounts for everyone: the written sum and the chips add up', async () => {
    const id = await seed({ status: 'processing', startedAt: h.clock.now - 47_300 }, harvestSupper)
    const page = await staff.text(`/logs/${id}`)
    const [planned, ...terms] = sumOf(page)
    expect([planned, ...terms]).toEqual([1243, 830, 3, 15, 3, 392])
    expect(terms.reduce((a, b) => a + b)).toBe(planned)
    const [all, ...chips] = chipsOf(page, 'people')
    expect([all, ...chips]).toEqual([1243, 512, 318, 3, 15, 3, 392])
    expect(page).toContain('851 of 1,243 handled')
    expect(page).toContain('512 delivered, 131 on their way, 187 handed over')
    expect(page).toContain('18 a second · about 22 seconds left · 20 in flight')
    expect(page).toContain('started by rosa today')
    expect(page).toContain('from (323) 630-0201')
    expect(page).toMatch(/<h1>Harvest Supper is tonight/)
  })

  test('zero terms stay in the sum', async () => {
    const id = await seed({ status: 'sent' }, times(2, { status: 'delivered' }))
    expect(sumOf(await staff.text(`/logs/${id}`))).toEqual([2, 2, 0, 0, 0, 0])
  })

  test('says why texts failed, whose fault it is, and shows who', async () => {
    const id = await seed({ status: 'processing' }, harvestSupper)
    const page = await staff.text(`/logs/${id}`)
    expect(page).toContain('15 failed, and whose fault it is')
    expect(page).toContain('Their phone')
    expect(page).toContain('Our Twilio settings')
    expect(page).toContain('Twilio 21614, 30006')
    const [, href = ''] = /href="([^"]*)"[^>]*>See the 7</.exec(page) ?? []
    expect(rowsOf(await staff.text(href.split('#')[0] ?? ''))).toHaveLength(7)
  })

  test('says why people were skipped, with the time of their STOP', async () => {
    const id = await seed({ status: 'processing' }, [
      { status: 'skipped', skipReason: 'opted_out', phone: phoneOf(1) },
      { status: 'skipped', skipReason: 'opted_out', phone: phoneOf(2) },
      { status: 'skipped', skipReason: 'cancelled' },
    ])
    await h.deps.db.run(
      sql`INSERT INTO unsubscribed_contacts (phone, source, created_at) VALUES (${phoneOf(1)}, 'inbound', ${Date.parse('2026-11-22T16:42:25Z')})`,
    )
    const page = await staff.text(`/logs/${id}`)
    expect(page).toContain('2 opted out meanwhile, 1 cancelled in time')
    expect(page).toContain('Replied STOP at 4:42:25 PM')
    expect(page).toContain('Opted out meanwhile')
  })

  test('escapes names, texts and searches', async () => {
    const id = await seed({ status: 'sent', messageBody: '<b>bold</b> "quoted"' }, [{ status: 'delivered', name: '<img src=x>' }])
    const page = await staff.text(`/logs/${id}?search=${encodeURIComponent('<img')}`)
    expect(page).toContain('&lt;img src=x&gt;')
    expect(page).not.toContain('<img')
    expect(page).not.toContain('<b>bold')
  })

  test('offers in each state what it allows', async () => {
    const offered = async (id: number) =>
      [...(await staff.text(`/logs/${id}`)).matchAll(/action="\/logs\/\d+\/(\w+)"/g)].map(([, act]) => act)
    const failed = times(1, { status: 'failed', errorCode: 30008 })
    expect(await offered(await seed({ status: 'held' }, times(1, { status: 'queued' })))).toEqual(['undo'])
    expect(await offered(await seed({ status: 'processing' }, times(1, { status: 'queued' })))).toEqual(['pause', 'cancel'])
    expect(await offered(await seed({ status: 'paused', pausedBy: 'rosa' }, times(1, { status: 'queued' })))).toEqual(['resume', 'cancel'])
    expect(await offered(await seed({ status: 'sent' }, [...times(1, { status: 'delivered' }), ...failed]))).toEqual(['retry'])
    expect(await offered(await seed({ status: 'sent' }, times(1, { status: 'failed', errorCode: 21614 })))).toEqual([])
    expect(await offered(await seed({ status: 'cancelled' }, [...times(1, { status: 'skipped' }), ...failed]))).toEqual([])
  })

  test('held: the clock, the seconds, and how to undo', async () => {
    const id = await seed({ status: 'held', holdUntil: h.clock.now + 10_500 }, times(3, { status: 'queued' }))
    const page = await staff.text(`/logs/${id}`)
    expect(page).toContain('Nothing has left yet.')
    expect(page).toContain('Sending starts in 11 seconds.')
    expect(page).toContain(`data-until="${h.clock.now + 10_500}"`)
    expect(page).toContain('0 of 3 handled')
  })

  test('held, and the window is over: no seconds are promised', async () => {
    const id = await seed({ status: 'held', holdUntil: h.clock.now - 1 }, times(1, { status: 'queued' }))
    expect(await staff.text(`/logs/${id}`)).toContain('Sending starts any moment.')
  })

  test('slowed down by the provider: until when', async () => {
    const id = await seed({ status: 'processing', throttledUntil: h.clock.now + 70_000 }, times(1, { status: 'queued' }))
    expect(await staff.text(`/logs/${id}`)).toContain('Twilio asked us to wait or does not answer; we go on at 5:01:10 PM.')
    h.clock.now += 70_000
    expect(await staff.text(`/logs/${id}`)).not.toContain('asked us to wait')
  })

  test('the whole text with its settings and who was left out', async () => {
    const messageBody = 'Hi {first_name|friend}, come\nReply STOP to unsubscribe'
    const id = await seed(
      { status: 'sent', messageBody, includeUnsubscribe: true, excludedOptedOut: 31, excludedSuppressed: 1 },
      times(8, { status: 'delivered' }),
    )
    const page = await staff.text(`/logs/${id}`)
    expect(page).toContain('Hi <mark>{first_name|friend}</mark>, come\nReply STOP')
    expect(page).toContain('1 part each · about $0.10 · STOP line added · left out from the start: 31 opted out, 1 number does not work')
  })

  test('names its audience', async () => {
    const [event] = await h.deps.db.all<{ id: number }>(
      sql`INSERT INTO events (title, created_at, updated_at) VALUES ('Harvest <Supper>', 0, 0) RETURNING id`,
    )
    const said = async (blast: Parameters<typeof seedBlast>[1]) => staff.text(`/logs/${await seed(blast, times(1, { status: 'queued' }))}`)
    expect(await said({ status: 'paused', target: 'event', eventId: event?.id ?? 0 })).toContain('Harvest &lt;Supper&gt; guests ·')
    expect(await said({ status: 'paused', target: 'event', eventId: 999 })).toContain('Guests of a deleted event ·')
    expect(await said({ status: 'paused', testMode: true })).toContain('Test to the office phone ·')
    expect(await said({ status: 'paused' })).toContain('Everyone ·')
  })

  test('paused by us: what happened, whose fault, what to do, and that nobody was blocked', async () => {
    const id = await seed({ status: 'paused', pauseCode: 30034 }, [
      ...times(312, { status: 'delivered' }),
      ...times(926, { status: 'queued' }),
    ])
    const page = await staff.text(`/logs/${id}`)
    expect(page).toContain('We stopped it.')
    expect(page).toContain('This is our setup, not your members.')
    expect(page).toContain('Nobody was blocked or removed')
    expect(page).toContain('A2P 10DLC')
    expect(page).toContain('30034')
    expect(page).toContain('Resume: text the other 926')
  })

  test('paused because of its text: Resume is told from another text, and retry does not offer the same one', async () => {
    const filtered = times(20, { status: 'undelivered', errorCode: 30007 })
    const paused = await seed({ status: 'paused', pauseCode: 30007 }, [...filtered, ...times(80, { status: 'queued' })])
    const page = await staff.text(`/logs/${paused}`)
    expect(page).toContain('The same text would fail again: write another one')
    expect(page).toContain('Resume would send this same text to them.')
    expect(page).not.toContain('Resume goes on where it stopped')
    const sent = await staff.text(`/logs/${await seed({ status: 'sent' }, [...times(1, { status: 'delivered' }), ...filtered])}`)
    expect(sent).toContain('20 failed, and whose fault it is')
    expect(sent).not.toContain('of them again')
  })

  test('paused by staff says who', async () => {
    const id = await seed({ status: 'paused', pausedBy: 'lee<i>' }, times(2, { status: 'queued' }))
    const page = await staff.text(`/logs/${id}`)
    expect(page).toContain('Paused by lee&lt;i&gt;.')
    expect(page).not.toContain('We stopped it')
  })
})

describe('following it', () => {
  test('says whom cancelling spares, and claims of nobody that they have it', async () => {
    const failed = times(2, { status: 'failed', errorCode: 21614 })
    const one = await staff.text(`/logs/${await seed({ status: 'processing' }, [...failed, ...times(1, { status: 'queued' })])}`)
    expect(one).toContain('Cancelling spares the one who still waits; what has left cannot be taken back.')
    const three = await staff.text(`/logs/${await seed({ status: 'processing' }, [...failed, ...times(3, { status: 'queued' })])}`)
    expect(three).toContain('Cancelling spares the 3 who still wait; what has left cannot be taken back.')
  })

  const polls = (page: string) => page.includes('hx-trigger="every')

  test('only while something can still change', async () => {
    expect(polls(await staff.text(`/logs/${await seed({ status: 'held' }, times(1, { status: 'queued' }))}`))).toBe(true)
    expect(polls(await staff.text(`/logs/${await seed({ status: 'processing' }, times(1, { status: 'queued' }))}`))).toBe(true)
    expect(polls(await staff.text(`/logs/${await seed({ status: 'sent' }, times(1, { status: 'accepted' }))}`))).toBe(true)
    expect(polls(await staff.text(`/logs/${await seed({ status: 'sent' }, times(1, { status: 'delivered' }))}`))).toBe(false)
    expect(polls(await staff.text(`/logs/${await seed({ status: 'paused' }, times(1, { status: 'queued' }))}`))).toBe(false)
  })

  test('the live part has no list, stops by itself, and brings the last count along', async () => {
    const id = await seed({ status: 'processing' }, [...times(2, { status: 'delivered' }), ...times(2, { status: 'queued' })])
    const part = async (query = '') => (await staff.request(`/logs/${id}/progress${query}`, { headers: { 'hx-request': 'true' } })).text()
    expect(await part()).toContain(`/logs/${id}/progress?at=${h.clock.now}&amp;handled=2`)
    expect(await part()).not.toContain('Every person')
    expect(await part(`?at=${h.clock.now - 4000}&handled=1`)).toContain('15 a minute · about 8 seconds left')
    await h.deps.db.run(sql`UPDATE message_logs SET status = 'sent', finished_at = ${h.clock.now - 3_600_000} WHERE id = ${id}`)
    expect(polls(await part())).toBe(false)
  })

  test('the list asks for itself: the answer without a question ends it, and an open tab keeps no session alive', async () => {
    const asking = (page: string) =>
      [...page.matchAll(/<(\w+)([^>]*hx-trigger="every[^>]*)>/g)].map(([, tag, rest]) => [tag, /id="(\w+)"/.exec(rest ?? '')?.[1]])
    const id = await seed({ status: 'processing' }, times(1, { status: 'queued' }))
    expect(asking(await staff.text(`/logs/${id}`))).toEqual([
      ['div', 'live'],
      ['div', 'people'],
    ])
  })

  test('without htmx the live part is the page, and the page has a plain way to look again', async () => {
    const id = await seed({ status: 'processing' }, times(1, { status: 'queued' }))
    const answer = await staff.get(`/logs/${id}/progress`)
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `/logs/${id}`])
    expect(await staff.text(`/logs/${id}`)).toContain(`<noscript><p><a href="/logs/${id}">Refresh</a>`)
  })
})

describe('every person', () => {
  test('is found by name or by digits in any format, within this blast only', async () => {
    const id = await seed({ status: 'sent' }, [
      { status: 'delivered', name: 'Maria Alvarez', phone: '+13235550142' },
      { status: 'failed', name: '100% Ana_', phone: '+17205550164', errorCode: 21614 },
    ])
    await seed({ status: 'sent' }, [{ status: 'delivered', name: 'Maria Elsewhere', phone: '+13235550143' }])
    const find = async (search: string) => rowsOf(await staff.text(`/logs/${id}?search=${encodeURIComponent(search)}`))
    expect(await find('maria')).toHaveLength(1)
    expect((await find('(323) 555-0142'))[0]).toContain('Maria Alvarez')
    expect(await find('720')).toHaveLength(1)
    expect(await find('100% ana_')).toHaveLength(1)
    expect(await find('%')).toHaveLength(1)
    expect(await find('nobody')).toHaveLength(0)
  })

  test('comes in pages of 50, by name, result or time', async () => {
    const id = await seed({ status: 'processing' }, [
      ...times(60, { status: 'queued' }),
      { status: 'delivered', name: 'Zoe', phone: phoneOf(900) },
    ])
    const rows = async (query: string) => rowsOf(await staff.text(`/logs/${id}?${query}`))
    expect(await rows('')).toHaveLength(50)
    expect(await rows('page=2')).toHaveLength(11)
    expect((await rows('sort=name&dir=desc'))[0]).toContain('Zoe')
    expect((await rows('sort=result&dir=asc'))[0]).toContain('Zoe')
    expect((await rows('sort=result&dir=desc'))[0]).not.toContain('Zoe')
    await h.deps.db.run(sql`UPDATE message_deliveries SET updated_at = ${h.clock.now} WHERE name = 'Person 0031'`)
    expect((await rows('sort=updated&dir=desc'))[0]).toContain('Person 0031')
    expect(await rows('status=delivered')).toHaveLength(1)
    expect(await rows('status=junk')).toHaveLength(50)
  })
})

describe('export', () => {
  test('everyone, with code, reason and time', async () => {
    const id = await seed({ status: 'sent' }, [
      { status: 'delivered', name: 'Ana', phone: '+13235550001', providerSid: 'SMa', parts: 2 },
      { status: 'failed', name: '=1+1', phone: '+13235550002', errorCode: 21614 },
      { status: 'skipped', name: 'Tom, "T"', phone: '+13235550003', skipReason: 'cancelled' },
    ])
    const answer = await staff.get(`/logs/${id}/export`)
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="blast-${id}.csv"`)
    const bytes = new Uint8Array(await answer.arrayBuffer())
    const updated = new Date(h.clock.now - 20_000).toISOString()
    expect(new TextDecoder('utf-8', { ignoreBOM: true, fatal: true }).decode(bytes).split('\r\n')).toEqual([
      '\uFEFFphone,name,status,error_code,error,provider_sid,parts,updated_at',
      `+13235550001,Ana,delivered,,,SMa,2,${updated}`,
      `+13235550002,'=1+1,failed,21614,"Landline, or not a mobile number",,,${updated}`,
      `+13235550003,"Tom, ""T""",skipped,,Cancelled in time,,,${updated}`,
      '',
    ])
    expect(await audited('blast_exported')).toHaveLength(1)
  })

  test('page after page, nobody twice and nobody of another blast', async () => {
    await seed({ status: 'sent' }, times(1500, { status: 'delivered' }))
    const id = await seed({ status: 'sent' }, times(4500, { status: 'delivered' }))
    const lines = (await (await staff.get(`/logs/${id}/export`)).text()).trim().split('\r\n').slice(1)
    expect(new Set(lines.map((line) => line.split(',')[0])).size).toBe(4500)
    expect(lines).toHaveLength(4500)
  })
})

describe('status for scripts', () => {
  test('has exactly this shape, for those that exist, in the order asked', async () => {
    const first = await seed({ status: 'processing' }, harvestSupper)
    const second = await seed({ status: 'sent' }, times(1, { status: 'delivered' }))
    const answer = await staff.get(`/logs/status?ids=${second},junk,,999,-1,${first},${first}`)
    const zero = Object.fromEntries(deliveryStatuses.map((status) => [status, 0]))
    expect(await answer.json()).toEqual({
      logs: [
        { id: second, status: 'sent', success_count: 1, failure_count: 0, total_recipients: 1, counts: { ...zero, delivered: 1 } },
        {
          id: first,
          status: 'processing',
          success_count: 830,
          failure_count: 15,
          total_recipients: 1243,
          counts: { queued: 372, sending: 20, accepted: 187, sent: 131, delivered: 512, undelivered: 8, failed: 7, skipped: 3, unknown: 3 },
        },
      ],
    })
    expect(await (await staff.get('/logs/status')).json()).toEqual({ logs: [] })
  })

  test('answers at most 50', async () => {
    const ids: number[] = []
    for (let n = 0; n < 52; n++) ids.push(await seed({ status: 'sent' }, times(1, { status: 'delivered' })))
    const { logs } = await (await staff.get(`/logs/status?ids=${ids.join(',')}`)).json<{ logs: unknown[] }>()
    expect(logs).toHaveLength(50)
  })
})
