import type { Browser, Page } from 'playwright-core'
import type { AppUnderTest } from './app'
import { watchErrors } from './console'

export type Staff = Awaited<ReturnType<typeof openPhone>>

const triesOfUntil = 80
const betweenTriesMs = 250

/** Staff with a phone in hand, signed in, with or without a script. They get everywhere by what can be tapped. */
export async function openPhone(browser: Browser, app: AppUnderTest, { script }: { script: boolean }) {
  const context = await browser.newContext({
    baseURL: app.origin,
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    javaScriptEnabled: script,
    reducedMotion: 'reduce',
    timezoneId: 'America/Denver',
  })
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  const refused = watchErrors(page)

  /** Every button of ours sends a form, which leads to a page. */
  const press = async (name: string | RegExp) => {
    await Promise.all([page.waitForEvent('domcontentloaded'), page.getByRole('button', { name }).first().tap()])
  }
  const follow = (name: string | RegExp) => page.locator('main').getByRole('link', { name }).first().tap()
  /** In the bar at the bottom, or under More. */
  async function goTo(place: string) {
    const bar = page.getByRole('navigation', { name: 'Main, short' })
    const link = bar.getByRole('link', { name: place, exact: true })
    if (!(await link.isVisible())) await bar.locator('summary').tap()
    await link.tap()
  }
  const fill = (label: string | RegExp, words: string) => page.getByLabel(label).first().fill(words)
  const sees = (words: string | RegExp) => page.locator('main').getByText(words).first().waitFor()
  /** Without a script nothing renews itself: the reader does. */
  async function until(words: string | RegExp) {
    for (let tries = 0; tries < triesOfUntil; tries++) {
      if (await page.locator('main').getByText(words).first().isVisible()) return
      await page.waitForTimeout(betweenTriesMs)
      if (!script) await page.reload()
    }
    throw new Error(`${words} never came:\n${(await page.locator('main').innerText()).slice(0, 2000)}`)
  }
  /** Opens the menu of a row and takes one of its ways. */
  async function choose(row: string, way: string) {
    const menu = page.locator('details', { has: page.getByLabel(`Actions for ${row}`) })
    await menu.locator('summary').tap()
    await menu.locator('a, button', { hasText: way }).tap()
  }
  async function upload(csv: string) {
    await page.getByLabel('CSV file').setInputFiles({ name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
    await press('Read this file')
  }
  const signIn = (username = app.username, password = app.password) => signInAt(page, username, password)
  async function signOut() {
    await page.getByRole('navigation', { name: 'Main, short' }).locator('summary').tap()
    await press('Sign out')
    await page.waitForURL('**/login*')
  }
  await signIn()
  return { page, script, refused, press, follow, goTo, fill, sees, until, choose, upload, signIn, signOut, close: () => context.close() }
}

async function signInAt(page: Page, username: string, password: string) {
  await page.goto('/login')
  await page.getByLabel('Username').fill(username)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).tap()
  await page.waitForURL((url) => url.pathname !== '/login')
}
