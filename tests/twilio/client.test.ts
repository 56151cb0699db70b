import { describe, expect, it } from 'vitest'
import { createTwilioProvider, type TwilioOptions } from '../../src/twilio/client'
import { readRetryAfter } from '../../src/twilio/request-client'
import { FakeTwilio, type Fault } from '../support/fake-twilio'

const NOW = Date.UTC(2026, 10, 22, 18, 0, 0)
const TO = '+13235550142'
const request = { to: TO, body: 'Hi Maria, it’s on', statusCallbackUrl: 'https://sms.test/webhooks/twilio/status?delivery=7&attempt=a' }
const set = (options: Partial<TwilioOptions> = {}) => {
  const twilio = new FakeTwilio({ now: () => NOW })
  const { accountSid, authToken, baseUrl, fetch } = twilio
  const provider = createTwilioProvider({
    accountSid,
    authToken,
    baseUrl,
    from: '+13236300201',
    timeoutMs: 5000,
    fetch,
    now: () => NOW,
    ...options,
  })
  return { twilio, provider }
}
const answering = (answer: () => Response | Promise<Response>) => set({ fetch: async () => answer() }).provider.send(request)
const failing = (error: unknown) => answering(() => Promise.reject(error))

describe('send', () => {
  it('makes exactly this request', async () => {
    const { twilio, provider } = set()
    const outcome = await provider.send(request)
    const [sent] = twilio.requests
    expect(sent?.method).toBe('POST')
    expect(sent?.url).toBe(`https://twilio.test/2010-04-01/Accounts/${twilio.accountSid}/Messages.json`)
    expect(Object.fromEntries(sent?.form ?? [])).toEqual({
      To: TO,
      From: '+13236300201',
      Body: request.body,
      StatusCallback: request.statusCallbackUrl,
    })
    expect(sent?.headers.get('Authorization')).toBe(`Basic ${btoa(`${twilio.accountSid}:${twilio.authToken}`)}`)
    expect(sent?.headers.get('Content-Type')).toContain('application/x-www-form-urlencoded')
    expect(outcome).toEqual({ kind: 'accepted', sid: twilio.messages[0]?.sid, status: 'queued', parts: 1 })
    expect(provider).toMatchObject({ name: 'twilio', sender: '+13236300201' })
  })

  it('follows no redirect', async () => {
    const inits: RequestInit[] = []
    const { provider } = set({
      fetch: async (_, init) => {
        inits.push(init)
        return new Response('{"messages":[]}')
      },
    })
    await provider.send(request)
    await provider.listTo(TO, 0)
    expect(inits.map(({ redirect }) => redirect)).toEqual(['manual', 'manual'])
  })

  it('sends through a Messaging Service, which has not counted the parts yet', async () => {
    const { twilio, provider } = set({ messagingServiceSid: 'MG1' })
    expect(await provider.send(request)).toMatchObject({ kind: 'accepted', status: 'accepted', parts: null })
    expect(twilio.requests[0]?.form.get('MessagingServiceSid')).toBe('MG1')
    expect(twilio.requests[0]?.form.has('From')).toBe(false)
    expect(provider.sender).toBe('MG1')
  })

  it.each<[Fault, object, number]>([
    [{ kind: 'throttle', retryAfter: '3' }, { kind: 'throttled', retryAfterMs: 3000 }, 0],
    [{ kind: 'throttle', retryAfter: new Date(NOW + 90_000).toUTCString() }, { kind: 'throttled', retryAfterMs: 90_000 }, 0],
    [{ kind: 'throttle' }, { kind: 'throttled', retryAfterMs: null }, 0],
    [{ kind: 'refuse', code: 21610 }, { kind: 'refused', code: 21610, httpStatus: 400 }, 0],
    [{ kind: 'refuse', code: 20003, httpStatus: 401 }, { kind: 'refused', code: 20003, httpStatus: 401 }, 0],
    [{ kind: 'refuse', code: null, httpStatus: 404 }, { kind: 'refused', code: null, httpStatus: 404 }, 0],
    [{ kind: 'server-error', when: 'before' }, { kind: 'unknown', reason: 'HTTP 500' }, 0],
    [{ kind: 'server-error', when: 'after', httpStatus: 503 }, { kind: 'unknown', reason: 'HTTP 503' }, 1],
    [{ kind: 'drop', when: 'after' }, { kind: 'unknown', reason: 'the connection was lost' }, 1],
    [{ kind: 'connection-refused' }, { kind: 'not_sent', reason: 'ECONNREFUSED' }, 0],
    [{ kind: 'garbled', when: 'after' }, { kind: 'unknown', reason: 'the answer was not JSON' }, 1],
    [{ kind: 'redirect' }, { kind: 'unknown', reason: 'HTTP 307' }, 0],
  ])('%j', async (fault, outcome, messages) => {
    const { twilio, provider } = set()
    twilio.script(fault)
    expect(await provider.send(request)).toEqual(outcome)
    expect(twilio.messages).toHaveLength(messages)
    expect(twilio.requests).toHaveLength(1)
  })

  it('gives up a request that is not answered in time', async () => {
    const { twilio, provider } = set({ timeoutMs: 5 })
    twilio.script({ kind: 'hang', when: 'after' })
    expect(await provider.send(request)).toEqual({ kind: 'unknown', reason: 'no answer in time' })
    expect(twilio.requests[0]?.aborted).toBe(true)
  })

  it('does not know after an answer it cannot read', async () => {
    for (const body of ['', 'null', '{}', '{"sid":""}', '[]', '"SM1"']) {
      expect(await answering(() => new Response(body, { status: 201 }))).toMatchObject({ kind: 'unknown' })
    }
  })

  it('keeps a definite no whatever its body', async () => {
    for (const body of ['', 'null', '<html>', '{"code":"21610"}', '{"code":0}']) {
      expect(await answering(() => new Response(body, { status: 400 }))).toEqual({ kind: 'refused', code: null, httpStatus: 400 })
    }
    const rfc9457 = JSON.stringify({ type: 'x', title: 'y', status: 500, code: 21211 })
    expect(await answering(() => new Response(rfc9457, { status: 400 }))).toEqual({ kind: 'refused', code: 21211, httpStatus: 400 })
  })

  it('is sure that nothing left only where no connection came about', async () => {
    const withCode = (code: string, cause?: unknown) => Object.assign(new Error(`to ${TO}`, { cause }), { code })
    for (const code of ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']) {
      expect(await failing(new TypeError('fetch failed', { cause: withCode(code) }))).toEqual({ kind: 'not_sent', reason: code })
    }
    const mixed = new AggregateError([withCode('ECONNREFUSED'), withCode('ETIMEDOUT')])
    for (const error of [
      new TypeError('Network connection lost.'),
      new TypeError('fetch failed', { cause: withCode('ECONNRESET') }),
      new TypeError('fetch failed', { cause: withCode('ECONNRESET', withCode('ECONNREFUSED')) }),
      new TypeError('fetch failed', { cause: mixed }),
      'nonsense',
      null,
    ]) {
      expect(await failing(error)).toMatchObject({ kind: 'unknown' })
    }
  })

  it('puts neither text nor phone into a reason', async () => {
    const outcome = await failing(new Error(`could not post Hi Maria to ${TO}`))
    expect(JSON.stringify(outcome)).not.toMatch(/Maria|5550142/)
  })
})

