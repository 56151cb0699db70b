import { describe, expect, it } from 'vitest'
import { createSimulator } from '../../src/simulator/provider'
import { replyFrom } from '../../src/simulator/replies'
import { callbackUrl, createSimulated } from './simulated'

const maria = '+13235550142'

describe('a text that is taken', () => {
  it('is accepted with a sid and its parts, and listed', async () => {
    const { send, listed, clock } = await createSimulated()
    const outcome = await send(maria, 'a'.repeat(161))
    expect(outcome).toMatchObject({ kind: 'accepted', status: 'queued', parts: 2 })
    if (outcome.kind !== 'accepted') throw new Error(outcome.kind)
    expect(outcome.sid).toMatch(/^SM[0-9a-f]{32}$/)
    expect(await listed()).toEqual([
      {
        sid: outcome.sid,
        status: 'queued',
        body: 'a'.repeat(161),
        from: '+13236300201',
        messagingServiceSid: null,
        createdAt: clock.now,
        errorCode: null,
        parts: 2,
      },
    ])
  })

  it('is listed by its number and time, newest first', async () => {
    const { deps, send, clock } = await createSimulated()
    await send(maria, 'first')
    clock.now += 1000
    const since = clock.now
    await send(maria, 'second')
    await send(maria, 'third')
    await send('+17205550164', 'other')
    const outcome = await deps.sms.listTo(maria, since)
    expect(outcome).toMatchObject({ kind: 'listed', messages: [{ body: 'third' }, { body: 'second' }] })
  })

  it('takes as long as the dial says, a quarter more or less', async () => {
    const { send, clock } = await createSimulated({ latencyMs: 1000 })
    const started = clock.now
    await send()
    expect(clock.now - started).toBeGreaterThanOrEqual(750)
    expect(clock.now - started).toBeLessThanOrEqual(1250)
  })

  it('is there before the answer is', async () => {
    const { deps, clock, listed } = await createSimulated({ latencyMs: 1000 })
    const seen: number[] = []
    const sleep = async (ms: number) => {
      seen.push((await listed()).length)
      clock.now += ms
    }
    const sms = createSimulator({ db: deps.db, now: deps.now, sleep, from: '+13236300201' })
    await sms.send({ to: maria, body: 'Hi', statusCallbackUrl: callbackUrl(1) })
    expect(seen).toEqual([0, 1])
  })
})

describe('what the dials bring about', () => {
  it('refuses our sender number, and stores nothing', async () => {
    const { send, listed } = await createSimulated({ refusesSender: true })
    expect(await send()).toEqual({ kind: 'refused', code: 21606, httpStatus: 400 })
    expect(await listed()).toEqual([])
  })

  it('is too busy until the time is over, and says for how long', async () => {
    const { send, clock, dial, listed } = await createSimulated()
    await dial({ busyUntil: clock.now + 30_000 })
    expect(await send()).toEqual({ kind: 'throttled', retryAfterMs: 30_000 })
    expect(await listed()).toEqual([])
    clock.now += 30_000
    expect(await send()).toMatchObject({ kind: 'accepted' })
  })

  it('never reaches Twilio: surely not sent', async () => {
    const { send, listed } = await createSimulated({ unreachable: 100 })
    expect(await send()).toMatchObject({ kind: 'not_sent' })
    expect(await listed()).toEqual([])
  })

  it('loses a request on the way there: unknown, and nothing exists', async () => {
    const { send, listed } = await createSimulated({ lostBefore: 100 })
    expect(await send()).toMatchObject({ kind: 'unknown' })
    expect(await listed()).toEqual([])
  })

  it('loses the answer: unknown, and the text exists', async () => {
    const { send, listed } = await createSimulated({ lostAfter: 100 })
    expect(await send()).toMatchObject({ kind: 'unknown' })
    expect(await listed()).toHaveLength(1)
  })

  it('fails with a 5xx: always unknown, and some of the texts exist', async () => {
    const { send, listed } = await createSimulated({ serverErrors: 100 })
    for (let i = 0; i < 40; i++) expect(await send()).toMatchObject({ kind: 'unknown' })
    const { length } = await listed()
    expect(length).toBeGreaterThan(5)
    expect(length).toBeLessThan(35)
  })

  it('fails about as often as the shares say', async () => {
    const { send } = await createSimulated({ unreachable: 10, lostBefore: 20 })
    const kinds = { not_sent: 0, unknown: 0, accepted: 0 }
    for (let i = 0; i < 300; i++) {
      const { kind } = await send()
      if (kind === 'refused' || kind === 'throttled') throw new Error(kind)
      kinds[kind]++
    }
    expect(kinds.not_sent).toBeGreaterThan(15)
    expect(kinds.not_sent).toBeLessThan(50)
    expect(kinds.unknown).toBeGreaterThan(35)
    expect(kinds.unknown).toBeLessThan(90)
  })

  it('holds from the next text on, whichever the last one met', async () => {
    const { send, dial } = await createSimulated()
    expect(await send()).toMatchObject({ kind: 'accepted' })
    await dial({ refusesSender: true })
    expect(await send()).toMatchObject({ kind: 'refused' })
    await dial({ lostBefore: 100 })
    expect(await send()).toMatchObject({ kind: 'unknown' })
    await dial({})
    expect(await send()).toMatchObject({ kind: 'accepted' })
  })

  it('counts dials that cannot be read as never set', async () => {
    const { deps, send } = await createSimulated()
    await deps.db.$client.prepare('UPDATE simulator_dials SET dials = \'{"latencyMs":"soon"}\'').run()
    expect(await send()).toMatchObject({ kind: 'accepted' })
  })
})

