import { describe, expect, it } from 'vitest'
import { runCron, runJob } from '../../src/jobs'
import type { Dials } from '../../src/simulator/dials'
import { giveReceipts, nudgeForReceipts, type Receipt } from '../../src/simulator/receipts'
import { createSimulated } from './simulated'

type Simulated = Awaited<ReturnType<typeof createSimulated>>
const statuses = (receipts: Receipt[], delivery: number) => receipts.filter((r) => r.deliveryId === delivery).map((r) => r.status)

/** Sends to `deliveries` people and lets all receipts come. */
async function receiptsOf(dials: Partial<Dials>, deliveries = 1): Promise<Simulated> {
  const simulated = await createSimulated(dials)
  for (let i = 1; i <= deliveries; i++) await simulated.send(`+1323555${String(1000 + i)}`, 'Hi', i)
  for (let round = 0; round < 3; round++) {
    await giveReceipts(simulated.deps, simulated.take)
    simulated.clock.now += 10_000
  }
  return simulated
}

describe('receipts', () => {
  it('come in order, each at its time, with the delivery and the attempt of the callback URL', async () => {
    const { deps, clock, send, take, receipts, listed } = await createSimulated({ receiptDelaySeconds: 10 })
    const outcome = await send('+13235550142', 'Hi', 7)
    const sid = outcome.kind === 'accepted' ? outcome.sid : ''
    await giveReceipts(deps, take)
    expect(receipts).toEqual([])
    clock.now += 5000
    await giveReceipts(deps, take)
    const first = { deliveryId: 7, attemptToken: expect.stringMatching(/^attempt-\d+$/), sid, status: 'sent', errorCode: null, parts: null }
    expect(receipts).toEqual([first])
    expect(await listed()).toMatchObject([{ status: 'sent' }])
    await giveReceipts(deps, take)
    expect(receipts).toHaveLength(1)
    clock.now += 5000
    await giveReceipts(deps, take)
    expect(receipts).toEqual([first, { ...first, status: 'delivered' }])
    expect(await listed()).toMatchObject([{ status: 'delivered' }])
    clock.now += 60_000
    await giveReceipts(deps, take)
    expect(receipts).toHaveLength(2)
  })

  it('come for a text whose answer was lost', async () => {
    const { receipts } = await receiptsOf({ lostAfter: 100 })
    expect(statuses(receipts, 1)).toEqual(['sent', 'delivered'])
  })

  it('come twice', async () => {
    const { receipts } = await receiptsOf({ doubled: true }, 3)
    for (const delivery of [1, 2, 3]) expect(statuses(receipts, delivery)).toEqual(['sent', 'sent', 'delivered', 'delivered'])
  })

  it('come out of order: the last one is always first', async () => {
    const { receipts } = await receiptsOf({ receipts: 'shuffled' }, 3)
    for (const delivery of [1, 2, 3]) expect(statuses(receipts, delivery)).toEqual(['delivered', 'sent'])
  })

  it('come twice and out of order, in more than one way, and not in the order of the texts', async () => {
    const { receipts, deps } = await receiptsOf({ receipts: 'shuffled', doubled: true }, 20)
    const ways = new Set<string>()
    for (let delivery = 1; delivery <= 20; delivery++) {
      const given = statuses(receipts, delivery)
      expect([...given].sort()).toEqual(['delivered', 'delivered', 'sent', 'sent'])
      expect(given[0]).toBe('delivered')
      ways.add(given.join())
    }
    expect(ways.size).toBe(2)
    const order = [...new Set(receipts.map((receipt) => receipt.deliveryId))]
    expect(order).not.toEqual([...order].sort((a, b) => a - b))
    const left = await deps.db.$client.prepare("SELECT count(*) AS n FROM simulator_messages WHERE status <> 'delivered'").first('n')
    expect(left).toBe(0)
  })

  it('never come, and the text moves on all the same', async () => {
    const { receipts, deps } = await receiptsOf({ receipts: 'none' })
    expect(receipts).toEqual([])
    expect(await deps.sms.listTo('+13235551001', 0)).toMatchObject({ messages: [{ status: 'delivered' }] })
  })

  it('say why a text was not delivered', async () => {
    const { receipts, deps } = await receiptsOf({ undeliverable: 100 })
    expect(receipts).toMatchObject([
      { status: 'sent', errorCode: null },
      { status: 'undelivered', errorCode: 30003 },
    ])
    expect(await deps.sms.listTo('+13235551001', 0)).toMatchObject({ messages: [{ status: 'undelivered', errorCode: 30003 }] })
  })

  it.each([
    ['+15005553003', 30003],
    ['+15005553006', 30006],
    ['+15005553007', 30007],
  ])('for %s end with %i', async (phone, code) => {
    const { deps, send, take, receipts, clock, listed } = await createSimulated()
    expect(await send(phone)).toMatchObject({ kind: 'accepted' })
    expect(await listed(phone)).toMatchObject([{ errorCode: null }])
    for (let round = 0; round < 2; round++) {
      clock.now += 5000
      await giveReceipts(deps, take)
    }
    expect(receipts.at(-1)).toMatchObject({ status: 'undelivered', errorCode: code })
  })

  it('for the slow number come after 90 seconds', async () => {
    const { deps, send, take, receipts, clock } = await createSimulated()
    await send('+15005559090')
    clock.now += 89_000
    await giveReceipts(deps, take)
    await giveReceipts(deps, take)
    expect(receipts.map((receipt) => receipt.status)).toEqual(['sent'])
    clock.now += 1000
    await giveReceipts(deps, take)
    expect(receipts.map((receipt) => receipt.status)).toEqual(['sent', 'delivered'])
  })

  it('reach the end when they are put out of order half-way', async () => {
    const { deps, send, take, receipts, clock, dial } = await createSimulated()
    await send()
    clock.now += 1000
    await giveReceipts(deps, take)
    await dial({ receipts: 'shuffled' })
    clock.now += 1000
    await giveReceipts(deps, take)
    expect(statuses(receipts, 1)).toEqual(['sent', 'delivered', 'sent'])
  })

  it('that fail keep no other from coming', async () => {
    const { deps, send, receipts, take, clock, logged } = await createSimulated()
    await send('+13235551001', 'Hi', 1)
    await send('+13235551002', 'Hi', 2)
    clock.now += 1000
    await giveReceipts(deps, async (receipt) => {
      if (receipt.deliveryId === 1) throw new Error('not now')
      await take(receipt)
    })
    expect(statuses(receipts, 2)).toEqual(['sent'])
    expect(logged.map(({ event }) => event)).toEqual(['simulated receipt failed'])
  })
})