describe('listTo', () => {
  it('lists the messages to one phone since a moment, newest first, queued ones too', async () => {
    let now = NOW
    const twilio = new FakeTwilio({ now: () => now })
    const { provider } = set({ fetch: twilio.fetch })
    for (const [body, at] of [
      ['old', NOW - 2000],
      ['first', NOW + 400],
      ['second', NOW + 5000],
    ] as const) {
      now = at
      await provider.send({ ...request, body })
    }
    await provider.send({ ...request, to: '+13235550199' })
    const listed = await provider.listTo(TO, NOW + 600)
    expect(listed).toEqual({
      kind: 'listed',
      messages: ['second', 'first'].map((body) => ({
        sid: twilio.messages.find((message) => message.body === body)?.sid,
        status: 'queued',
        body,
        from: '+13236300201',
        messagingServiceSid: null,
        createdAt: body === 'first' ? NOW : NOW + 5000,
        errorCode: null,
        parts: 1,
      })),
    })
    const query = new URL(twilio.requests.at(-1)?.url ?? '').searchParams
    expect(Object.fromEntries(query)).toEqual({ To: TO, PageSize: '200' })
  })

  it('follows pages, and never calls a list it could not finish complete', async () => {
    const { twilio, provider } = set()
    const sendMany = async (count: number) => {
      for (let i = 0; i < count; i++) await provider.send(request)
    }
    await sendMany(401)
    expect((await provider.listTo(TO, 0)).kind === 'listed' && twilio.requests.length).toBe(404)
    const listed = await provider.listTo(TO, 0)
    expect(listed.kind === 'listed' && new Set(listed.messages.map(({ sid }) => sid)).size).toBe(401)
    await sendMany(600)
    expect(await provider.listTo(TO, 0)).toEqual({ kind: 'unavailable', reason: 'the list is too long' })
  })

  it('is unavailable on any failure', async () => {
    const { twilio, provider } = set()
    twilio.listUnavailable = true
    expect(await provider.listTo(TO, 0)).toEqual({ kind: 'unavailable', reason: 'HTTP 503' })
    for (const body of ['', '{}', 'null', '{"messages":null}', '{"messages":[{"sid":"SM1","date_created":"soon"}]}', '{"messages":[{}]}']) {
      const { provider: other } = set({ fetch: async () => new Response(body) })
      expect(await other.listTo(TO, 0)).toMatchObject({ kind: 'unavailable' })
    }
    const { provider: dropped } = set({ fetch: () => Promise.reject(new TypeError('fetch failed')) })
    expect(await dropped.listTo(TO, 0)).toEqual({ kind: 'unavailable', reason: 'the connection was lost' })
  })

  it('does not carry the credentials to another host', async () => {
    const asked: string[] = []
    const fetch = async (url: string) => {
      asked.push(url)
      return Response.json({ messages: [], meta: { key: 'messages', next_page_url: 'https://evil.example/next' } })
    }
    expect(await set({ fetch }).provider.listTo(TO, 0)).toMatchObject({ kind: 'unavailable' })
    expect(asked).toHaveLength(1)
  })

  it('keeps a message of ours alone, also where its status is news to us', async () => {
    const message = { sid: 'SM1', status: 'teleported', date_created: new Date(NOW).toUTCString(), direction: 'outbound-api' }
    const others = ['inbound', 'outbound-reply'].map((direction) => ({ ...message, direction }))
    const { provider } = set({ fetch: async () => Response.json({ messages: [message, ...others] }) })
    expect(await provider.listTo(TO, 0)).toMatchObject({ kind: 'listed', messages: [{ sid: 'SM1', status: 'accepted', from: '' }] })
  })
})

describe('readRetryAfter', () => {
  it.each([
    ['0', 0],
    [' 1.5 ', 1500],
    [new Date(NOW - 5000).toUTCString(), 0],
    ['soon', null],
    ['-1', null],
    ['', null],
    [null, null],
  ])('%s', (header, expected) => expect(readRetryAfter(header, NOW)).toBe(expected))
})
