import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** As long as Twilio's own answer, so that reading it costs the same. */
const answer = (sid: string, fields: URLSearchParams) =>
  JSON.stringify({
    account_sid: accountSid,
    api_version: '2010-04-01',
    body: fields.get('Body'),
    date_created: 'Thu, 24 Aug 2023 05:01:45 +0000',
    date_sent: null,
    date_updated: 'Thu, 24 Aug 2023 05:01:45 +0000',
    direction: 'outbound-api',
    error_code: null,
    error_message: null,
    from: fields.get('From'),
    messaging_service_sid: null,
    num_media: '0',
    num_segments: '1',
    price: null,
    price_unit: 'USD',
    sid,
    status: 'queued',
    subresource_uris: { media: `/2010-04-01/Accounts/${accountSid}/Messages/${sid}/Media.json` },
    to: fields.get('To'),
    uri: `/2010-04-01/Accounts/${accountSid}/Messages/${sid}.json`,
  })

export const accountSid = `AC${'0'.repeat(32)}`
export const messagesPath = `/2010-04-01/Accounts/${accountSid}/Messages.json`

/** Stands in for Twilio on loopback: takes every text and answers each `latencyMs` after it came. GET tells how many it took. */
export async function startStandIn(latencyMs: number): Promise<{ url: string; server: Server }> {
  let taken = 0
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      if (request.method !== 'POST') return response.end(String(taken))
      const sid = `SM${(++taken).toString(16).padStart(32, '0')}`
      setTimeout(() => {
        response.writeHead(201, { 'content-type': 'application/json' }).end(answer(sid, new URLSearchParams(body)))
      }, latencyMs)
    })
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

/** The whole of the process in the role `stand-in`. */
export async function runStandIn(latencyMs: number): Promise<void> {
  const { url } = await startStandIn(latencyMs)
  process.send?.({ url })
}
