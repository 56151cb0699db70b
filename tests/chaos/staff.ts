import { setTimeout as wait } from 'node:timers/promises'
import Papa from 'papaparse'

type Answer = { status: number; location: string; body: string }

export type BlastStatus = {
  id: number
  status: string
  success_count: number
  failure_count: number
  total_recipients: number
  counts: Record<string, number>
}
/** A line of the exported log. */
export type Line = { phone: string; name: string; status: string; error_code: string; error: string; provider_sid: string }

const patienceMs = 60_000

/** Somebody at a browser, whose server is killed again and again: what is not answered is asked again. */
export class Staff {
  private readonly origin: string
  private cookie = ''

  constructor(origin: string) {
    this.origin = origin
  }

  async signIn(username: string, password: string): Promise<void> {
    const answer = await this.ask('/login', new URLSearchParams({ username, password }))
    if (answer.status !== 303) throw new Error(`sign-in answered ${answer.status}`)
  }

  async importMembers(members: readonly { name: string; phone: string }[]): Promise<void> {
    const file = new FormData()
    const csv = Papa.unparse([['name', 'phone'], ...members.map(({ name, phone }) => [name, phone])])
    file.set('file', new File([csv], 'members.csv', { type: 'text/csv' }))
    const { location } = await this.ask('/community/import', file)
    await this.until(location, /\/commit"/)
    await this.ask(`${location}/commit`, new URLSearchParams())
    await this.until(location, /\/undo"/)
  }

  /** Review, then send; pressed again until the answer comes, and after a 409 the new review is read and sent. Answers the blast's id. */
  async send(messageBody: string, pressedTwice: boolean): Promise<{ id: number; ids: Set<number> }> {
    const fields = { message_body: messageBody, target: 'community' }
    let page = await this.ask('/dashboard/review', new URLSearchParams(fields))
    const ids = new Set<number>()
    for (let tries = 0; tries < 50; tries++) {
      const form = new URLSearchParams({
        ...fields,
        review_token: hidden(page, 'review_token'),
        submission_id: hidden(page, 'submission_id'),
      })
      const answers = await Promise.all(Array.from({ length: pressedTwice ? 2 : 1 }, () => this.ask('/dashboard', form)))
      for (const { status, location } of answers) if (status === 303) ids.add(Number(location.match(/^\/logs\/(\d+)/)?.[1]))
      const [id] = ids
      if (id) return { id, ids }
      page = answers.find(({ status }) => status === 409) ?? page
      if (!answers.some(({ status }) => status === 409)) throw new Error(`the send answered ${answers.map(({ status }) => status)}`)
    }
    throw new Error('the audience never stood still')
  }

  async status(ids: readonly number[]): Promise<BlastStatus[]> {
    const { status, body } = await this.ask(`/logs/status?ids=${ids.join(',')}`)
    if (status !== 200) throw new Error(`/logs/status answered ${status}`)
    return (JSON.parse(body) as { logs: BlastStatus[] }).logs
  }

  async lines(id: number): Promise<Line[]> {
    const { body } = await this.ask(`/logs/${id}/export`)
    return Papa.parse<Line>(body.replace(/^\uFEFF/, ''), { header: true, skipEmptyLines: true }).data
  }

  private async until(path: string, pattern: RegExp): Promise<void> {
    for (const end = performance.now() + patienceMs; performance.now() < end; await wait(100)) {
      const { body } = await this.ask(path)
      if (pattern.test(body)) return
    }
    throw new Error(`${path} never showed ${pattern}`)
  }

  /** Whatever the server's death cuts off is asked again, as a person does. */
  private async ask(path: string, body?: URLSearchParams | FormData): Promise<Answer> {
    for (const end = performance.now() + patienceMs; ; await wait(100)) {
      try {
        const init: RequestInit = { method: body ? 'POST' : 'GET', body, headers: { cookie: this.cookie }, redirect: 'manual' }
        const answer = await fetch(this.origin + path, { ...init, signal: AbortSignal.timeout(15_000) })
        const text = await answer.text()
        const cookie = answer.headers.getSetCookie().at(-1)?.split(';')[0]
        if (cookie) this.cookie = cookie
        if (answer.status < 500) return { status: answer.status, location: answer.headers.get('location') ?? '', body: text }
      } catch (fault) {
        if (performance.now() > end) throw fault
      }
      if (performance.now() > end) throw new Error(`${path} never answered`)
    }
  }
}

function hidden({ body }: Answer, name: string): string {
  return body.match(new RegExp(`name="${name}" value="([^"]*)"`))?.[1] ?? ''
}
