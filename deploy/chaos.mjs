// `npm run chaos`: builds the program and tests/chaos/run.ts, and runs the second against the first.
import { join } from 'node:path'
import { runNode } from './child.mjs'
import { root } from './install.mjs'
import { prepare } from './prepare.mjs'

await prepare('server', 'worker')
const { build, stop } = await import('esbuild')
await build({
  absWorkingDir: root,
  entryPoints: ['tests/chaos/run.ts'],
  outfile: 'dist/chaos.js',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'es2023',
  sourcemap: true,
  logLevel: 'warning',
  // CommonJS packages inside an ES module look for `require`.
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
})
await stop()
runNode(['--enable-source-maps', '--disable-warning=ExperimentalWarning', join(root, 'dist/chaos.js'), ...process.argv.slice(2)])
