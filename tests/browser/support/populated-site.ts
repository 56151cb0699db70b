import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Browser } from 'playwright-core'
import { readAsset } from '../../../src/platform/node-assets'
import type { Harness } from '../../support/harness'
import { axePath, axeSource } from './axe'
import { enableMeasuring } from './measuring'

export type Site = Awaited<ReturnType<typeof openSite>>

/** The app of a harness on a port of its own. Its clock stands and no job runs, so that every page stays as it was seeded. */
export async function openSite(h: Pick<Harness, 'app' | 'deps'>, browser: Browser) {
  const javascript = { 'content-type': 'text/javascript; charset=utf-8' }
  h.deps.asset = async (path) => (path === axePath ? new Response(axeSource, { headers: javascript }) : readAsset(path))
  const server = createServer(getRequestListener(h.app.fetch))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  /** Signed in as whoever has these cookies. */
  async function openContext(jar: ReadonlyMap<string, string>) {
    // Colours that fade over are in between when they are looked at.
    const context = await browser.newContext({ baseURL: origin, reducedMotion: 'reduce' })
    await enableMeasuring(context)
    await context.addCookies([...jar].map(([name, value]) => ({ name, value, url: origin })))
    return context
  }
  async function close(): Promise<void> {
    server.closeAllConnections()
    await new Promise((closed) => server.close(closed))
  }
  return { openContext, close }
}