describe('what a number brings about', () => {
  it.each([
    ['+15005550001', 21211],
    ['+15005550002', 21612],
    ['+15005550003', 21408],
    ['+15005550004', 21610],
    ['+15005550009', 21614],
  ])('%s is refused with %i, as Twilio documents', async (phone, code) => {
    const { send, listed } = await createSimulated()
    expect(await send(phone)).toEqual({ kind: 'refused', code, httpStatus: 400 })
    expect(await listed(phone)).toEqual([])
  })

  it.each([
    ['+15005550001', 21212],
    ['+15005550007', 21606],
    ['+15005550008', 21611],
  ])('from %s everything is refused with %i', async (from, code) => {
    const { send } = await createSimulated({}, from)
    expect(await send()).toEqual({ kind: 'refused', code, httpStatus: 400 })
  })

  it('loses the answer for one number, and takes +15005550006 like any other', async () => {
    const { send, listed } = await createSimulated()
    expect(await send('+15005555040')).toMatchObject({ kind: 'unknown' })
    expect(await listed('+15005555040')).toHaveLength(1)
    expect(await send('+15005550006')).toMatchObject({ kind: 'accepted' })
  })

  it('refuses an empty text and one that is too long', async () => {
    const { send } = await createSimulated()
    expect(await send(maria, ' \n')).toMatchObject({ kind: 'refused', code: 21602 })
    expect(await send(maria, 'a'.repeat(1601))).toMatchObject({ kind: 'refused', code: 21617 })
    expect(await send(maria, 'a'.repeat(1600))).toMatchObject({ kind: 'accepted' })
  })
})

describe('opted out at the provider', () => {
  it('refuses from STOP until START, for that phone alone', async () => {
    const { deps, send, listed } = await createSimulated()
    await replyFrom(deps, { phone: maria, body: ' stop. ' })
    expect(await send()).toEqual({ kind: 'refused', code: 21610, httpStatus: 400 })
    expect(await listed()).toEqual([])
    expect(await send('+17205550164')).toMatchObject({ kind: 'accepted' })
    await replyFrom(deps, { phone: maria, body: 'START' })
    expect(await send()).toMatchObject({ kind: 'accepted' })
  })

  it('is not opted out by a sentence with stop in it', async () => {
    const { deps, send } = await createSimulated()
    await replyFrom(deps, { phone: maria, body: 'STOP this bill' })
    expect(await send()).toMatchObject({ kind: 'accepted' })
  })

  it('knows of a STOP that came between two texts', async () => {
    const { deps, send } = await createSimulated()
    expect(await send()).toMatchObject({ kind: 'accepted' })
    await replyFrom(deps, { phone: maria, body: 'STOP' })
    expect(await send()).toMatchObject({ kind: 'refused', code: 21610 })
  })
})

it('asks for receipts once for texts that are sent together', async () => {
  const { deps, nudges, clock } = await createSimulated({ receiptDelaySeconds: 4 })
  const send = () => deps.sms.send({ to: maria, body: 'Hi', statusCallbackUrl: callbackUrl(1) })
  await send()
  await send()
  expect(nudges).toEqual([{ job: { type: 'receipts' }, delayMs: 2000 }])
  clock.now += 2001
  await send()
  expect(nudges).toHaveLength(2)
})

it('writes one row for a text, and asks the database once', async () => {
  const { deps, send } = await createSimulated()
  await send()
  const prepared: string[] = []
  const client = deps.db.$client
  const prepare = client.prepare.bind(client)
  client.prepare = (query: string) => {
    prepared.push(query)
    return prepare(query)
  }
  await send()
  Reflect.deleteProperty(client, 'prepare')
  expect(prepared).toHaveLength(1)
})
