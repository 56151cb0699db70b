import { describe, expect, it } from 'vitest'
import { readDials } from '../../src/simulator/dials'
import { createHarness } from '../support/harness'
import { createSimulated } from './simulated'

const maria = '+13235550142'
const tom = '+17205550164'

const addMember = (deps: { db: { $client: D1Database } }, name: string, phone: string) =>
  deps.db.$client.prepare('INSERT INTO community_members (name, phone, created_at, updated_at) VALUES (?, ?, 0, 0)').bind(name, phone).run()

/** The phones on a page in their order. */
const phonesOn = (html: string) => [...html.matchAll(/<li id="phone-(\d+)"/g)].map(([, digits]) => `+${digits}`)

async function signedIn(role: 'admin' | 'social_manager' = 'social_manager') {
  const simulated = await createSimulated()
  return { ...simulated, browser: await simulated.signIn(role) }
}

describe('the phones', () => {
  it('show who they are, how they behave and what arrived', async () => {
    const { deps, send, browser } = await signedIn()
    await addMember(deps, 'Maria Alvarez', maria)
    await send(maria, 'Hi Maria, supper at 6')
    await send('+12135550177', 'Hi friend')
    await send('+15005559090', 'Hi slow')
    const html = await browser.text('/simulator')
    expect(phonesOn(html)).toEqual(['+15005559090', '+12135550177', maria])
    expect(html).toContain('Maria Alvarez')
    expect(html).toContain('(323) 555-0142 · Delivers at once')
    expect(html).toContain('Hi Maria, supper at 6')
    expect(html).toContain('Slow: receipt after 90 s')
    expect(html).toContain('Texts so far: <strong>3</strong>')
  })

  it('are named by a registration where there is no member', async () => {
    const { deps, send, browser } = await signedIn()
    await deps.db.$client.batch([
      deps.db.$client.prepare("INSERT INTO events (id, title, created_at, updated_at) VALUES (1, 'Supper', 0, 0)"),
      deps.db.$client.prepare(
        `INSERT INTO event_registrations (event_id, name, phone, created_at, updated_at) VALUES (1, 'Tom Eriksen', '${tom}', 0, 0)`,
      ),
    ])
    await send(tom)
    expect(await browser.text('/simulator')).toContain('Tom Eriksen')
  })

  it('show nothing of a text that never arrived but that it did not', async () => {
    const { send, browser } = await signedIn()
    await send('+15005553003', 'Supper at 6')
    const html = await browser.text('/simulator')
    expect(html).toContain('A text did not arrive (30003).')
    expect(html).not.toContain('Supper at 6')
  })

  it('keep markup in a text, a name and a search as words', async () => {
    const { deps, send, browser } = await signedIn()
    const script = '<script>alert(1)</script>'
    await addMember(deps, `${script}"Maria`, maria)
    await send(maria, `${script} & "more"`)
    const answer = await browser.post(`/simulator/phones/${maria}/reply`, { body: `${script}'` })
    expect(answer.status).toBe(303)
    for (const path of ['/simulator', '/simulator/phones', `/simulator?search=${encodeURIComponent(`"${script}`)}`]) {
      expect(await browser.text(path)).not.toContain(script)
    }
    expect(await browser.text('/simulator')).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot;')
  })

  it('stand on pages, the latest text first', async () => {
    const { send, browser } = await signedIn()
    for (let i = 0; i < 15; i++) await send(`+1323555${2000 + i}`)
    await send('+13235552000')
    const first = await browser.text('/simulator')
    expect(phonesOn(first)).toHaveLength(12)
    expect(phonesOn(first).slice(0, 2)).toEqual(['+13235552000', '+13235552014'])
    expect(phonesOn(await browser.text('/simulator?page=2'))).toEqual(['+13235552003', '+13235552002', '+13235552001'])
  })

  it('stay where they are while somebody looks, and show what arrives on them', async () => {
    const { send, browser } = await signedIn()
    for (let i = 0; i < 12; i++) await send(`+1323555${2000 + i}`)
    const page = await browser.text('/simulator')
    const live = /hx-get="([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? ''
    expect(live).toContain('as_of=12')
    await send('+17205550164', 'a new phone')
    await send('+13235552000', 'one more')
    const part = await browser.text(live)
    expect(part).not.toContain('<html')
    expect(phonesOn(part)).toEqual(phonesOn(page))
    expect(part).toContain('one more')
    expect(part).toContain('Texts so far: <strong>14</strong>')
  })

  it('take in new ones while the page has room', async () => {
    const { send, browser } = await signedIn()
    await send(maria)
    const live = /hx-get="([^"]+)"/.exec(await browser.text('/simulator'))?.[1]?.replaceAll('&amp;', '&') ?? ''
    await send(tom)
    expect(phonesOn(await browser.text(live))).toEqual([tom, maria])
  })

  it('of members whom nothing reached fill the first page', async () => {
    const { deps, send, browser } = await signedIn()
    await addMember(deps, 'Maria Alvarez', maria)
    await addMember(deps, 'Tom Eriksen', tom)
    await send(tom)
    const html = await browser.text('/simulator')
    expect(phonesOn(html)).toEqual([tom, maria])
    expect(html).toContain('Nothing has arrived.')
  })

  it('are found by name and by any way to write the phone', async () => {
    const { deps, send, browser } = await signedIn()
    await addMember(deps, 'Maria Alvarez', maria)
    await addMember(deps, 'Tom Eriksen', tom)
    await send('+12135550177')
    expect(phonesOn(await browser.text('/simulator?search=alva'))).toEqual([maria])
    expect(phonesOn(await browser.text('/simulator?search=(720)%20555'))).toEqual([tom])
    expect(phonesOn(await browser.text('/simulator?search=213-555-0177'))).toEqual(['+12135550177'])
    expect(await browser.text('/simulator?search=nobody')).toContain('Nobody found')
  })

  it('say what to do when there are none', async () => {
    const { browser } = await signedIn()
    expect(await browser.text('/simulator')).toContain('No phone yet')
  })
})

