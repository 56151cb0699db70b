import type { Locator, Page } from 'playwright-core'
import { ask } from './measuring'

const mostStops = 150

export type Keyboard = ReturnType<typeof keyboardOf>

/** Goes about a page by keys alone. */
export function keyboardOf(page: Page) {
  const press = (key: string) => page.keyboard.press(key)
  const hasFocus = async (locator: Locator) => (await locator.and(page.locator(':focus')).count()) > 0

  /** Tab by Tab, as nobody without a mouse can do otherwise. */
  async function reach(locator: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab') {
    for (let stops = 0; stops < mostStops; stops++) {
      if (await hasFocus(locator)) return
      await press(key)
    }
    throw new Error(`${locator} cannot be reached by ${key}`)
  }
  async function type(label: string, words: string) {
    await reach(page.getByLabel(label, { exact: true }))
    await press('Control+A')
    await page.keyboard.type(words)
  }
  async function use(role: 'button' | 'link', name: string | RegExp) {
    await reach(page.getByRole(role, { name }))
    await press('Enter')
  }
  return { press, reach, type, use, hasFocus }
}

/** Goes once through the page, and tells of every stop where nobody would see the focus. */
export async function unseenStops(page: Page): Promise<string[]> {
  const unseen: string[] = []
  for (let stops = 0; stops < mostStops; stops++) {
    await page.keyboard.press('Tab')
    const stop = await ask(page, 'focusStop')
    if (!stop) return unseen
    if (stop.why) unseen.push(`${stop.why}: ${stop.at}`)
  }
  throw new Error('there is no end to it')
}
