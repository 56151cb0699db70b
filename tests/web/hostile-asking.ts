import { origin, password } from '../support/harness'
import { type KnownRoute, knownRoutes, partsOf } from '../support/routes'
import { marker, secret } from './hostile-values'
import type { Browser, Populated } from './populated'

const expected: ReadonlySet<number> = new Set([200, 204, 302, 303, 400, 401, 403, 404, 409, 413, 421, 422])
/** Two seeded phones, one that is typed, and the secret: none of them is anything to log. */
const confidential = new RegExp(`${secret}|555\\D{0,2}014[234]|630\\D{0,2}0201`)

/** The trail names whom something was done to, and why. */
const namesOrReason = /"(user|opt-out|suppression) (?:[^"\\]|\\.)*zq9secret(?:[^"\\]|\\.)*"/

export type Question = { path: string; init?: RequestInit; what: string }

/** Every route with its data. */
export const routes = Object.entries(knownRoutes).map(([route, known]: [string, KnownRoute]) => ({ route, ...known, ...partsOf(route) }))

export const encode = (fields: Record<string, string>): string => new URLSearchParams(fields).toString()

export type Asker = Awaited<ReturnType<typeof createAsker>>

/** A signed-in admin who goes on after being signed out, and notes down every answer that no input may get. */
export async function createAsker(h: Populated) {
  let browser: Browser = h.admin
  let asked: Browser | null = null
  const wrong: string[] = []
  let seen = 0

  /** Whose password was right, and who is asked for the code. */
  async function halfWay(): Promise<Browser> {
    if (asked && (await asked.get('/login/code')).status === 200) return asked
    asked = h.createBrowser()
    await asked.post('/login', { username: 'nia', password })
    return asked
  }

  async function ask({ path, init = {}, what }: Question): Promise<{ status: number; text: string }> {
    // Too many wrong passwords would shut the door before what is typed is looked at.
    if (/^\/(login|account)/.test(path)) await h.d1.prepare('DELETE FROM login_attempts').run()
    const headers = { origin, ...(init.headers as Record<string, string> | undefined) }
    const send = () => browser.request(path, { ...init, headers })
    let answer = /^\/login\/code\b/.test(path) ? await (await halfWay()).request(path, { ...init, headers }) : await send()
    if (/^\/(login|account\/password)\b/.test(answer.headers.get('location') ?? '') && !/^\/(login|logout|account)/.test(path)) {
      browser = await h.signIn('admin')
      answer = await send()
    }
    const text = await answer.text()
    const problem = problemOf(answer, text)
    if (problem) wrong.push(`${init.method ?? 'GET'} ${path.slice(0, 200)}, ${what}: ${problem}`)
    return { status: answer.status, text }
  }

  function note(fault: string): void {
    wrong.push(fault)
  }

  /** All that was wrong since the last time, what the log and the trail gave away among it. */
  async function findings(): Promise<string[]> {
    const failed = h.logged.filter(({ event }) => event === 'request failed').map(({ fields }) => String(fields.fault).slice(0, 300))
    const audited = await h.audited(seen)
    const told = [...h.logged, ...audited]
      .map((line) => JSON.stringify(line))
      .filter((line) => confidential.test(line.replace(namesOrReason, '')))
    h.logged.length = 0
    seen = audited.at(-1)?.id ?? seen
    return [...wrong.splice(0), ...new Set(failed), ...told.map((line) => `told: ${line}`)].slice(0, 20)
  }
  return { ask, note, findings }
}

function problemOf(answer: Response, text: string): string | null {
  if (!expected.has(answer.status)) return `status ${answer.status}`
  if (/html/.test(answer.headers.get('content-type') ?? '') && text.includes(marker)) return 'a tag came back as a tag'
  const location = answer.headers.get('location')
  if (location !== null && !/^\/(?![/\\])/.test(location)) return `leads to ${location.slice(0, 100)}`
  if (/x-marker/.test(answer.headers.getSetCookie().join())) return 'a header was put in'
  if (answer.status >= 400 && text === '' && answer.status !== 401) return `an empty answer with ${answer.status}`
  return null
}

const entities: Record<string, string> = { '&quot;': '"', '&#39;': "'", '&lt;': '<', '&gt;': '>', '&amp;': '&' }

/** Whether a page holds `text`, in a field or as words. */
export const shows = (html: string, text: string): boolean =>
  html.replace(/&(quot|#39|lt|gt|amp);/g, (entity) => entities[entity] ?? entity).includes(text)
