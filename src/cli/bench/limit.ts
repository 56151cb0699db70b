import { messagesPath } from './stand-in'

/** Messages a second of nothing but requests: `count` of them with `concurrency` in flight, what any sender on this machine could reach. */
export async function measureLimit(url: string, count: number, concurrency: number): Promise<number> {
  let left = count
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
  return count / ((performance.now() - started) / 1000)
}