describe('an answer', () => {
  it('is stored, shown and kept from further texts after STOP', async () => {
    const { send, browser, deps } = await signedIn()
    await send()
    const answer = await browser.post(`/simulator/phones/${maria}/reply`, { body: 'STOP' })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/simulator'])
    expect(await deps.db.query.unsubscribedContacts.findMany()).toMatchObject([{ phone: maria, source: 'inbound' }])
    const html = await browser.text('/simulator')
    expect(html).toContain('Replied STOP')
    expect(html).toContain('You have been unsubscribed. Reply START to get texts again.')
    expect(html).toContain('<p class="bubble bubble-out"><span class="vh">They wrote: </span>STOP</p>')
    expect(await send()).toMatchObject({ kind: 'refused', code: 21610 })
    expect(await deps.sms.listTo(maria, 0)).toMatchObject({ messages: [{ body: 'Harvest Supper is tonight' }] })
    await browser.post(`/simulator/phones/${maria}/reply`, { body: 'START' })
    expect(await browser.text('/simulator')).not.toContain('Replied STOP')
    expect(await deps.db.query.unsubscribedContacts.findMany()).toEqual([])
    expect(await send()).toMatchObject({ kind: 'accepted' })
  })

  it('goes back to the phones that were found', async () => {
    const { browser } = await signedIn()
    const answer = await browser.post(`/simulator/phones/${maria}/reply`, { body: 'who is this', search: 'Maria & co' })
    expect(answer.headers.get('location')).toBe('/simulator?search=Maria+%26+co')
  })

  it('without words is 422 at its phone, and nothing is stored', async () => {
    const { send, browser, deps } = await signedIn()
    await send()
    const answer = await browser.post(`/simulator/phones/${maria}/reply`, { body: '  ' })
    expect(answer.status).toBe(422)
    expect(await answer.text()).toContain('id="phone-13235550142-body-fault"')
    const left = await deps.db.$client.prepare("SELECT count(*) AS n FROM simulator_messages WHERE direction = 'from_phone'").first('n')
    expect(left).toBe(0)
  })

  it('that is too long is 422 and kept', async () => {
    const { send, browser } = await signedIn()
    await send()
    const answer = await browser.post(`/simulator/phones/${maria}/reply`, { body: 'a'.repeat(1601) })
    expect(answer.status).toBe(422)
    expect(await answer.text()).toContain(`value="${'a'.repeat(1601)}"`)
  })

  it('from what is no phone is 404', async () => {
    const { browser } = await signedIn()
    expect((await browser.post('/simulator/phones/maria/reply', { body: 'Hi' })).status).toBe(404)
  })
})

