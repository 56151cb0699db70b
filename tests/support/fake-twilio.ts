import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js'
import type { ProviderStatus } from '../../src/sms/provider'
import { countParts } from '../../src/sms/segments'
import { freshAccount, readFakeAccount } from './fake-account'
import { seededRandom } from './seeded-random'

/** What goes wrong with one send. `after` means that the message exists all the same. */
export type Fault =
  | { kind: 'throttle'; retryAfter?: string }
  | { kind: 'refuse'; code: number | null; httpStatus?: number }
  | { kind: 'server-error'; when: 'before' | 'after'; httpStatus?: number }
  | { kind: 'drop'; when: 'before' | 'after' }
  | { kind: 'hang'; when: 'before' | 'after' }
  | { kind: 'connection-refused' }
  | { kind: 'garbled'; when: 'before' | 'after' }
  | { kind: 'redirect' }

export type FakeMessage = {
  sid: string
  to: string
  body: string
  from: string | null
  messagingServiceSid: string | null
  statusCallback: string | null
  status: ProviderStatus
  errorCode: number | null
  parts: number
  createdAt: number
}

export type RecordedRequest = { method: string; url: string; headers: Headers; form: URLSearchParams; aborted: boolean }
export type CallbackOrder = 'sent' | 'reversed' | 'shuffled' | 'doubled'
export type FakeTwilioOptions = {
  seed?: number
  now?: () => number
  accountSid?: string
  authToken?: string
  baseUrl?: string
  /** A new message shows in lists only after this long. */
  listDelayMs?: number
}

const SETTLED_BY_CODE: ReadonlySet<ProviderStatus> = new Set(['failed', 'undelivered'])
const twilioDate = (ms: number) => new Date(Math.floor(ms / 1000) * 1000).toUTCString().replace('GMT', '+0000')
const dropped = () => new TypeError('fetch failed', { cause: Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }) })
const refusedConnection = () => {
  const one = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  return new TypeError('fetch failed', { cause: Object.assign(new AggregateError([one(), one()]), { code: 'ECONNREFUSED' }) })
}
const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } })
const refusal = (code: number | null, status: number, headers: Record<string, string> = {}) =>
  json({ code, message: 'refused by the fake', more_info: `https://www.twilio.com/docs/errors/${code}`, status }, status, headers)

/**
 * Twilio's messages API for tests, as a `fetch`: no sockets, no timers, the same answers for the same seed.
 * Faults come from `script` (the next requests, in order), else from `decide`. `seed` is to be printed when a test fails.
 */
export class FakeTwilio {
  readonly seed: number
  readonly accountSid: string
  readonly authToken: string
  readonly baseUrl: string
  /** Every request, in order of arrival, whatever came of it. */
  readonly requests: RecordedRequest[] = []
  /** Every message that exists at Twilio: what recipients may get. */
  readonly messages: FakeMessage[] = []
  /** Consulted for every send that no scripted fault covers. */
  decide: (form: URLSearchParams, index: number) => Fault | null = () => null
  listUnavailable = false
  readonly account = freshAccount()
  listDelayMs: number
  inFlight = 0
  maxInFlight = 0
  private readonly random
  private readonly now: () => number
  private readonly scripted: (Fault | null)[] = []
  private sends = 0

  constructor(options: FakeTwilioOptions = {}) {
    this.seed = options.seed ?? 1
    this.random = seededRandom(this.seed)
    this.now = options.now ?? (() => Date.UTC(2026, 10, 22, 18, 0, 0))
    this.accountSid = options.accountSid ?? `AC${'0'.repeat(32)}`
    this.authToken = options.authToken ?? 'fake-auth-token'
    this.baseUrl = options.baseUrl ?? 'https://twilio.test'
    this.listDelayMs = options.listDelayMs ?? 0
  }

  /** Faults for the next sends, one each; null lets one pass. */
  script(...faults: (Fault | null)[]): void {
    this.scripted.push(...faults)
  }

