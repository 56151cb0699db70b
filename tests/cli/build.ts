import { spawn } from 'node:child_process'
import { once } from 'node:events'

let built: Promise<void> | null = null

/** These tests run what is built from the sources as they are: once for all files of a worker. */
export function build(): Promise<void> {
  built ??= buildAll()
  return built
}

async function buildAll(): Promise<void> {
  const [code] = await once(spawn(process.execPath, ['deploy/build.mjs', 'all'], { stdio: 'inherit' }), 'exit')
  if (code !== 0) throw new Error('the build failed')
}
