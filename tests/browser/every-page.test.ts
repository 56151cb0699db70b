import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createHarness } from '../support/harness'
import { partsOf, routesOf } from '../support/routes'
import { axeFaults, type Colours } from './support/axe'
import { anybody, openEverything } from './support/everything'
import { launchBrowser } from './support/launch'
import { ask } from './support/measuring'
import { openSite, type Site } from './support/populated-site'
import { go, type Visit, visitsOf, withoutPage } from './support/visits'

const desk = { width: 1280, height: 900 }
const phone = { width: 390, height: 844 }
const narrow = { width: 320, height: 640 }
/** Pages looked at together: one for each core of the smallest machine of ours. */
const lanes = 2

let browser: Browser
let h: Awaited<ReturnType<typeof openEverything>>
let site: Site

beforeAll(async () => {
  ;[browser, h] = await Promise.all([launchBrowser(), openEverything()])
  site = await openSite(h, browser)
})

afterAll(() => Promise.all([browser?.close(), site?.close()]))

type Look = {
  dark: boolean
  /** At a desk too, in the other light. */
  atDesk: boolean
  /** What axe says as well; else sizes and places alone. */
  axe: boolean
  colours: Colours
}

/** Everything that is wrong with a page on a phone, and at a desk where asked. */
async function faultsOf(page: Page, visit: Visit, { dark, atDesk, axe, colours }: Look): Promise<string[]> {
  const faults: string[] = []
  const note = (where: string, found: string[]) => faults.push(...found.map((fault) => `${visit.route} ${visit.path}, ${where}: ${fault}`))
  await page.setViewportSize(phone)
  await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' })
  const status = await go(page, visit)
  if (status !== visit.status) faults.push(`${visit.path} answered ${status}`)
  note('phone', [...(await ask(page, 'missedTargets')), ...(await ask(page, 'shapeFaults'))])
  await ask(page, 'unfold')
  if (axe) note(dark ? 'phone, dark' : 'phone', await axeFaults(page, { colours }))
  await page.setViewportSize(narrow)
  note('320 px', await ask(page, 'shapeFaults'))
  if (!atDesk) return faults
  await page.emulateMedia({ colorScheme: dark ? 'light' : 'dark' })
  await page.setViewportSize(desk)
  note(dark ? 'desk' : 'desk, dark', [
    ...(await axeFaults(page, { colours, rules: ['color-contrast'] })),
    ...(await ask(page, 'shapeFaults')),
  ])
  return faults
}

/** A list with fewer of its rows, or none: axe has seen it whole. */
const isPartOfList = ({ path }: Visit) => /[?&](search|page|sort|status|show|kind|when)=/.test(path)

/** What has faults looks on a desk as its plain page does. */
const isPlain = (visit: Visit) => visit.status === 200 && !isPartOfList(visit)

/** All of them, several at once. */
async function faultsOfAll(
  from: Site,
  jar: ReadonlyMap<string, string>,
  visits: readonly Visit[],
  { atDesk = true, axe = true } = {},
): Promise<string[]> {
  const left = [...visits]
  const faults: string[] = []
  const lane = async () => {
    // Pages of one context share a process, and would wait for each other.
    const context = await from.openContext(jar)
    const page = await context.newPage()
    for (let visit = left.shift(); visit; visit = left.shift()) {
      // Both windows in both lights.
      const whole = visits.length - left.length <= 4
      faults.push(
        ...(await faultsOf(page, visit, {
          dark: left.length % 2 === 0,
          atDesk: atDesk && isPlain(visit) && (whole || left.length % 8 < 2),
          // A refused form is its page, with words that are the same piece everywhere.
          axe: axe && !isPartOfList(visit) && (visit.status !== 422 || left.length % 3 === 0),
          colours: whole ? 'whole' : 'main',
        })),
      )
    }
    await context.close()
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return faults
}

it('finds no fault on any page of an admin', async () => {
  const { visits, without } = await visitsOf(h, h.admin)
  expect(without.filter((route) => !withoutPage.has(route))).toEqual([])
  expect(await faultsOfAll(site, h.admin.jar, [...h.states, ...visits])).toEqual([])
}, 600_000)

it('finds none on what a social manager sees, nor on the way in', async () => {
  const manager = await h.signIn('social_manager')
  const { visits } = await visitsOf(h, manager)
  const refused = visits.filter(({ status }) => status === 403)
  expect(refused.length).toBeGreaterThan(5)
  // The rest are the admin's pages with something left out.
  const open = visits.filter((visit) => visit.status === 200 && !/[?\d]/.test(visit.path))
  expect(await faultsOfAll(site, manager.jar, [...open, ...refused.slice(0, 1)], { atDesk: false, axe: false })).toEqual([])
  expect(await faultsOfAll(site, new Map(), anybody)).toEqual([])
}, 300_000)

it('finds none on what somebody with a sign-in code sees, nor where they are asked for it', async () => {
  const { inside, asked, insideVisits, askedVisits } = h.coded
  expect(await faultsOfAll(site, inside, insideVisits)).toEqual([])
  expect(await faultsOfAll(site, asked, askedVisits)).toEqual([])
}, 300_000)

it('finds none where there is nothing yet', async () => {
  const empty = await createHarness()
  const admin = await empty.signIn()
  const emptySite = await openSite(empty, browser)
  const lists = routesOf(empty.app).filter((route) => route.startsWith('GET') && !/[:*]/.test(route))
  const visits: Visit[] = []
  for (const route of lists) {
    const { path } = partsOf(route)
    const answer = await admin.get(path)
    if (answer.status === 200 && /html/.test(answer.headers.get('content-type') ?? '')) visits.push({ route, path, status: 200 })
  }
  expect(visits.length).toBeGreaterThan(10)
  expect(await faultsOfAll(emptySite, admin.jar, visits, { atDesk: false })).toEqual([])
  await emptySite.close()
}, 300_000)
