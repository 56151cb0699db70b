/**
 * The port through which texts leave. `src/twilio/client.ts` and `src/simulator/provider.ts` implement it, with the same outcomes.
 * Outcomes are facts about one request; what follows from them is decided by `src/deliveries`.
 */
export type SendRequest = {
  /** E.164. */
  to: string
  /** Rendered text, 1 to 1600 UTF-16 units. */
  body: string
  /** Absolute URL with our delivery id and attempt token in its query. */
  statusCallbackUrl: string
}

/** Twilio's message statuses; `receiving` and `received` are inbound only and never appear here. */
export const providerStatuses = [
  'accepted',
  'scheduled',
  'queued',
  'sending',
  'sent',
  'delivered',
  'read',
  'undelivered',
  'failed',
  'canceled',
] as const
export type ProviderStatus = (typeof providerStatuses)[number]

export type SendOutcome =
  /** The provider has it. `parts` is null while the provider has not counted them (Messaging Service). */
  | { kind: 'accepted'; sid: string; status: ProviderStatus; parts: number | null }
  /** A definite no: nothing was sent. `code` is the provider's, null when it gave none. */
  | { kind: 'refused'; code: number | null; httpStatus: number }
  /** HTTP 429: never processed, safe to repeat, not an attempt. */
  | { kind: 'throttled'; retryAfterMs: number | null }
  /** The request surely never left this machine (connection refused, DNS). Safe to repeat. */
  | { kind: 'not_sent'; reason: string }
  /** No answer, a dropped connection, a 5xx: the provider may have it. Never repeat blindly. */
  | { kind: 'unknown'; reason: string }

export type ListedMessage = {
  sid: string
  status: ProviderStatus
  body: string
  /** E.164 or short code; empty where a Messaging Service has not chosen yet. */
  from: string
  messagingServiceSid: string | null
  /** UTC milliseconds, whole seconds at Twilio. */
  createdAt: number
  errorCode: number | null
  parts: number | null
}

export type ListOutcome = { kind: 'listed'; messages: ListedMessage[] } | { kind: 'unavailable'; reason: string }

export type SmsProvider = {
  name: 'twilio' | 'simulator'
  /** What recipients see as the sender, for review and log pages: E.164 or a Messaging Service SID. */
  sender: string
  send(request: SendRequest): Promise<SendOutcome>
  /** Outbound messages to one number created at or after `since` (UTC ms), newest first; for reconciling unknown outcomes. */
  listTo(phone: string, since: number): Promise<ListOutcome>
}
