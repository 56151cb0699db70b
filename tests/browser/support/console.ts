import type { Page } from 'playwright-core'

/** htmx says so when its request is cut off by the next page; what the policy refuses, the browser says itself. */
const isCutOff = (line: string) => line.startsWith('htmx: htmx:error: Failed to fetch')

/** Fills with the errors in the console of the page: each script, style, font or request that was refused. */
export function watchErrors(page: Page): string[] {
  const errors: string[] = []
  page.on('console', (message) => message.type() === 'error' && !isCutOff(message.text()) && errors.push(message.text()))
  return errors
}
