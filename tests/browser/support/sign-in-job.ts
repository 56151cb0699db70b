import type { Browser } from 'playwright-core'
import { expect, it } from 'vitest'
import type { AppUnderTest } from './app'
import { watchErrors } from './console'

/** Signing in and out, on a host that others are tested on as well: starting one takes long. */
export function itSignsIn(browser: () => Browser, app: () => AppUnderTest): void {
  it('signs in, shows the members, signs out, and the old cookie is dead', async () => {
    const context = await browser().newContext()
    const page = await context.newPage()
    const refused = watchErrors(page)

    await page.goto(`${app().origin}/community`)
    expect(new URL(page.url()).pathname).toBe('/login')
    await page.getByLabel('Username').fill(app().username)
    await page.getByLabel('Password').fill(app().password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL('**/community')
    expect(await page.locator('h1').count()).toBe(1)

    const cookies = await context.cookies()
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
    const askAgain = () => fetch(`${app().origin}/community`, { headers: { cookie }, redirect: 'manual' })
    expect((await askAgain()).status).toBe(200)
    // The session, and the browser that it was opened in.
    expect(cookies).toHaveLength(2)
    for (const { httpOnly, sameSite } of cookies) expect({ httpOnly, sameSite }).toEqual({ httpOnly: true, sameSite: 'Lax' })

    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL('**/login*')
    expect((await askAgain()).status).toBe(303)
    // A blocked script, style or font would be told here.
    expect(refused).toEqual([])
    await context.close()
  })

  it('refuses a wrong password and keeps the name', async () => {
    const page = await browser().newPage()
    await page.goto(`${app().origin}/login`)
    await page.getByLabel('Username').fill(app().username)
    await page.getByLabel('Password').fill('Wrong-Horse-9-Battery')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').waitFor()
    expect(await page.getByLabel('Username').inputValue()).toBe(app().username)
    await page.close()
  })
}
