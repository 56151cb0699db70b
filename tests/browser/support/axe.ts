import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

/** Where a site under test serves axe: from an address, so that the browser compiles it once and not for each page. */
export const axePath = 'axe.min.js'
export const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'))

type Found = { violations: { id: string; nodes: { html: string }[] }[] }
type InPage = { axe?: { run(options: object): Promise<Found>; configure(spec: object): void } }

/** The frame around `main` is the same on every page: whoever has seen its colours once need not measure them again, which takes longest. */
const coloursOf = { whole: '*', main: 'main *' } as const
export type Colours = keyof typeof coloursOf

/** What axe finds on the page as it stands; of `rules` alone, where some are named. */
export async function axeFaults(
  page: Page,
  { colours = 'whole', rules = [] }: { colours?: Colours; rules?: string[] } = {},
): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.addScriptTag({ url: `/static/test/${axePath}` })
  // A selector for each node that passed takes a quarter of the time.
  const options = { resultTypes: ['violations'], selectors: false, ...(rules.length > 0 ? { runOnly: rules } : {}) }
  const violations = await page.evaluate(
    async ({ options, selector }) => {
      const { axe } = globalThis as InPage
      axe?.configure({ rules: [{ id: 'color-contrast', selector }] })
      return (await axe?.run(options))?.violations
    },
    { options, selector: coloursOf[colours] },
  )
  if (!violations) throw new Error('axe did not run')
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' … ')}`)
}
