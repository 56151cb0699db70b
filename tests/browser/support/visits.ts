import type { Page } from 'playwright-core'
import { knownRoutes, partsOf, routesOf } from '../../support/routes'
import type { Browser, Populated } from '../../web/populated'

/** One page: an address, or a form sent to it. */
export type Visit = { path: string; post?: Record<string, string>; route: string; status: number }

const isPage = (html: string) => /^<!doctype html>/i.test(html)

/** What else stands in an address: the pages that a route has beside its plain one. */
const addresses: Readonly<Record<string, readonly string[]>> = {
  'GET /community': ['?search=maria', '?search=zzz', '?page=9', '?sort=phone&dir=desc'],
  'GET /community/bulk-delete': ['?member_ids=1&member_ids=2'],
  'GET /contacts': ['?search=maria', '?search=zzz', '?phone=%2B13235550142', '?phone=%2B13235550145', '?phone=%2B13235550146'],
  'GET /dashboard': ['?event=1', '?from=5', '?series=1'],
  'GET /events': ['?search=zzz', '?when=past'],
  'GET /events/:id': ['?search=zzz'],
  'GET /events/bulk-delete': ['?event_ids=1'],
  'GET /imports/:id': ['?show=invalid'],
  'GET /logs': ['?status=sent', '?search=zzz'],
  'GET /logs/:id': ['?status=unknown', '?search=zzz'],
  'GET /scheduled': ['?show=all', '?search=zzz'],
  'GET /scheduled/bulk-delete': ['?scheduled_ids=1'],
  'GET /simulator': ['?search=zzz', '?search=0142'],
  'GET /unsubscribed': ['?search=zzz', '?kind=suppression'],
  'GET /unsubscribed/bulk-delete': ['?unsubscribed_ids=1&suppressed_ids=1'],
  'GET /users': ['?search=zzz'],
}

/** Lead elsewhere, or are part of a page. */
export const withoutPage = new Set([
  'GET /',
  'GET /login',
  'GET /dashboard/review',
  'GET /logs/:id/progress',
  'GET /simulator/phones',
  // Of whoever has a sign-in code, or is being asked for one: `coded` in everything.ts.
  'GET /login/code',
  'GET /account/second-factor/turn-off',
  'GET /account/second-factor/recovery-codes',
])

/**
 * Every page that `browser` can get, from the app's own routes: each GET, and each form left empty, which is refused with its page.
 * Also answers the GET routes of which no page was found.
 */
export async function visitsOf(h: Populated, browser: Browser): Promise<{ visits: Visit[]; without: string[] }> {
  const visits: Visit[] = []
  const without: string[] = []
  for (const route of routesOf(h.app)) {
    const { method, path } = partsOf(route)
    const fields = knownRoutes[route]?.fields
    if (method === 'GET') {
      let found = false
      let isData = false
      for (const query of ['', ...(addresses[route] ?? [])]) {
        const address = h.pathOf(path) + query
        const answer = await browser.get(address)
        isData ||= answer.status === 200 && !/html/.test(answer.headers.get('content-type') ?? '')
        if (!isPage(await answer.text())) continue
        visits.push({ path: address, route, status: answer.status })
        // A problem's page is no page of its own.
        found ||= answer.status < 400
      }
      if (!found && !isData) without.push(route)
    } else if (fields && !path.startsWith('/webhooks')) {
      const post = Object.fromEntries(Object.keys(fields).map((name) => [name, '']))
      const answer = await browser.post(h.pathOf(path), post)
      if (isPage(await answer.text())) visits.push({ path: h.pathOf(path), post, route, status: answer.status })
    }
  }
  return { visits, without }
}

/** Goes there as a browser does, with a form where there is one. Answers the status. */
export async function go(page: Page, { path, post }: Pick<Visit, 'path' | 'post'>): Promise<number> {
  if (!post) return (await page.goto(path))?.status() ?? 0
  const type = { 'content-type': 'application/x-www-form-urlencoded' }
  const postData = new URLSearchParams(post).toString()
  // What the page before still asks for in the background stays as it is.
  await page.route('**', (route) => {
    const request = route.request()
    return request.isNavigationRequest()
      ? route.continue({ method: 'POST', headers: { ...request.headers(), ...type }, postData })
      : route.continue()
  })
  const answer = await page.goto(path)
  await page.unroute('**')
  return answer?.status() ?? 0
}
