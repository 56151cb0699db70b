import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { isSignedByTwilio } from '../../src/twilio/signature'

const authToken = '12345'
const url = 'https://sms.test/webhooks/twilio/status?delivery=7&attempt=a'
// Twilio's published algorithm, written out here so that the package is not its own judge.
const sign = (over: string, pairs: [string, string][]) =>
  createHmac('sha1', authToken)
    .update(
      over +
        [...pairs]
          .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
          .flat()
          .join(''),
    )
    .digest('base64')
const pairs: [string, string][] = [
  ['To', '+13235550142'],
  ['Body', 'Hi é ’'],
  ['From', '+18005551212'],
]
const params = Object.fromEntries(pairs)
const signature = sign(url, pairs)

describe('isSignedByTwilio', () => {
  it('knows a request that Twilio signed', () => {
    expect(isSignedByTwilio({ authToken, signature, url, params })).toBe(true)
    expect(isSignedByTwilio({ authToken, signature, url, params: new URLSearchParams(pairs) })).toBe(true)
  })

  it('takes the URL with and without its port, either way round', () => {
    const withPort = url.replace('sms.test', 'sms.test:443')
    expect(isSignedByTwilio({ authToken, signature: sign(withPort, pairs), url, params })).toBe(true)
    expect(isSignedByTwilio({ authToken, signature, url: withPort, params })).toBe(true)
  })

  it('refuses any change', () => {
    const refused: Partial<Parameters<typeof isSignedByTwilio>[0]>[] = [
      { authToken: 'other' },
      { signature: signature.replace(/^./, (char) => (char === 'A' ? 'B' : 'A')) },
      { url: url.replace('delivery=7', 'delivery=8') },
      { url: url.replace('sms.test', 'evil.test') },
      { params: { ...params, Body: 'STOP' } },
      { params: { ...params, Extra: '1' } },
      { params: { To: params.To ?? '' } },
    ]
    for (const change of refused) expect(isSignedByTwilio({ authToken, signature, url, params, ...change })).toBe(false)
  })

  it('covers repeated parameters', () => {
    const twice: [string, string][] = [...pairs, ['MediaUrl', 'a'], ['MediaUrl', 'b']]
    const signed = sign(url, twice)
    expect(isSignedByTwilio({ authToken, signature: signed, url, params: new URLSearchParams(twice) })).toBe(true)
    expect(isSignedByTwilio({ authToken, signature: signed, url, params: { ...params, MediaUrl: ['b', 'a'] } })).toBe(true)
    expect(isSignedByTwilio({ authToken, signature, url, params: new URLSearchParams([...pairs, ['Body', 'STOP']]) })).toBe(false)
    expect(isSignedByTwilio({ authToken, signature, url, params: new URLSearchParams([...pairs, ['__proto__', 'x']]) })).toBe(false)
  })

  it('is false, not an error, for what is malformed or missing', () => {
    for (const bad of ['', 'not a url', 'http://', '://x', 'https://['])
      expect(isSignedByTwilio({ authToken, signature, url: bad, params })).toBe(false)
    for (const none of [null, undefined, '', '’’’']) expect(isSignedByTwilio({ authToken, signature: none, url, params })).toBe(false)
    const withEmptyToken = createHmac('sha1', '').update(url).digest('base64')
    expect(isSignedByTwilio({ authToken: '', signature: withEmptyToken, url, params: {} })).toBe(false)
  })
})
