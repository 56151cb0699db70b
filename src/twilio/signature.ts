import { getExpectedTwilioSignature, validateRequest } from 'twilio/lib/webhooks/webhooks.js'

export type SignedRequest = {
  authToken: string
  /** The X-Twilio-Signature header; null or empty is never valid. */
  signature: string | null | undefined
  /** The public URL as Twilio requested it, with its query; not the one behind a proxy. */
  url: string
  /** Every form parameter received; a repeated one is an array. */
  params: URLSearchParams | Record<string, string | readonly string[]>
}

/** All values of each parameter, so that a second value cannot ride along unsigned. */
const collect = (params: URLSearchParams): Record<string, string | string[]> => {
  // Without a prototype: a parameter called __proto__ is one like any other.
  const collected: Record<string, string | string[]> = Object.create(null)
  for (const name of new Set(params.keys())) {
    const values = params.getAll(name)
    collected[name] = values.length === 1 ? (values[0] ?? '') : values
  }
  return collected
}

/** True where Twilio signed exactly this request, its URL with or without the standard port. False, never a throw, for anything malformed. */
export const isSignedByTwilio = ({ authToken, signature, url, params }: SignedRequest): boolean => {
  if (!signature || authToken === '') return false
  try {
    return validateRequest(authToken, signature, url, params instanceof URLSearchParams ? collect(params) : params)
  } catch {
    return false
  }
}

/** The signature that Twilio would send along; for asking our own webhook. */
export const signAsTwilio = (authToken: string, url: string, form: Record<string, string>): string =>
  getExpectedTwilioSignature(authToken, url, form)
