import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** These tests run what is built from the sources as they are. */
export async function build(part: 'all' | 'server' = 'all'): Promise<void> {
  const [code] = await once(spawn(process.execPath, ['deploy/build.mjs', part], { stdio: 'inherit' }), 'exit')
  if (code !== 0) throw new Error('the build failed')
}
