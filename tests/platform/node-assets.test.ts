import { describe, expect, it } from 'vitest'
import { readAsset } from '../../src/platform/node-assets'

describe('files of static/', () => {
  it.each([
    ['app.css', 'text/css; charset=utf-8'],
    ['app.js', 'text/javascript; charset=utf-8'],
    ['mark.svg', 'image/svg+xml'],
    ['fonts/atkinson-next.woff2', 'font/woff2'],
    ['vendor/htmx.min.js', 'text/javascript; charset=utf-8'],
  ])('%s is %s', async (path, type) => {
    const answer = await readAsset(path)
    expect(answer?.headers.get('content-type')).toBe(type)
    expect((await answer?.arrayBuffer())?.byteLength).toBeGreaterThan(0)
  })

  it('can be read twice', async () => {
    const [first, second] = [await readAsset('app.css'), await readAsset('app.css')]
    expect(await first?.text()).toBe(await second?.text())
  })
})

describe('nothing else', () => {
  it.each([
    ['a file above it', '../node_modules/hono/dist/index.js'],
    ['an absolute path', '/etc/passwd'],
    ['an absolute path of a kind that is served', `${process.cwd()}/node_modules/hono/dist/index.js`],
    ['a folder whose name begins alike', '../static-other/app.css'],
    ['the folder itself', ''],
    ['a kind that is not served', 'fonts/LICENSE'],
    ['a hidden file', '../.dev.vars'],
    ['a file that is not there', 'missing.css'],
    ['a name with a zero byte', 'app\0.css'],
  ])('%s', async (_, path) => {
    expect(await readAsset(path)).toBeNull()
  })
})
