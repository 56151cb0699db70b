/** A response other than 2xx. `code` is the provider's, from its JSON. */
export class HttpRefusal extends Error {
  readonly status: number
  readonly code: number | null
  readonly retryAfterMs: number | null
  constructor(status: number, code: number | null, retryAfterMs: number | null) {
    super(`HTTP ${status}`)
    this.status = status
    this.code = code
    this.retryAfterMs = retryAfterMs
  }
}

/** What is read of an answer; `text` may be called once. */
export type TwilioAnswer = { ok: boolean; status: number; headers: { get(name: string): string | null }; text(): Promise<string> }

/** `fetch`, or whatever a host has that does this much of it. */
export type TwilioFetch = (
  url: string,
  init: { method: string; headers: Record<string, string>; body: string | null; redirect: 'manual'; signal: AbortSignal },
) => Promise<TwilioAnswer>

export type RequestClientOptions = {
  accountSid: string
  authToken: string
  baseUrl: string
  timeoutMs: number
  fetch: TwilioFetch
  now: () => number
}

/** What the twilio package asks of its client: the URI is absolute, `params` belong into the query, `data` into the form. */
export type TwilioRequest = {
  method?: string
  uri?: string
  headers?: Record<string, string>
  params?: object
  data?: object
}

/** Seconds or an HTTP date, in milliseconds from now; null where the header is absent or says neither. */
export const readRetryAfter = (header: string | null, now: number): number | null => {
  const text = header?.trim() ?? ''
  if (/^\d+(?:\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000)
  const at = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}

const readCode = (body: string): number | null => {
  try {
    const parsed: unknown = JSON.parse(body)
    const code = typeof parsed === 'object' && parsed !== null && 'code' in parsed ? parsed.code : null
    return typeof code === 'number' && Number.isInteger(code) && code > 0 ? code : null
  } catch {
    return null
  }
}

/**
 * The package's RequestClient over `fetch`: its own brings axios and retries. One request, one answer: no retry, no redirect (a
 * repeated POST is a second text), and one deadline for headers and body together. Throws HttpRefusal for anything but 2xx.
 */
export const createRequestClient = (options: RequestClientOptions) => {
  const authorization = `Basic ${btoa(`${options.accountSid}:${options.authToken}`)}`
  const base = new URL(options.baseUrl).href.replace(/\/+$/, '')
  return {
    async request({ method, uri, headers, params, data }: TwilioRequest): Promise<{ statusCode: number; body: string }> {
      const url = new URL(uri ?? '')
      // A next-page link is the answer's word: the credentials go nowhere but to the configured address.
      if (!url.href.startsWith(`${base}/`)) throw new Error('link to another host')
      for (const [name, value] of Object.entries(params ?? {})) url.searchParams.set(name, String(value))
      const response = await options.fetch(url.href, {
        method: (method ?? 'get').toUpperCase(),
        headers: { ...headers, Authorization: authorization },
        body: data ? new URLSearchParams(Object.entries(data).map(([name, value]) => [name, String(value)])).toString() : null,
        redirect: 'manual',
        signal: AbortSignal.timeout(options.timeoutMs),
      })
      if (response.ok) return { statusCode: response.status, body: await response.text() }
      const body = await response.text().catch(() => '')
      throw new HttpRefusal(response.status, readCode(body), readRetryAfter(response.headers.get('Retry-After'), options.now()))
    },
  }
}
