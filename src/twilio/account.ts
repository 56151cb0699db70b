import type { Asked, ProviderFacts } from '../doctor/provider'
import type { TwilioOptions } from './client'
import { createRequestClient, HttpRefusal } from './request-client'

type Json = Record<string, unknown>

/** What Twilio says of the account and the sender, by GET alone: nothing is sent, nothing changes. */
export async function readAccount(options: TwilioOptions): Promise<ProviderFacts> {
  let clock: ProviderFacts['clock'] = null
  const noting: TwilioOptions['fetch'] = async (url, init) => {
    const answer = await options.fetch(url, init)
    const theirs = Date.parse(answer.headers.get('Date') ?? '')
    if (!clock && !Number.isNaN(theirs)) clock = { theirs, ours: options.now() }
    return answer
  }
  const asking = { ...options, fetch: noting }
  const path = `/2010-04-01/Accounts/${options.accountSid}`
  const account = await ask(asking, `${options.baseUrl}${path}.json`, {}, ({ status, type }) => ({
    status: String(status ?? 'active'),
    trial: type === 'Trial',
  }))
  return { account, sender: await readSender(asking, path), clock }
}

function readSender(options: TwilioOptions, path: string): Promise<ProviderFacts['sender']> {
  const { messagingServiceSid, from = '', baseUrl } = options
  if (messagingServiceSid) {
    const base = messagingUrl(baseUrl)
    return ask({ ...options, baseUrl: base }, `${base}/v1/Services/${messagingServiceSid}`, {}, (service) => ({
      found: true,
      texts: true,
      inboundUrl: service.use_inbound_webhook_on_number ? null : String(service.inbound_request_url ?? ''),
    }))
  }
  const short = !from.startsWith('+')
  const list = short ? `${path}/SMS/ShortCodes.json` : `${path}/IncomingPhoneNumbers.json`
  return ask(options, `${baseUrl}${list}`, short ? { ShortCode: from } : { PhoneNumber: from }, (answer) => {
    const [number] = (answer[short ? 'short_codes' : 'incoming_phone_numbers'] as Json[] | undefined) ?? []
    const capabilities = number?.capabilities as { sms?: boolean } | undefined
    // A number of a messaging service has its webhook there.
    const inboundUrl = number?.messaging_service_sid ? null : String(number?.sms_url ?? '')
    return { found: number !== undefined, texts: capabilities?.sms !== false, inboundUrl }
  })
}

/** Messaging services live at a host of their own; a stand-in is one for all. */
const messagingUrl = (baseUrl: string): string => baseUrl.replace(/^(https:\/\/)api(\.[\w.-]*twilio\.com)$/, '$1messaging$2')

async function ask<Told>(options: TwilioOptions, uri: string, params: object, read: (answer: Json) => Told): Promise<Asked<Told>> {
  try {
    const { body } = await createRequestClient(options).request({ uri, params })
    return { kind: 'told', ...read(JSON.parse(body) as Json) }
  } catch (fault) {
    if (!(fault instanceof HttpRefusal)) return { kind: 'silent', reason: reasonOf(fault) }
    const twilio = new URL(options.baseUrl).hostname.endsWith('twilio.com')
    if (fault.status === 404 && !twilio) return { kind: 'unknown' }
    return { kind: 'refused', httpStatus: fault.status, code: fault.code }
  }
}

/** Never the message itself: it may hold the address with a number. */
const reasonOf = (fault: unknown): string => {
  if (fault instanceof SyntaxError) return 'its answer cannot be read'
  const code = fault instanceof Error && 'code' in fault ? String(fault.code) : ''
  return fault instanceof Error && fault.name === 'TimeoutError' ? 'no answer in time' : `no connection${code ? ` (${code})` : ''}`
}
