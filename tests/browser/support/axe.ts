import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

/** Where a site under test serves axe: from an address, so that the browser compiles it once and not for each page. */
export const axePath = 'axe.min.js'
export const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'))

type Found = { violations: { id: string; nodes: { html: string }[] }[] }
type InPage = { axe?: { run(options: object): Promise<Found> } }

/** What axe finds on the page as it stands; of `rules` alone, where some are named. */
export async function axeFaults(page: Page, rules: string[] = []): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.addScriptTag({ url: `/static/test/${axePath}` })
  const options = { resultTypes: ['violations'], ...(rules.length > 0 ? { runOnly: rules } : {}) }
  const violations = await page.evaluate(async (given) => (await (globalThis as InPage).axe?.run(given))?.violations, options)
  if (!violations) throw new Error('axe did not run')
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' … ')}`)
}
