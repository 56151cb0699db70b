import DomainModule from 'twilio/lib/base/Domain.js'
import VersionModule from 'twilio/lib/base/Version.js'
import { type MessageInstance, MessageListInstance } from 'twilio/lib/rest/api/v2010/account/message.js'
import {
  type ListedMessage,
  type ListOutcome,
  type ProviderStatus,
  providerStatuses,
  type SendOutcome,
  type SmsProvider,
} from '../sms/provider'
import { createRequestClient, HttpRefusal, type TwilioFetch } from './request-client'

// `import 'twilio'` costs 8 MB and half a second of start. These parts cost 111 kB; a bundler may hand over the module or its default.
const partOf = <T>(module: T): T => (module as { default?: T }).default ?? module
const Domain = partOf(DomainModule)
const Version = partOf(VersionModule)

export type TwilioOptions = {
  accountSid: string
  authToken: string
  /** E.164 or a short code; not used where there is a Messaging Service. */
  from?: string
  messagingServiceSid?: string
  /** https://api.twilio.com, or a stand-in. */
  baseUrl: string
  /** For one request, headers and body together. */
  timeoutMs: number
  fetch: TwilioFetch
  now: () => number
}

const LIST_PAGE_SIZE = 200
const LIST_MAX_PAGES = 5
const STATUSES: ReadonlySet<string> = new Set(providerStatuses)
// Raised before a connection exists. Anything else may have come after the request left.
const NEVER_LEFT: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'])

// A status newer than this list still means that the provider has the message.
const readStatus = (status: unknown): ProviderStatus =>
  typeof status === 'string' && STATUSES.has(status) ? (status as ProviderStatus) : 'accepted'

const readParts = (numSegments: unknown): number | null => {
  const parts = Number(numSegments)
  return Number.isInteger(parts) && parts > 0 ? parts : null
}

const codeIn = (error: object): string | null => ('code' in error && typeof error.code === 'string' ? error.code : null)

/** The connection's error code where the request surely never left, looked for through the chain of causes; workerd gives none. */
const neverLeft = (error: unknown, depth = 0): string | null => {
  if (typeof error !== 'object' || error === null || depth > 5) return null
  if (error instanceof AggregateError && error.errors.length > 0) {
    const codes = error.errors.map((one: unknown) => neverLeft(one, depth + 1))
    return codes.includes(null) ? null : (codes[0] ?? null)
  }
  const code = codeIn(error)
  if (code !== null) return NEVER_LEFT.has(code) ? code : null
  return neverLeft('cause' in error ? error.cause : null, depth + 1)
}

// Reasons are ours: an error's own message may hold the URL, a phone or a text.
const reasonOf = (error: unknown): string => {
  if (error instanceof HttpRefusal) return `HTTP ${error.status}`
  if (error instanceof SyntaxError) return 'the answer was not JSON'
  if (error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')) return 'no answer in time'
  return 'the connection was lost'
}

const sendOutcomeOf = (error: unknown): SendOutcome => {
  if (error instanceof HttpRefusal && error.status === 429) return { kind: 'throttled', retryAfterMs: error.retryAfterMs }
  if (error instanceof HttpRefusal && error.status >= 400 && error.status < 500) {
    return { kind: 'refused', code: error.code, httpStatus: error.status }
  }
  const code = neverLeft(error)
  return code === null ? { kind: 'unknown', reason: reasonOf(error) } : { kind: 'not_sent', reason: code }
}

/** Their texts to us, and the replies to STOP and HELP that Twilio makes by itself, are none of ours. */
const isSentByUs = ({ direction }: MessageInstance) => direction !== 'inbound' && direction !== 'outbound-reply'

const readListed = (message: MessageInstance): ListedMessage => {
  const createdAt = message.dateCreated instanceof Date ? message.dateCreated.getTime() : Number.NaN
  if (!message.sid || Number.isNaN(createdAt)) throw new SyntaxError('a listed message without sid or date')
  return {
    sid: message.sid,
    status: readStatus(message.status),
    body: message.body ?? '',
    from: message.from ?? '',
    messagingServiceSid: message.messagingServiceSid || null,
    createdAt,
    errorCode: Number.isInteger(message.errorCode) ? message.errorCode : null,
    parts: readParts(message.numSegments),
  }
}

/**
 * Texts through Twilio's REST API. Every answer becomes a SendOutcome, nothing is thrown and nothing is repeated.
 * 2xx with a sid is accepted, 429 throttled, other 4xx refused; a refused connection or failed lookup is not_sent; everything else,
 * redirects, 5xx and unreadable answers included, is unknown. Reasons hold neither text nor phone.
 */
export const createTwilioProvider = (options: TwilioOptions): SmsProvider => {
  const client = createRequestClient(options)
  const domain = new Domain(client as unknown as ConstructorParameters<typeof Domain>[0], options.baseUrl)
  const messages = MessageListInstance(new Version(domain, '2010-04-01') as Parameters<typeof MessageListInstance>[0], options.accountSid)
  const sender = options.messagingServiceSid || options.from || ''
  const senderParams = options.messagingServiceSid ? { messagingServiceSid: options.messagingServiceSid } : { from: sender }

  return {
    name: 'twilio',
    sender,
    async send({ to, body, statusCallbackUrl }) {
      try {
        const message = await messages.create({ to, body, statusCallback: statusCallbackUrl, ...senderParams })
        if (!message.sid) return { kind: 'unknown', reason: 'the answer had no sid' }
        return { kind: 'accepted', sid: message.sid, status: readStatus(message.status), parts: readParts(message.numSegments) }
      } catch (error) {
        return sendOutcomeOf(error)
      }
    },
    // No DateSent filter: a message still queued has no such date and would be missed, then sent again. For the same reason a list
    // that does not end within the pages is unavailable, never "absent". Twilio's times are whole seconds, so `since` is rounded down.
    async listTo(phone, since): Promise<ListOutcome> {
      const from = Math.floor(since / 1000) * 1000
      const listed: ListedMessage[] = []
      try {
        let page = await messages.page({ to: phone, pageSize: LIST_PAGE_SIZE })
        for (let pages = 1; ; pages++) {
          listed.push(...page.instances.filter(isSentByUs).map(readListed))
          if (!page.nextPageUrl) break
          if (pages === LIST_MAX_PAGES) return { kind: 'unavailable', reason: 'the list is too long' }
          page = (await page.nextPage()) as typeof page
        }
      } catch (error) {
        return { kind: 'unavailable', reason: neverLeft(error) ?? reasonOf(error) }
      }
      return { kind: 'listed', messages: listed.filter(({ createdAt }) => createdAt >= from).sort((a, b) => b.createdAt - a.createdAt) }
    },
  }
}
