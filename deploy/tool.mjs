import { join } from 'node:path'
import { runNode } from './child.mjs'
import { root } from './install.mjs'

/** Bundles a program of tests/ into dist/ and runs it with the arguments of this one. */
export async function runTool(name, flags = []) {
  // Not before the packages are installed.
  const { build, stop } = await import('esbuild')
  await build({
    absWorkingDir: root,
    entryPoints: [`tests/${name}/run.ts`],
    outfile: `dist/${name}.js`,
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
  runNode(['--enable-source-maps', ...flags, join(root, `dist/${name}.js`), ...process.argv.slice(2)])
}
