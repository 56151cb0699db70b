import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AppUnderTest, hosts, startApp } from './support/app'
import { watchErrors } from './support/console'
import { launchBrowser } from './support/launch'
import { itSignsIn } from './support/sign-in-job'

/* The main job, as a newcomer does it: sign in, import people, write, review, send, watch every result come in. How the pages are made is every-page.test.ts's to say. */

const csv = [
  'First,Last,Cell',
  'Maria,Alvarez,(323) 555-0142',
  'Tom,Eriksen,720-555-0164',
  'Wei,Chen,6265550103',
  ',,+1 213 555 0177',
  'Maria,Alvarez,3235550142',
  'Nobody,Here,N/A',
].join('\r\n')

let browser: Browser
let apps: AppUnderTest[] = []

// Together: most of a start is waiting.
beforeAll(async () => {
  ;[browser, ...apps] = await Promise.all([launchBrowser(), ...hosts.map((host) => startApp(host, { SEND_HOLD_SECONDS: '2' }))])
})

afterAll(() => Promise.all([browser?.close(), ...apps.map((app) => app.remove())]))

async function signIn(page: Page, app: AppUnderTest) {
  await page.goto(`${app.origin}/login`)
  await page.getByLabel('Username').fill(app.username)
  await page.getByLabel('Password').fill(app.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL('**/dashboard')
}

describe.each(hosts)('on %s', (host) => {
  let app: AppUnderTest

  beforeAll(() => {
    app = apps[hosts.indexOf(host)] as AppUnderTest
  })

  // wrangler runs the same Worker.
  if (host !== 'wrangler')
    itSignsIn(
      () => browser,
      () => app,
    )

  // The hosts differ in how they store and run, not in what a browser without a script does.
  const modes = host === 'node' ? [{ javaScript: true }, { javaScript: false }] : [{ javaScript: true }]

  it.each(modes)('imports, reviews, sends and sees everyone reached (script: $javaScript)', async ({ javaScript }) => {
    const context = await browser.newContext({
      javaScriptEnabled: javaScript,
      viewport: javaScript ? { width: 1280, height: 900 } : { width: 390, height: 844 },
    })
    const page = await context.newPage()
    const refused = watchErrors(page)
    /** Without a script nothing renews itself: the reader does. */
    const until = async (words: string | RegExp) => {
      for (let i = 0; i < 120; i++) {
        if (await page.getByText(words).first().isVisible()) return
        await page.waitForTimeout(250)
        if (!javaScript) await page.reload()
      }
      throw new Error(`${words} never came:\n${(await page.locator('main').innerText()).slice(0, 2000)}`)
    }

    await signIn(page, app)
    await page.goto(`${app.origin}/community/import`)
    await page.locator('input[type=file]').setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
    await page.locator('main form button').first().click()
    await page.waitForURL('**/imports/*')
    await until('Every row, accounted for')
    const commit = page.getByRole('button', { name: /^Import \d/ })
    if (await commit.isVisible()) await commit.click()
    await until(/rows? imported|Nothing to import|nothing to store/i)

    await page.goto(`${app.origin}/community`)
    expect(await page.getByRole('rowheader').count()).toBe(4)

    await page.goto(`${app.origin}/dashboard`)
    const written = `Hi {first_name|friend}, supper is at ${javaScript ? 6 : 7}.`
    await page.getByLabel('Message').fill(written)
    await page.getByRole('button', { name: 'Review' }).click()
    await page.getByRole('heading', { name: 'Check before you send' }).waitFor()
    // Back is how people go back: what they wrote is there, and counted.
    await page.goBack()
    expect(await page.getByLabel('Message').inputValue()).toBe(written)
    if (javaScript)
      await page
        .getByText(/\d characters/)
        .first()
        .waitFor()
    await page.getByRole('button', { name: 'Review' }).click()
    await page.getByRole('heading', { name: 'Check before you send' }).waitFor()
    expect(await page.getByText('Hi Maria, supper is at').first().isVisible()).toBe(true)
    expect(await page.getByText('Hi friend, supper is at').first().isVisible()).toBe(true)
    await page.getByRole('button', { name: 'Text 4 people now' }).click()
    await page.waitForURL('**/logs/*')
    await until(/Nothing has left yet|Sending|4 of 4 handled/)
    await until('4 of 4 handled')
    await page.reload()

    await page.goto(`${app.origin}/simulator`)
    expect(await page.getByText(`supper is at ${javaScript ? 6 : 7}.`).count()).toBe(4)
    expect(refused).toEqual([])
    await context.close()
  })

  it.each(host === 'node' ? modes : [])('begins with a template, and makes one (script: $javaScript)', async ({ javaScript }) => {
    const context = await browser.newContext({ javaScriptEnabled: javaScript, viewport: { width: 390, height: 844 } })
    const page = await context.newPage()
    const name = `Reminder ${javaScript ? 1 : 2}`
    const box = page.getByLabel('Message')

    await signIn(page, app)
    await page.goto(`${app.origin}/templates`)
    await page.goto(`${app.origin}/templates/add`)
    await page.getByLabel('Name', { exact: true }).fill(name)
    await box.fill('Hi {first_name|friend}, tonight at 6.')
    await page.getByRole('button', { name: 'Add this template' }).click()
    await page.getByText(`“${name}” is saved as a template.`).waitFor()

    await page.goto(`${app.origin}/dashboard`)
    await box.fill('My own words')
    await page.getByLabel('Template', { exact: true }).selectOption(name)
    await page.getByRole('button', { name: 'Use it' }).click()
    const replace = page.getByRole('button', { name: 'Replace my text' })
    await replace.waitFor()
    expect(await box.inputValue()).toBe('My own words')
    await replace.click()
    await page.getByRole('button', { name: 'Use it' }).waitFor()
    expect(await box.inputValue()).toBe('Hi {first_name|friend}, tonight at 6.')

    // Enter in a field is the review, not the template's button, though that comes first.
    await page.getByLabel('Send later').check()
    await page.getByLabel(/^Time,/).press('Enter')
    await page.getByRole('heading', { name: 'Check before you schedule' }).waitFor()
    await page.getByRole('button', { name: 'Save as a template' }).click()
    await page.getByLabel('Name', { exact: true }).fill(`${name}, again`)
    await page.getByRole('button', { name: 'Save this template' }).click()
    await page.getByText('Your text is still here.').waitFor()
    expect(await box.inputValue()).toBe('Hi {first_name|friend}, tonight at 6.')
    expect(await page.getByLabel('Send later').isChecked()).toBe(true)
    await context.close()
  })

  it('a STOP from a pretend phone keeps that person out of the next blast', async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
    const page = await context.newPage()
    await signIn(page, app)
    await page.goto(`${app.origin}/simulator?search=Tom`)
    await page.getByRole('button', { name: 'STOP', exact: true }).click()
    await page.getByText('You have been unsubscribed').waitFor()
    await page.goto(`${app.origin}/dashboard`)
    await page.getByLabel('Message').fill('Who is left?')
    await page.getByRole('button', { name: 'Review' }).click()
    await page.getByRole('button', { name: 'Text 3 people now' }).waitFor()
    await context.close()
  })
})
