import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { install, root } from './install.mjs'
import { stop } from './say.mjs'

const inputs = ['src', 'templates', 'static', 'deploy/build.mjs', 'wrangler.toml', 'package-lock.json']

/** Everything between a clone and a program that can be run: packages, then what of `server` and `worker` is named and out of date. */
export async function prepare(...parts) {
  await install()
  const state = sourceState()
  for (const part of parts) {
    const stamp = join(root, `dist/.built-${part}`)
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === state) continue
    try {
      await build(part)
      mkdirSync(join(root, 'dist'), { recursive: true })
      writeFileSync(stamp, state)
    } catch (fault) {
      // esbuild has printed the faults of the sources.
      stop(fault.errors ? 'The build failed: see above.' : `The build failed (${fault.message}). Check the folder's owner.`)
    }
  }
}

/** esbuild is there only once the packages are; its own process would stay as long as ours. */
async function build(part) {
  const { buildNode, buildWorker } = await import('./build.mjs')
  await (part === 'worker' ? buildWorker() : buildNode())
  await (await import('esbuild')).stop()
}

/** A hash over names, sizes and times of all that goes into a build: a few milliseconds for the whole tree. */
function sourceState() {
  const hash = createHash('sha256')
  for (const input of inputs) {
    const path = join(root, input)
    const names = statSync(path).isDirectory() ? readdirSync(path, { recursive: true }).sort() : ['']
    for (const name of names) {
      const file = statSync(join(path, name))
      if (file.isFile()) hash.update(`${input}/${name} ${file.size} ${file.mtimeMs}\n`)
    }
  }
  return hash.digest('hex')
}
