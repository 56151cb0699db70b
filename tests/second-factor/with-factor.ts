import { Secret, TOTP } from 'otpauth'
import { createCheapHarness } from '../auth/cheap-harness'
import { origin, password } from '../support/harness'

export type Harness = Awaited<ReturnType<typeof createCheapHarness>>
export type Browser = ReturnType<Harness['createBrowser']>

/** What an authenticator app shows, `steps` of 30 seconds from now. */
export const codeAt = (secret: string, now: number, steps = 0): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: now + steps * 30_000 })

export const secretOn = (page: string): string => /class="raw secret">([A-Z2-7 ]+)</.exec(page)?.[1]?.replaceAll(' ', '') ?? ''
export const codesOn = (page: string): string[] => [...page.matchAll(/\b(\d{4}-\d{4}-\d{4}-\d{4})\b/g)].map(([code]) => code)

type Clocked = { clock: { now: number } }

/** Sets one up in a signed-in browser, and moves on to where its code is spent. */
export async function setUp({ clock }: Clocked, browser: Browser): Promise<{ secret: string; recovery: string[] }> {
  await browser.post('/account/second-factor/begin')
  const secret = secretOn(await browser.text('/account/second-factor/set-up'))
  const fields = { code: codeAt(secret, clock.now), current_password: password }
  const answer = await browser.post('/account/second-factor/set-up', fields)
  const recovery = codesOn(await answer.text())
  if (answer.status !== 200 || recovery.length !== 10) throw new Error(`set-up answered ${answer.status} with ${recovery.length} codes`)
  clock.now += 60_000
  return { secret, recovery }
}

/** Rosa, signed in, with a sign-in code. */
export async function openWithFactor(settings: Record<string, string> = {}) {
  const h = await createCheapHarness({ TRUST_PROXY: '1', ...settings })
  const rosa = await h.signIn('admin', 'rosa')
  const { secret, recovery } = await setUp(h, rosa)
  const code = (steps = 0) => codeAt(secret, h.clock.now, steps)
  return { ...h, rosa, secret, recovery, code }
}

/** A sign-in up to the question for the code. */
export async function halfWay(h: Pick<Harness, 'createBrowser'>, fields: Record<string, string> = {}): Promise<Browser> {
  const browser = h.createBrowser()
  const answer = await browser.post('/login', { username: 'rosa', password, ...fields })
  if (answer.headers.get('location') !== '/login/code') throw new Error(`sign-in answered ${answer.status}`)
  return browser
}

/** Sends a code from an address; `in`, or what the page says. */
export async function sendCode(browser: Browser, code: string, address = '192.0.2.1'): Promise<string> {
  const body = new URLSearchParams({ code })
  const answer = await browser.request('/login/code', { method: 'POST', body, headers: { origin, 'x-forwarded-for': address } })
  if (answer.status === 303) return answer.headers.get('location') === '/login?expired=1' ? 'again' : 'in'
  return /role="alert".*?<strong>(.*?)<\/strong>/s.exec(await answer.text())?.[1] ?? ''
}

export const isIn = async (browser: Browser): Promise<boolean> => (await browser.get('/community')).status === 200
