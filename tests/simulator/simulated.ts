import { type Dials, saveDials } from '../../src/simulator/dials'
import { createSimulator } from '../../src/simulator/provider'
import type { Receipt } from '../../src/simulator/receipts'
import { createHarness } from '../support/harness'

const maria = '+13235550142'
let attempts = 0

export const callbackUrl = (delivery: number, attempt = `attempt-${++attempts}`) =>
  `http://127.0.0.1:8787/webhooks/twilio/status?delivery=${delivery}&attempt=${attempt}`

/** The app with the simulated provider on its database; it answers without delay unless told otherwise. */
export async function createSimulated(dials: Partial<Dials> = {}, from = '+13236300201') {
  const harness = await createHarness()
  const { deps, clock } = harness
  deps.sms = createSimulator({
    db: deps.db,
    now: deps.now,
    sleep: deps.sleep,
    from,
    nudge: (delayMs) => deps.queue.send({ type: 'receipts' }, delayMs),
  })
  const dial = (change: Partial<Dials>) => saveDials(deps.db, { latencyMs: 0, ...change })
  await dial(dials)
  const receipts: Receipt[] = []
  const take = async (receipt: Receipt) => {
    receipts.push(receipt)
  }
  const send = (to = maria, body = 'Harvest Supper is tonight', delivery = 1) =>
    deps.sms.send({ to, body, statusCallbackUrl: callbackUrl(delivery) })
  const listed = async (phone = maria) => {
    const outcome = await deps.sms.listTo(phone, clock.now - 60_000)
    if (outcome.kind !== 'listed') throw new Error('not listed')
    return outcome.messages
  }
  return { ...harness, dial, send, listed, receipts, take }
}
