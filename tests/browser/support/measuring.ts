import { resolve } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'

type InPage = {
  shapeFaults(): string[]
  missedTargets(): string[]
  unfold(): void
  focusStop(): { why: string; at: string } | null
}

/** Lets pages of the context be asked. */
export const enableMeasuring = (context: BrowserContext) => context.addInitScript({ path: resolve(import.meta.dirname, 'in-page.js') })

/** Asks the page itself: in-page.js. */
export const ask = <Name extends keyof InPage>(page: Page, name: Name): Promise<ReturnType<InPage[Name]>> =>
  page.evaluate((asked) => (globalThis as unknown as { inPage: InPage }).inPage[asked](), name as keyof InPage) as Promise<
    ReturnType<InPage[Name]>
  >
