import { readFile } from 'node:fs/promises'
import { extname, resolve, sep } from 'node:path'

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}
const root = resolve(process.cwd(), 'static')
const cache = new Map<string, Promise<Uint8Array<ArrayBuffer>>>()

/** A file of `static/`, by its path below it; null when there is none or its kind is not served. */
export async function readAsset(path: string): Promise<Response | null> {
  const file = resolve(root, path)
  const type = types[extname(file)]
  if (!type || !file.startsWith(root + sep)) return null
  const bytes = cache.get(file) ?? readFile(file).then((content) => new Uint8Array(content))
  cache.set(file, bytes)
  try {
    return new Response(await bytes, { headers: { 'content-type': type } })
  } catch {
    cache.delete(file)
    return null
  }
}
