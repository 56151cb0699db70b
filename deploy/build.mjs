// Bundles the two entries into dist/: `node deploy/build.mjs server|worker|all`.
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** One hash over all static files: their addresses hold it, so they can be cached for good. */
export function assetVersion() {
  const hash = createHash('sha256')
  const names = readdirSync(join(root, 'static'), { recursive: true }).sort()
  for (const name of names) {
    const path = join(root, 'static', name)
    if (statSync(path).isFile()) hash.update(`/static/${name}`).update(readFileSync(path))
  }
  return hash.digest('hex').slice(0, 12)
}

/** The date and flags of wrangler.toml, for the Worker that start:workerd runs: one home for both. */
function workerdSettings() {
  const toml = readFileSync(join(root, 'wrangler.toml'), 'utf8')
  const value = (name) => JSON.parse(toml.match(new RegExp(`^${name} = (.*)$`, 'm'))[1])
  return { compatibilityDate: value('compatibility_date'), compatibilityFlags: value('compatibility_flags') }
}

const shared = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  target: 'es2023',
  jsx: 'automatic',
  jsxImportSource: 'hono/jsx',
  define: { ASSET_VERSION: JSON.stringify(assetVersion()), WORKERD_SETTINGS: JSON.stringify(workerdSettings()) },
  logLevel: 'warning',
  write: false,
}

/** Each file appears whole: a scheduler's tick may load it at this moment. */
async function bundle(options) {
  const { outputFiles } = await build({ ...shared, ...options })
  for (const { path, contents } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(`${path}.${process.pid}`, contents)
    renameSync(`${path}.${process.pid}`, path)
  }
}

/** Every Node entry: the server and the commands. */
export function buildNode() {
  const entries = { server: 'src/server.ts' }
  for (const name of readdirSync(join(root, 'src/cli')).filter((file) => file.endsWith('.ts')))
    entries[name.slice(0, -3)] = `src/cli/${name}`
  return bundle({
    entryPoints: entries,
    outdir: 'dist',
    platform: 'node',
    external: ['better-sqlite3', 'miniflare'],
    sourcemap: true,
    // CommonJS packages inside an ES module look for `require`.
    banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
  })
}

/** workerd has Node's modules as ES modules only: a `require` of one becomes an import. */
const builtinsAsModules = {
  name: 'builtins-as-modules',
  setup(api) {
    const names = new RegExp(`^(node:)?(${builtinModules.join('|')})$`)
    api.onResolve({ filter: names }, ({ path, kind }) => {
      const name = path.startsWith('node:') ? path : `node:${path}`
      return kind === 'require-call' ? { path: name, namespace: 'required-builtin' } : { path: name, external: true }
    })
    api.onLoad({ filter: /.*/, namespace: 'required-builtin' }, ({ path }) => ({
      contents: `import builtin from '${path}'; module.exports = builtin`,
    }))
  },
}

/** One file for wrangler and for Miniflare alike, and the static files under the address that their version gives them. */
export async function buildWorker() {
  await bundle({
    entryPoints: ['src/worker.ts'],
    outfile: 'dist/worker/worker.js',
    platform: 'browser',
    conditions: ['workerd', 'worker', 'browser'],
    mainFields: ['browser', 'module', 'main'],
    external: ['cloudflare:*'],
    plugins: [builtinsAsModules],
    minify: true,
    keepNames: false,
    sourcemap: 'linked',
  })
  const assets = join(root, 'dist/assets')
  const versions = join(assets, 'static')
  cpSync(join(root, 'static'), join(versions, assetVersion()), { recursive: true })
  for (const old of readdirSync(versions).filter((version) => version !== assetVersion())) rmSync(join(versions, old), { recursive: true })
  writeFileSync(
    join(assets, '_headers'),
    '/static/*\n  Cache-Control: public, max-age=31536000, immutable\n  X-Content-Type-Options: nosniff\n',
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const what = process.argv[2] ?? 'all'
  if (what !== 'worker') await buildNode()
  if (what !== 'server') await buildWorker()
}