describe('the dials', () => {
  const custom = {
    preset: 'custom',
    latency_ms: '50',
    unreachable: '1',
    lost_before: '2',
    lost_after: '3',
    server_errors: '4',
    undeliverable: '5',
    busy_seconds: '6',
    receipt_seconds: '7',
    receipts: 'shuffled',
  }

  it.each([
    ['normal', {}],
    ['sender', { refusesSender: true }],
    ['lost', { lostAfter: 100 }],
    ['receipts', { receipts: 'shuffled', doubled: true }],
    ['flaky', { lostAfter: 5, undeliverable: 5 }],
  ])('stand at %s after it was set', async (preset, expected) => {
    const { browser, deps } = await signedIn()
    expect((await browser.post('/simulator/dials', { preset })).status).toBe(303)
    expect(await readDials(deps.db)).toMatchObject({ preset, latencyMs: 80, ...expected })
    expect(await browser.text('/simulator')).toContain(`<option value="${preset}" selected="">`)
  })

  it('are too busy for 30 seconds and then normal again', async () => {
    const { browser, deps, clock } = await signedIn()
    await browser.post('/simulator/dials', { preset: 'busy' })
    expect((await readDials(deps.db)).busyUntil).toBe(clock.now + 30_000)
    expect(await browser.text('/simulator')).toContain('<option value="busy" selected="">')
    clock.now += 30_000
    expect(await browser.text('/simulator')).toContain('<option value="normal" selected="">')
  })

  it('can be set one by one, and are shown as they stand', async () => {
    const { browser, deps, clock } = await signedIn()
    expect((await browser.post('/simulator/dials', { ...custom, doubled: '1', refuses_sender: '1' })).status).toBe(303)
    expect(await readDials(deps.db)).toEqual({
      preset: 'custom',
      latencyMs: 50,
      unreachable: 1,
      lostBefore: 2,
      lostAfter: 3,
      serverErrors: 4,
      undeliverable: 5,
      busyUntil: clock.now + 6000,
      refusesSender: true,
      receiptDelaySeconds: 7,
      receipts: 'shuffled',
      doubled: true,
    })
    const html = await browser.text('/simulator')
    expect(html).toContain('<option value="custom" selected="">As dialled below</option>')
    expect(html).toMatch(/<details class="more" open="">[\s\S]*name="lost_after" [^>]*value="3"/)
  })

  it.each([
    ['preset', { preset: 'explodes' }],
    ['preset', {}],
    ['latency_ms', { ...custom, latency_ms: 'soon' }],
    ['latency_ms', { ...custom, latency_ms: '' }],
    ['latency_ms', { ...custom, latency_ms: '-1' }],
    ['lost_after', { ...custom, lost_after: '101' }],
    ['unreachable', { ...custom, unreachable: '50', lost_before: '51' }],
    ['busy_seconds', { ...custom, busy_seconds: 'Infinity' }],
    ['receipts', { ...custom, receipts: 'sideways' }],
  ])('refuse nonsense at %s with 422, and stay as they were', async (field, fields) => {
    const { browser, deps } = await signedIn()
    const before = await readDials(deps.db)
    const answer = await browser.post('/simulator/dials', fields)
    expect(answer.status).toBe(422)
    expect(await answer.text()).toContain(`id="${field}-fault"`)
    expect(await readDials(deps.db)).toEqual(before)
  })

  it('are in the audit trail', async () => {
    const { browser, deps } = await signedIn()
    await browser.post('/simulator/dials', { preset: 'lost' })
    const event = await deps.db.$client.prepare("SELECT subject FROM audit_events WHERE event_type = 'simulator_set'").first('subject')
    expect(event).toBe('lost')
  })
})

describe('who may', () => {
  it('everyone who signed in, nobody else', async () => {
    const { createBrowser, browser } = await signedIn('admin')
    expect((await browser.get('/simulator')).status).toBe(200)
    const stranger = createBrowser()
    expect((await stranger.get('/simulator')).status).toBe(303)
    expect((await stranger.post('/simulator/dials', { preset: 'lost' })).status).toBe(303)
  })

  it('nobody with a real provider', async () => {
    const { signIn, deps } = await createHarness()
    const browser = await signIn('admin')
    expect((await browser.get('/simulator')).status).toBe(404)
    expect((await browser.get('/simulator/phones')).status).toBe(404)
    expect((await browser.post('/simulator/dials', { preset: 'lost' })).status).toBe(404)
    expect((await browser.post(`/simulator/phones/${maria}/reply`, { body: 'STOP' })).status).toBe(404)
    expect(await deps.db.$client.prepare('SELECT count(*) AS n FROM simulator_messages').first('n')).toBe(0)
  })
})
