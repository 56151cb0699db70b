import type { DeliveryStatus } from '../db/schema'
import { classify, type OutcomeClass } from '../sms/outcome'
import type { ProviderStatus, SendOutcome } from '../sms/provider'

/** What one attempt comes to: the delivery's next state and what follows from it. */
export type Result = {
  id: number
  token: string
  status: Extract<DeliveryStatus, 'queued' | 'accepted' | 'sent' | 'delivered' | 'undelivered' | 'failed' | 'unknown'>
  sid: string | null
  code: number | null
  parts: number | null
  attempts: number
  notBefore: number
  effect: Effect
}

export type Effect =
  | { kind: 'none' }
  | { kind: 'opt_out' }
  | { kind: 'suppress'; after: 1 | 3 }
  /** Ours to mend: the whole blast stops at once. */
  | { kind: 'pause' }
  /** Stops the blast when most of the first recipients fail alike (pausing.ts). */
  | { kind: 'watch' }
  | { kind: 'throttle'; retryAfterMs: number | null }

const retryBaseMs = 15_000
const retryMaxMs = 900_000
/** An attempt more than this and the failure is definite. */
const maxAttempts = 5
/** For a code that nobody knows. */
const maxUnlistedAttempts = 2

/** So often a delivery may fail with this code before it stays failed; 0: a failure of this code is definite at once. */
export function attemptsFor(code: number | null): number {
  const kind = classify(code)
  if (kind === 'retryable') return maxAttempts
  return kind === 'unlisted' ? maxUnlistedAttempts : 0
}

/** How long to wait after the `attempts`-th failure. `jitter` is 0 to 1. */
export const backoffMs = (attempts: number, jitter: number): number =>
  Math.round(Math.min(retryMaxMs, retryBaseMs * 2 ** (attempts - 1)) * (0.75 + jitter / 2))

/** The provider's word → ours. Their `queued` is our `accepted`: they have it. */
export function toDeliveryStatus(status: ProviderStatus): Result['status'] {
  switch (status) {
    case 'sent':
    case 'undelivered':
    case 'failed':
    case 'delivered':
      return status
    case 'read':
      return 'delivered'
    case 'canceled':
      return 'failed'
    case 'accepted':
    case 'scheduled':
    case 'queued':
    case 'sending':
      return 'accepted'
  }
}

/** What a failure of this code does to the contact or the blast; from the class alone. */
export function effectOf(code: number | null): Effect {
  const effects: Record<OutcomeClass, Effect> = {
    suppress_permanent: { kind: 'suppress', after: 1 },
    suppress_after_n: { kind: 'suppress', after: 3 },
    opted_out: { kind: 'opt_out' },
    sender_config: { kind: 'pause' },
    account: { kind: 'pause' },
    geo: { kind: 'watch' },
    content: { kind: 'watch' },
    retryable: { kind: 'none' },
    unlisted: { kind: 'none' },
    info: { kind: 'none' },
  }
  return effects[classify(code)]
}

/** A refusal without a code: what Twilio's own codes for the HTTP status are. */
const codeOfStatus: Record<number, number> = { 401: 20003, 403: 20003, 404: 20404 }

type Attempt = { id: number; token: string; attempts: number; now: number }

/** `jitter` is 0 to 1. */
export function decideOutcome({ id, token, attempts, now }: Attempt, outcome: SendOutcome, jitter: number): Result {
  const base: Result = { id, token, status: 'queued', sid: null, code: null, parts: null, attempts, notBefore: 0, effect: { kind: 'none' } }
  switch (outcome.kind) {
    case 'accepted':
      return { ...base, status: toDeliveryStatus(outcome.status), sid: outcome.sid, parts: outcome.parts }
    case 'throttled':
      return { ...base, effect: { kind: 'throttle', retryAfterMs: outcome.retryAfterMs } }
    case 'unknown':
      return { ...base, status: 'unknown', notBefore: now }
    // Nobody is there: no try of this text, and no use in the next one.
    case 'not_sent':
      return { ...base, effect: { kind: 'throttle', retryAfterMs: null } }
    case 'refused': {
      const code = outcome.code ?? codeOfStatus[outcome.httpStatus] ?? null
      return refused({ ...base, code, attempts: attempts + 1, effect: effectOf(code) }, now, jitter)
    }
  }
}

function refused(result: Result, now: number, jitter: number): Result {
  // The refused one waits with the rest for Resume, and the refusal is not its attempt.
  if (result.effect.kind === 'pause') return { ...result, status: 'queued', attempts: result.attempts - 1 }
  return again(result, attemptsFor(result.code), now, jitter)
}

function again(result: Result, most: number, now: number, jitter: number): Result {
  if (result.attempts >= most) return { ...result, status: 'failed' }
  return { ...result, status: 'queued', notBefore: now + backoffMs(result.attempts, jitter) }
}
