// `npm run simulate`: bundles tests/simulation/run.ts and runs it.
import { join } from 'node:path'
import { runNode } from './child.mjs'
import { install, root } from './install.mjs'

await install()
const { build, stop } = await import('esbuild')
await build({
  absWorkingDir: root,
  entryPoints: ['tests/simulation/run.ts'],
  outfile: 'dist/simulate.js',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'es2023',
  jsx: 'automatic',
  jsxImportSource: 'hono/jsx',
  external: ['better-sqlite3'],
  sourcemap: true,
  logLevel: 'warning',
  // CommonJS packages inside an ES module look for `require`.
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
})
await stop()
runNode(['--enable-source-maps', join(root, 'dist/simulate.js'), ...process.argv.slice(2)])
