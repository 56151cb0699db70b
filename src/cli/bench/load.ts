import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import { median, quantile } from './numbers'

export type Answer = { status: number; headers: IncomingHttpHeaders; body: string }

/** A keep-alive client of one server; its own cost is in every number alike. */
export class Client {
  private readonly port: number
  private readonly agent = new Agent({ keepAlive: true })
  cookie = ''

  constructor(port: number) {
    this.port = port
  }

  get = (path: string) => this.send('GET', path)

  post = (path: string, fields: Record<string, string>) => this.send('POST', path, new URLSearchParams(fields).toString())

  close(): void {
    this.agent.destroy()
  }

  private send(method: string, path: string, form?: string): Promise<Answer> {
    const headers = {
      ...(this.cookie ? { cookie: this.cookie } : {}),
      ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(form) }),
    }
    return new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port: this.port, agent: this.agent, method, path, headers }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() }),
        )
      })
      sent.on('error', reject)
      sent.end(form)
    })
  }
}

export type Measured = { connections: number; requests: number; perSecond: number; medianMs: number; p95Ms: number }

/** A closed loop: each of `connections` asks again as soon as it has its answer, for `seconds`. Throws at any answer but 200. */
export async function measure(client: Client, path: string, connections: number, seconds: number): Promise<Measured> {
  const times: number[] = []
  const started = performance.now()
  async function lane() {
    do {
      const asked = performance.now()
      const { status } = await client.get(path)
      if (status !== 200) throw new Error(`${path} answered ${status}`)
      times.push(performance.now() - asked)
    } while (performance.now() - started < seconds * 1000)
  }
  await Promise.all(Array.from({ length: connections }, lane))
  const elapsed = (performance.now() - started) / 1000
  return { connections, requests: times.length, perSecond: times.length / elapsed, medianMs: median(times), p95Ms: quantile(times, 0.95) }
}
