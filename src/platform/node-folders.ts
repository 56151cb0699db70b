import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/** The folder with all above it, for us alone. One by one: Node's own `recursive` never ends where the system refuses, as under /proc. */
export function makeFolders(path: string): void {
  if (existsSync(path)) return
  makeFolders(dirname(path))
  mkdirSync(path, { mode: 0o700 })
}
