import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import { node, root } from './install.mjs'
import { say, stop } from './say.mjs'

/**
 * Runs a program on the Node of node_modules (better-sqlite3 crashes on Node 20) and ends with its exit code. Signals are passed on
 * and the child awaited, so that nothing is cut off.
 */
export function runNode(args) {
  // A quarter of the start is compiling two megabytes of JavaScript.
  const env = { NODE_COMPILE_CACHE: join(root, 'dist/.cache'), ...process.env }
  const child = spawn(node, args, { cwd: root, env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
  child.on('message', printStart)
  child.on('error', (fault) => stop(`${node} cannot be run (${fault.message}). Delete node_modules and start again.`))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  // npm that is killed says nothing to its scripts: a new parent is how this one learns of it.
  const npm = process.env.npm_lifecycle_event && process.ppid
  if (npm) setInterval(() => process.ppid === npm || child.kill('SIGTERM'), 500).unref()
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
}

/** A server tells where it is, and the first sign-in in the one start that made it; a password from the environment stays there. */
function printStart({ ready, address, firstAdmin }) {
  if (!ready) return
  say(`SMS Admin is at ${address}`)
  if (firstAdmin) say(`First sign-in: ${firstAdmin.username} with ${firstAdmin.password ?? 'the password that ADMIN_PASSWORD holds'}`)
  if (process.stdout.isTTY) say('Ctrl-C stops it.')
}
