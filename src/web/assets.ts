import { Hono } from 'hono'
import type { AppEnv } from './env'

/** `/static/<version>/<path>`: the version is the hash of all static files, so a file never changes under its address. */
export const assetRoutes = new Hono<AppEnv>().get('/:version/*', async (c) => {
  const { asset, assetVersion } = c.var.deps
  const version = c.req.param('version')
  const [, , , ...names] = c.req.path.split('/')
  const path = decoded(names.join('/'))
  if (path === null) return c.notFound()
  // A page from before an upgrade asks for the files of then: today's serve it, uncached.
  if (!asset) return version === assetVersion ? c.notFound() : c.redirect(`/static/${assetVersion}/${encodeURI(path)}`, 302)
  const file = await asset(path)
  if (!file) return c.notFound()
  file.headers.set('cache-control', version === assetVersion ? 'public, max-age=31536000, immutable' : 'no-cache')
  return file
})

/** Null for what is no encoding of anything. */
function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path)
  } catch {
    return null
  }
}
