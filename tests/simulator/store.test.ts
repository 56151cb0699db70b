import { expect, it } from 'vitest'
import { createSimulator } from '../../src/simulator/provider'
import { replyFrom } from '../../src/simulator/replies'
import { callbackUrl, createSimulated } from './simulated'

async function sharing() {
  const { deps, dial } = await createSimulated()
  const { db, now, sleep } = deps
  const sms = createSimulator({ db, now, sleep, from: '+13236300201', together: true })
  const send = (to: string, body = 'Hi') => sms.send({ to, body, statusCallbackUrl: callbackUrl(1) })
  // The first send reads the dials; those after it need not.
  await send('+13235550100')
  const prepared: string[] = []
  const client = db.$client
  const prepare = client.prepare.bind(client)
  client.prepare = (query: string) => {
    prepared.push(query)
    return prepare(query)
  }
  const unwatch = () => Reflect.deleteProperty(client, 'prepare')
  return { deps, dial, send, prepared, unwatch, fail: () => Object.assign(client, { prepare: () => fault() }) }
}

function fault(): never {
  throw new Error('disk full')
}

const phones = ['+13235550101', '+13235550102', '+13235550103']

it('stores the texts of one moment in one statement, in their order', async () => {
  const { deps, send, prepared, unwatch } = await sharing()
  const outcomes = await Promise.all(phones.map((phone) => send(phone, `to ${phone}`)))
  unwatch()
  expect(prepared).toHaveLength(1)
  expect(outcomes.map(({ kind }) => kind)).toEqual(['accepted', 'accepted', 'accepted'])
  const { results } = await deps.db.$client.prepare('SELECT phone, body FROM simulator_messages WHERE id > 1 ORDER BY id').all()
  expect(results).toEqual(phones.map((phone) => ({ phone, body: `to ${phone}` })))
})

it('refuses the one that opted out among them', async () => {
  const { deps, send, unwatch } = await sharing()
  unwatch()
  await replyFrom(deps, { phone: '+13235550102', body: 'STOP' })
  const outcomes = await Promise.all(phones.map((phone) => send(phone)))
  expect(outcomes).toMatchObject([{ kind: 'accepted' }, { kind: 'refused', code: 21610 }, { kind: 'accepted' }])
})

it('decides anew for all of them when a dial was turned', async () => {
  const { dial, send, unwatch } = await sharing()
  unwatch()
  await dial({ refusesSender: true })
  const outcomes = await Promise.all(phones.map((phone) => send(phone)))
  expect(outcomes.map(({ kind }) => kind)).toEqual(['refused', 'refused', 'refused'])
})

it('tells each of them when it cannot write, and goes on afterwards', async () => {
  const { send, fail, unwatch } = await sharing()
  fail()
  const outcomes = await Promise.allSettled(phones.map((phone) => send(phone)))
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  unwatch()
  expect(await send('+13235550104')).toMatchObject({ kind: 'accepted' })
})
