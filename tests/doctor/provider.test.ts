import { describe, expect, it } from 'vitest'
import { checkProvider } from '../../src/doctor/provider'
import { readAccount } from '../../src/twilio/account'
import { FakeTwilio } from '../support/fake-twilio'

const number = '+13236300201'
const service = `MG${'1'.repeat(32)}`
const publicUrl = 'https://sms.example.org'
const inbound = `${publicUrl}/webhooks/twilio/inbound`

/** What is found at a Twilio that `change` has changed; `options` differ from an account that is in order. */
async function look({
  change = () => {},
  aheadMs = 0,
  development = false,
  ...options
}: {
  change?: (twilio: FakeTwilio) => void
  aheadMs?: number
  development?: boolean
  [option: string]: unknown
} = {}) {
  const twilio = new FakeTwilio()
  twilio.account.numbers.push({ phone: number, sms: true, smsUrl: inbound })
  twilio.account.services.push({ sid: service, inboundUrl: inbound })
  change(twilio)
  const now = () => Date.parse('2026-11-22T18:00:00Z')
  const dated = async (...args: Parameters<FakeTwilio['fetch']>) => {
    const answer = await twilio.fetch(...args)
    answer.headers.set('Date', new Date(now() - aheadMs).toUTCString())
    return answer
  }
  const { accountSid, authToken, baseUrl } = twilio
  const asked = { accountSid, authToken, baseUrl, from: number, timeoutMs: 1000, fetch: dated, now, ...options }
  const sender = String(options.messagingServiceSid ?? asked.from)
  const checks = checkProvider(await readAccount(asked as Parameters<typeof readAccount>[0]), { sender, publicUrl, development })
  return { of: (name: string) => checks.find((check) => check.name === name), twilio, checks }
}

describe('an account that is in order', () => {
  it('is asked by GET alone, and told without its number', async () => {
    const { checks, twilio } = await look()
    expect(checks.map(({ state }) => state)).toEqual(['ok', 'ok', 'ok'])
    expect(twilio.requests.map(({ method }) => method)).toEqual(['GET', 'GET'])
    expect(JSON.stringify(checks)).not.toContain('6300201')
  })

  it('may send by a messaging service, which Twilio keeps at another host', async () => {
    expect((await look({ messagingServiceSid: service })).of('sender')).toMatchObject({ state: 'ok' })
    const { twilio } = await look({ messagingServiceSid: service, baseUrl: 'https://api.twilio.com' })
    expect(twilio.requests.at(-1)?.url).toBe(`https://messaging.twilio.com/v1/Services/${service}`)
  })
})

describe('a fault is told, with how to mend it:', () => {
  it.each<[string, RegExp, Parameters<typeof look>[0]]>([
    ['provider', /code 20003/, { authToken: 'another' }],
    ['provider', /is suspended/, { change: ({ account }) => Object.assign(account, { status: 'suspended' }) }],
    ['provider', /does not answer: no connection/, { fetch: () => Promise.reject(new TypeError('https://x/+13236300201')) }],
    ['sender', /no number …0299/, { from: '+13236300299' }],
    ['sender', /cannot send texts/, { change: ({ account }) => Object.assign(account.numbers[0] ?? {}, { sms: false }) }],
    [
      'sender',
      /STOP among them, do not reach/,
      { change: ({ account }) => Object.assign(account.numbers[0] ?? {}, { smsUrl: 'https://old' }) },
    ],
    ['sender', /HTTP 404/, { messagingServiceSid: `MG${'2'.repeat(32)}`, baseUrl: 'https://api.twilio.com' }],
    ['clock', /61 s ahead of/, { aheadMs: 61_000 }],
    ['clock', /75 s behind/, { aheadMs: -75_000 }],
  ])('%s: %s', async (name, words, change) => {
    const { of } = await look(change)
    expect(of(name)).toMatchObject({ state: 'fault', what: expect.stringMatching(words), mend: expect.stringMatching(/\w/) })
  })
})

it('a minute of difference is none, a trial and a webhook in development are notes', async () => {
  expect((await look({ aheadMs: 60_000 })).of('clock')?.state).toBe('ok')
  expect((await look({ change: ({ account }) => Object.assign(account, { type: 'Trial' }) })).of('provider')?.state).toBe('note')
  const elsewhere = { development: true, change: ({ account }: FakeTwilio) => Object.assign(account.numbers[0] ?? {}, { smsUrl: '' }) }
  expect((await look(elsewhere)).of('sender')?.state).toBe('note')
})

it('a stand-in that does not know is no fault of the account', async () => {
  expect((await look({ messagingServiceSid: `MG${'2'.repeat(32)}` })).of('sender')).toMatchObject({ state: 'note' })
})
