import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'

/**
 * The public door of a self-hosted workerd. It belongs to this process, so that a killed one never leaves the port taken, open requests
 * are waited for at the end, and Miniflare's own paths and headers are out of a visitor's reach.
 * `target` resolves to workerd's loopback address; requests that come before wait for it.
 */
export function createFront(target: () => Promise<URL>): Server {
  return createServer(async (incoming, outgoing) => {
    if (incoming.url?.startsWith('/cdn-cgi/')) return outgoing.writeHead(404).end()
    try {
      await forward(await target(), incoming, outgoing)
    } catch {
      if (outgoing.headersSent) outgoing.destroy()
      else
        outgoing.writeHead(502, { 'content-type': 'text/plain; charset=utf-8', 'retry-after': '5' }).end('Not answering. Try again soon.')
    }
  })
}

function forward(target: URL, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { hostname: host, port } = target
  return new Promise((resolve, reject) => {
    // No kept connection: one that workerd closes at this moment would lose a POST.
    const upstream = request({ host, port, method: incoming.method, path: incoming.url, headers: cleanHeaders(incoming), agent: false })
    upstream.on('error', reject)
    upstream.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, withoutConnection(answer.rawHeaders))
      answer.on('error', reject)
      answer.pipe(outgoing)
    })
    outgoing.on('close', () => {
      upstream.destroy()
      resolve()
    })
    incoming.pipe(upstream)
  })
}

/** What Miniflare would believe goes; the client's address comes from the connection, as Cloudflare would set it. */
function cleanHeaders(incoming: IncomingMessage) {
  const headers = { ...incoming.headers }
  for (const name of Object.keys(headers)) if (/^(mf-|cf-|connection$|keep-alive$|expect$|upgrade$)/.test(name)) delete headers[name]
  return { ...headers, connection: 'close', 'cf-connecting-ip': incoming.socket.remoteAddress ?? '' }
}

/** Names and values in turn; whether the visitor's connection stays open is between them and us. */
function withoutConnection(raw: string[]): string[] {
  return raw.filter((_, at) => !/^(connection|keep-alive)$/i.test(raw[at - (at % 2)] ?? ''))
}
