import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { node, root } from './install.mjs'
import { stop } from './say.mjs'

/**
 * Runs a program on the Node of node_modules (better-sqlite3 crashes on Node 20) and ends with its exit code. Signals are passed on
 * and the child awaited, so that nothing is cut off.
 */
export function runNode(args, { env = process.env, onMessage = () => {}, ipc = false } = {}) {
  const child = spawn(node, args, { cwd: root, env, stdio: ['inherit', 'inherit', 'inherit', ...(ipc ? ['ipc'] : [])] })
  child.on('message', onMessage)
  child.on('error', (fault) => stop(`${node} cannot be run (${fault.message}). Delete node_modules and start again.`))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
  return child
}
