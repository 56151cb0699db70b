import { describe, expect, it } from 'vitest'
import { createTwilioProvider } from '../../src/twilio/client'
import { isSignedByTwilio } from '../../src/twilio/signature'
import { FakeTwilio, type FakeTwilioOptions } from '../support/fake-twilio'

const CALLBACK = 'https://sms.test/webhooks/twilio/status?delivery=7&attempt=a'
const set = (options: FakeTwilioOptions = {}) => {
  const twilio = new FakeTwilio(options)
  const { accountSid, authToken, baseUrl, fetch } = twilio
  const provider = createTwilioProvider({ accountSid, authToken, baseUrl, from: '+13236300201', timeoutMs: 5000, fetch, now: () => 0 })
  const send = (to: string) => provider.send({ to, body: 'Hi', statusCallbackUrl: CALLBACK })
  return { twilio, provider, send }
}
const paramsOf = async (request: Request) => new URLSearchParams(new TextDecoder().decode(await request.clone().arrayBuffer()))
const statusesOf = (requests: Request[]) => Promise.all(requests.map(async (request) => (await paramsOf(request)).get('MessageStatus')))

describe('the fake of Twilio', () => {
  it('does the same for the same seed, and something else for another', async () => {
    const run = async (seed: number) => {
      const { twilio, send } = set({ seed })
      twilio.misbehave([
        { chance: 0.2, fault: { kind: 'throttle' } },
        { chance: 0.2, fault: { kind: 'server-error', when: 'after' } },
      ])
      const outcomes = []
      for (let i = 0; i < 40; i++) outcomes.push((await send(`+1323555${1000 + i}`)).kind)
      return { outcomes, sids: twilio.messages.map(({ sid }) => sid) }
    }
    const first = await run(5)
    expect(await run(5)).toEqual(first)
    expect(await run(6)).not.toEqual(first)
    expect(new Set(first.outcomes)).toEqual(new Set(['accepted', 'throttled', 'unknown']))
    expect(first.sids).toHaveLength(first.outcomes.filter((kind) => kind !== 'throttled').length)
  })

  it('takes scripted faults in order, and lets null pass', async () => {
    const { twilio, send } = set()
    twilio.script({ kind: 'refuse', code: 21610 }, null, { kind: 'connection-refused' })
    expect([(await send('+1')).kind, (await send('+2')).kind, (await send('+3')).kind, (await send('+4')).kind]).toEqual([
      'refused',
      'accepted',
      'not_sent',
      'accepted',
    ])
    expect(twilio.messages.map(({ to }) => to)).toEqual(['+2', '+4'])
  })

  it('refuses as Twilio does', async () => {
    const { twilio } = set()
    const stranger = createTwilioProvider({ ...twilio, authToken: 'wrong', from: '+1', timeoutMs: 5000, fetch: twilio.fetch, now: () => 0 })
    const refused = (body: string) => set().provider.send({ to: '+1', body, statusCallbackUrl: CALLBACK })
    expect(await stranger.send({ to: '+1', body: 'x', statusCallbackUrl: CALLBACK })).toEqual({
      kind: 'refused',
      code: 20003,
      httpStatus: 401,
    })
    expect(await refused('x'.repeat(1601))).toMatchObject({ code: 21617 })
    expect(await refused(' ')).toMatchObject({ code: 21602 })
  })

  it('shows a message in lists only after the delay', async () => {
    let now = 1_000_000
    const { provider, send } = set({ now: () => now, listDelayMs: 5000 })
    await send('+13235550142')
    expect(await provider.listTo('+13235550142', 0)).toEqual({ kind: 'listed', messages: [] })
    now += 5000
    expect(await provider.listTo('+13235550142', 0)).toMatchObject({ messages: [{ body: 'Hi' }] })
  })

  it('makes signed callbacks in the order chosen', async () => {
    const { twilio, send } = set({ seed: 3 })
    await send('+13235550142')
    const [message] = twilio.sentTo('+13235550142')
    if (!message) throw new Error('nothing was sent')
    const statuses = ['sending', 'sent', 'undelivered'] as const
    expect(await statusesOf(twilio.callbacks(message, statuses, 'reversed'))).toEqual(['undelivered', 'sent', 'sending'])
    expect((await statusesOf(twilio.callbacks(message, statuses, 'shuffled'))).toSorted()).toEqual([...statuses].toSorted())
    expect(twilio.callbacks(message, statuses, 'doubled')).toHaveLength(6)
    const requests = twilio.callbacks(message, statuses, 'sent', 30003)
    expect(await statusesOf(requests)).toEqual([...statuses])
    expect(message).toMatchObject({ status: 'undelivered', errorCode: 30003 })
    for (const request of [...requests, twilio.inbound(CALLBACK, '+13235550142', 'STOP', { OptOutType: 'STOP' })]) {
      const params = await paramsOf(request)
      const signature = request.headers.get('X-Twilio-Signature')
      expect(isSignedByTwilio({ authToken: twilio.authToken, signature, url: CALLBACK, params })).toBe(true)
      expect(params.get('ErrorCode')).toBe(params.get('MessageStatus') === 'undelivered' ? '30003' : null)
    }
  })
})