  /** Each fault befalls a send with the chance given, by the seed. */
  misbehave(chances: readonly { chance: number; fault: Fault }[]): void {
    this.decide = () => {
      let draw = this.random.next()
      for (const { chance, fault } of chances) {
        draw -= chance
        if (draw < 0) return fault
      }
      return null
    }
  }

  sentTo(phone: string): FakeMessage[] {
    return this.messages.filter((message) => message.to === phone)
  }

  readonly fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, { ...init, signal: null })
    const signal = init?.signal ?? (input instanceof Request ? input.signal : null)
    const form = new URLSearchParams(new TextDecoder().decode(await request.arrayBuffer()))
    const recorded: RecordedRequest = { method: request.method, url: request.url, headers: request.headers, form, aborted: false }
    this.requests.push(recorded)
    this.inFlight++
    this.maxInFlight = Math.max(this.maxInFlight, this.inFlight)
    try {
      return await this.answer(recorded, signal)
    } finally {
      this.inFlight--
    }
  }

  private async answer(request: RecordedRequest, signal: AbortSignal | null): Promise<Response> {
    const url = new URL(request.url)
    if (request.headers.get('Authorization') !== `Basic ${btoa(`${this.accountSid}:${this.authToken}`)}`) return refusal(20003, 401)
    const told = request.method === 'GET' ? readFakeAccount(this.account, this.accountSid, url) : null
    if (told) return json(told.body, told.status)
    if (url.pathname !== `/2010-04-01/Accounts/${this.accountSid}/Messages.json`) return refusal(20404, 404)
    return request.method === 'POST' ? this.send(request, signal) : this.list(url)
  }

  private async send(request: RecordedRequest, signal: AbortSignal | null): Promise<Response> {
    const { form } = request
    const scripted = this.scripted.shift()
    const fault = scripted === undefined ? this.decide(form, this.sends) : scripted
    this.sends++
    const invalid = this.refuseInvalid(form)
    if (invalid !== null) return refusal(invalid, 400)
    if (!fault) return json(this.present(this.accept(form)), 201)
    if ('when' in fault && fault.when === 'after') this.accept(form)
    switch (fault.kind) {
      case 'throttle':
        return refusal(20429, 429, fault.retryAfter === undefined ? {} : { 'Retry-After': fault.retryAfter })
      case 'refuse':
        return refusal(fault.code, fault.httpStatus ?? 400)
      case 'server-error':
        return refusal(20500, fault.httpStatus ?? 500)
      case 'garbled':
        return new Response('<html>Bad gateway', { status: 201 })
      case 'redirect':
        return new Response(null, { status: 307, headers: { Location: `${this.baseUrl}/elsewhere` } })
      case 'drop':
        throw dropped()
      case 'connection-refused':
        throw refusedConnection()
      case 'hang':
        return this.hang(request, signal)
    }
  }

  private hang(request: RecordedRequest, signal: AbortSignal | null): Promise<Response> {
    return new Promise((_, reject) => {
      const abort = () => {
        request.aborted = true
        reject(signal?.reason)
      }
      if (signal?.aborted) abort()
      else signal?.addEventListener('abort', abort)
    })
  }

  private refuseInvalid(form: URLSearchParams): number | null {
    const body = form.get('Body') ?? ''
    if (!form.get('To')) return 21604
    if (!form.get('From') && !form.get('MessagingServiceSid')) return 21603
    if (body.trim() === '') return 21602
    return body.length > 1600 ? 21617 : null
  }

  private accept(form: URLSearchParams): FakeMessage {
    const service = form.get('MessagingServiceSid')
    const message: FakeMessage = {
      sid: `SM${Array.from({ length: 32 }, () => this.random.below(16).toString(16)).join('')}`,
      to: form.get('To') ?? '',
      body: form.get('Body') ?? '',
      from: form.get('From'),
      messagingServiceSid: service,
      statusCallback: form.get('StatusCallback'),
      status: service ? 'accepted' : 'queued',
      errorCode: null,
      parts: countParts(form.get('Body') ?? '').parts,
      createdAt: this.now(),
    }
    this.messages.push(message)
    return message
  }

  private present(message: FakeMessage) {
    const counted = !message.messagingServiceSid || message.status !== 'accepted'
    return {
      sid: message.sid,
      account_sid: this.accountSid,
      api_version: '2010-04-01',
      body: message.body,
      to: message.to,
      from: message.from,
      messaging_service_sid: message.messagingServiceSid,
      status: message.status,
      direction: 'outbound-api',
      num_segments: counted ? String(message.parts) : '0',
      num_media: '0',
      error_code: message.errorCode,
      error_message: null,
      date_created: twilioDate(message.createdAt),
      date_updated: twilioDate(message.createdAt),
      date_sent: message.status === 'queued' || message.status === 'accepted' ? null : twilioDate(message.createdAt),
      uri: `/2010-04-01/Accounts/${this.accountSid}/Messages/${message.sid}.json`,
    }
  }

  private list(url: URL): Response {
    if (this.listUnavailable) return refusal(20503, 503)
    const query = url.searchParams
    const size = Number(query.get('PageSize') ?? 50)
    const page = Number(query.get('Page') ?? 0)
    const sentAfter = query.get('DateSent>')
    const found = this.messages
      .filter((message) => !query.get('To') || message.to === query.get('To'))
      .filter((message) => this.now() - message.createdAt >= this.listDelayMs)
      .map((message) => this.present(message))
      .filter((message) => !sentAfter || (message.date_sent !== null && Date.parse(message.date_sent) >= Date.parse(sentAfter)))
      .reverse()
    const next = new URL(url)
    next.searchParams.set('Page', String(page + 1))
    const more = found.length > (page + 1) * size
    return json({
      messages: found.slice(page * size, (page + 1) * size),
      page,
      page_size: size,
      next_page_uri: more ? `${next.pathname}${next.search}` : null,
    })
  }

  /** The signed request that Twilio makes to tell of a status, which the message then has. */
  callback(message: FakeMessage, status: ProviderStatus, errorCode: number | null = null): Request {
    if (message.statusCallback === null) throw new Error('the message was sent without StatusCallback')
    message.status = status
    message.errorCode = errorCode
    const form: Record<string, string> = {
      AccountSid: this.accountSid,
      ApiVersion: '2010-04-01',
      MessageSid: message.sid,
      SmsSid: message.sid,
      MessageStatus: status,
      SmsStatus: status,
      To: message.to,
      From: message.from ?? '',
    }
    if (message.messagingServiceSid) form.MessagingServiceSid = message.messagingServiceSid
    if (errorCode !== null && SETTLED_BY_CODE.has(status)) form.ErrorCode = String(errorCode)
    return this.signed(message.statusCallback, form)
  }

  /** Callbacks for several statuses of one message, in the order chosen; `doubled` is shuffled with every one twice. */
  callbacks(message: FakeMessage, statuses: readonly ProviderStatus[], order: CallbackOrder, errorCode: number | null = null): Request[] {
    const requests = statuses.map((status) => this.callback(message, status, errorCode))
    if (order === 'sent') return requests
    if (order === 'reversed') return requests.reverse()
    if (order === 'shuffled') return this.random.shuffle(requests)
    return this.random.shuffle([...requests, ...requests.map((request) => request.clone())])
  }

  /** A signed inbound message, as Twilio posts it. `extra` adds or overrides parameters, such as OptOutType. */
  inbound(url: string, from: string, body: string, extra: Record<string, string> = {}): Request {
    const sid = `SM${Array.from({ length: 32 }, () => this.random.below(16).toString(16)).join('')}`
    const to = this.messages.findLast((message) => message.to === from)?.from ?? '+15005550006'
    return this.signed(url, { AccountSid: this.accountSid, MessageSid: sid, From: from, To: to, Body: body, NumMedia: '0', ...extra })
  }

  signed(url: string, form: Record<string, string>): Request {
    return new Request(url, {
      method: 'POST',
      headers: { 'X-Twilio-Signature': getExpectedTwilioSignature(this.authToken, url, form) },
      body: new URLSearchParams(form),
    })
  }
}