describe('a run', () => {
  it('on a Worker is short, and asks for the next one at once while some are due', async () => {
    const { deps, send, take, receipts, clock, nudges } = await createSimulated()
    deps.budget = { operationsPerRun: 24, rowsPerRun: 4000 }
    for (let i = 1; i <= 10; i++) await send(`+1323555${1000 + i}`, 'Hi', i)
    clock.now += 1000
    nudges.length = 0
    await giveReceipts(deps, take)
    expect(receipts).toHaveLength(5)
    expect(nudges).toEqual([{ job: { type: 'receipts' }, delayMs: 250 }])
    clock.now += 250
    await giveReceipts(deps, take)
    expect(receipts).toHaveLength(10)
  })

  it('on a server gives all that are due, and asks for the next one when that is due', async () => {
    const { deps, send, take, receipts, clock, nudges } = await createSimulated({ receiptDelaySeconds: 8 })
    for (let i = 1; i <= 120; i++) await send(`+1323555${1000 + i}`, 'Hi', i)
    clock.now += 4000
    nudges.length = 0
    await giveReceipts(deps, take)
    expect(receipts).toHaveLength(120)
    expect(nudges).toEqual([{ job: { type: 'receipts' }, delayMs: 4000 }])
  })

  it('asks for no second successor', async () => {
    const { deps, send, take, clock, nudges } = await createSimulated({ receiptDelaySeconds: 8 })
    await send()
    clock.now += 4000
    nudges.length = 0
    await giveReceipts(deps, take)
    await giveReceipts(deps, take)
    expect(nudges).toHaveLength(1)
  })

  it('stops when the process is asked to end, and what it gave is not given again', async () => {
    const { deps, send, take, receipts, clock } = await createSimulated()
    for (let i = 1; i <= 3; i++) await send(`+1323555${1000 + i}`, 'Hi', i)
    clock.now += 1000
    deps.stopping = () => receipts.length >= 2
    await giveReceipts(deps, take)
    expect(receipts).toHaveLength(2)
    deps.stopping = () => false
    await giveReceipts(deps, take)
    expect(receipts.map((receipt) => receipt.deliveryId)).toEqual([1, 2, 3])
  })

  it('on a server rests while a blast is being sent, and gives them all the same', async () => {
    const { deps, send, take, receipts, clock } = await createSimulated()
    await deps.db.$client
      .prepare(
        "INSERT INTO message_logs (status, message_body, target, submission_id, hold_until_at, created_at) VALUES ('processing', 'Hi', 'community', 's', 0, 0)",
      )
      .run()
    for (let i = 1; i <= 3; i++) await send(`+1323555${1000 + i}`, 'Hi', i)
    clock.now += 1000
    const started = clock.now
    await giveReceipts(deps, async (receipt) => {
      clock.now += 20
      await take(receipt)
    })
    expect(receipts).toHaveLength(3)
    expect(clock.now - started).toBe(3 * (20 + 4 * 20))
  })

  it('moves the delivery on that the text was of', async () => {
    const { deps, clock } = await createSimulated()
    await deps.db.$client.batch([
      deps.db.$client.prepare(
        "INSERT INTO message_logs (id, status, message_body, target, submission_id, hold_until_at, created_at) VALUES (1, 'processing', 'Hi', 'community', 's', 0, 0)",
      ),
      deps.db.$client.prepare(
        "INSERT INTO message_deliveries (id, log_id, phone, status, claim_token, updated_at) VALUES (1, 1, '+13235550142', 'unknown', 'mine', 0)",
      ),
    ])
    await deps.sms.send({ to: '+13235550142', body: 'Hi', statusCallbackUrl: 'http://x/webhooks/twilio/status?delivery=1&attempt=mine' })
    for (const status of ['sent', 'delivered']) {
      clock.now += 1000
      await runJob(deps, { type: 'receipts' })
      expect(await deps.db.query.messageDeliveries.findFirst()).toMatchObject({ status, providerSid: expect.stringMatching(/^SM/) })
    }
  })

  it('that nobody asked for is asked for by the clock', async () => {
    const { deps, send, clock, nudges } = await createSimulated()
    await send()
    nudges.length = 0
    await nudgeForReceipts(deps)
    expect(nudges).toEqual([])
    clock.now += 1000
    await runCron(deps)
    expect(nudges).toContainEqual({ job: { type: 'receipts' }, delayMs: 0 })
  })

  it('does nothing with a real provider', async () => {
    const { deps, send, take, receipts, clock, nudges } = await createSimulated()
    await send()
    clock.now += 5000
    nudges.length = 0
    deps.sms = { ...deps.sms, name: 'twilio' }
    await giveReceipts(deps, take)
    await nudgeForReceipts(deps)
    expect(receipts).toEqual([])
    expect(nudges).toEqual([])
  })
})
