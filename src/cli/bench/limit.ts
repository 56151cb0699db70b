import { messagesPath } from './stand-in'

export type Limit = { count: number; seconds: number; cpuMs: number }

/** Nothing but requests: `count` of them with `concurrency` in flight, what any sender on this machine could reach. */
export async function measureLimit(url: string, count: number, concurrency: number): Promise<Limit> {
  let left = count
  const cpu = process.cpuUsage()
  const started = performance.now()
  async function lane() {
    while (left-- > 0) {
      const body = new URLSearchParams({ To: '+13235550100', From: '+13236300201', Body: 'Hi Maria, doors open at 7.' }).toString()
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const response = await fetch(url + messagesPath, { method: 'POST', headers, body })
      if (response.status !== 201) throw new Error(`the stand-in answered ${response.status}`)
      await response.text()
    }
  }
  await Promise.all(Array.from({ length: concurrency }, lane))
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(cpu)
  return { count, seconds, cpuMs: (user + system) / 1000 }
}

export type Bare = { perSecond: number; cpuMsPerRequest: number }

export function together(limits: readonly Limit[]): Bare | null {
  const sum = (name: keyof Limit) => limits.reduce((total, limit) => total + limit[name], 0)
  return limits.length === 0 ? null : { perSecond: sum('count') / sum('seconds'), cpuMsPerRequest: sum('cpuMs') / sum('count') }
}
