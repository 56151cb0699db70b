import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPopulated, type Populated } from '../web/populated'
import { type AppUnderTest, startApp } from './support/app'
import { keyboardOf, unseenStops } from './support/keyboard'
import { launchBrowser } from './support/launch'
import { openSite, type Site } from './support/populated-site'

/* The main job and the rest without a mouse: Tab, Shift+Tab, Enter, Space and arrows. */

let browser: Browser
let app: AppUnderTest
let h: Populated
let site: Site

beforeAll(async () => {
  ;[browser, app, h] = await Promise.all([launchBrowser(), startApp('node', { SEND_HOLD_SECONDS: '1' }), openPopulated()])
  site = await openSite(h, browser)
})

afterAll(() => Promise.all([browser?.close(), app?.remove(), site?.close()]))

const csv = 'Name,Phone\nMaria Alvarez,3235550142\nWei Chen,3235550143'

it('signs in, imports, writes, reviews, sends and sees everyone reached', async () => {
  const page = await browser.newPage({ baseURL: app.origin, reducedMotion: 'reduce' })
  const { type, use, reach, press, hasFocus } = keyboardOf(page)
  await page.goto('/login')
  await type('Username', app.username)
  await type('Password', app.password)
  await press('Enter')
  await page.waitForURL('**/dashboard')

  await use('link', 'Members')
  await page.waitForURL('**/community')
  await use('link', 'Import a list')
  await page.waitForURL('**/community/import')
  await page.getByLabel('CSV file').setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
  await use('button', 'Read this file')
  await page.getByRole('button', { name: 'Import 2 rows' }).waitFor()
  await use('button', 'Import 2 rows')
  await page.getByText('2 rows imported.').waitFor()

  await use('link', 'Write a text')
  await page.waitForURL('**/dashboard')
  // Past the whole side bar by one key.
  await press('Tab')
  expect(await hasFocus(page.getByRole('link', { name: 'Skip to content' }))).toBe(true)
  await press('Enter')
  await type('Message', 'Hi {first_name|friend}, supper is at 6.')
  await press('Tab')
  await reach(page.getByRole('button', { name: 'Review' }))
  await press('Shift+Tab')
  await reach(page.getByLabel(/^Add “Reply STOP/), 'Shift+Tab')
  await press('Space')
  await use('button', 'Review')
  await page.getByRole('heading', { name: 'Check before you send' }).waitFor()
  await use('button', 'Text 2 people now')
  await page.waitForURL('**/logs/*')
  await page.getByText('2 of 2 handled').waitFor()
  await use('link', /^Maria Alvarez/)
  await page.getByRole('heading', { level: 1, name: 'Maria Alvarez' }).waitFor()
  await page.close()
})

describe('on the pages as they are', () => {
  let page: Page

  beforeAll(async () => {
    page = await (await site.openContext(h.admin.jar)).newPage()
  })

  it('leads from a refused form to the summary, and from there to the field', async () => {
    const { press, type, use, hasFocus } = keyboardOf(page)
    await page.goto('/events/add')
    // The browser would refuse an empty one by itself.
    await type('Title', ' ')
    await use('button', 'Add this event')
    await page.getByRole('alert').waitFor()
    expect(await hasFocus(page.getByRole('alert'))).toBe(true)
    await press('Tab')
    await press('Enter')
    expect(await hasFocus(page.getByLabel('Title'))).toBe(true)
    expect(await page.getByLabel('Title').getAttribute('aria-invalid')).toBe('true')
  })

  it('opens and leaves the menu of a row', async () => {
    const { press, reach, use, hasFocus } = keyboardOf(page)
    await page.goto('/community')
    const menu = page.getByLabel('Actions for Maria Alvarez')
    await reach(menu)
    await press('Enter')
    await press('Tab')
    expect(await hasFocus(page.getByRole('link', { name: 'Edit', exact: true }))).toBe(true)
    await press('Escape')
    expect(await hasFocus(menu)).toBe(true)
    await press('Space')
    await use('link', 'Delete member')
    await page.getByRole('heading', { name: 'Delete Maria Alvarez?' }).waitFor()
  })

  it('chooses who gets it with the arrows', async () => {
    const { press, reach } = keyboardOf(page)
    await page.goto('/dashboard')
    await reach(page.getByRole('radio', { name: /^Everyone/ }))
    await press('ArrowDown')
    expect(await page.getByRole('radio', { name: /^One event/ }).isChecked()).toBe(true)
    await reach(page.getByLabel('Event', { exact: true }))
    await press('ArrowDown')
    expect(await page.getByLabel('Event', { exact: true }).inputValue()).toBe('1')
  })

  it.each([
    { width: 1280, height: 900 },
    { width: 390, height: 844 },
  ])('shows where it stands, everywhere, at $width px', async (size) => {
    await page.setViewportSize(size)
    const unseen: string[] = []
    for (const path of ['/dashboard', '/community', '/unsubscribed', '/logs/1', '/logs/2', '/users/add', '/simulator', '/imports/1']) {
      await page.goto(path)
      unseen.push(...(await unseenStops(page)).map((stop) => `${path}: ${stop}`))
    }
    expect(unseen).toEqual([])
  })
})
