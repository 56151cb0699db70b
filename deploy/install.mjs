// Runs before anything is installed: Node's own modules only, on any Node from 20.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { say, stop } from './say.mjs'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..')
export const node = join(root, 'node_modules/.bin/node')

const lock = join(root, 'package-lock.json')
const stamp = join(root, 'node_modules/.sms-admin-lock')
/** Holds the process that installs. */
const installing = join(root, '.installing')
/** After this a process of that number is taken for another one. */
const longestMs = 15 * 60_000

/** Brings node_modules to the state of package-lock.json; nothing to do takes a millisecond. */
export async function install() {
  if (Number(process.versions.node.split('.')[0]) < 20) stop(`SMS Admin needs Node 20 or newer; this is ${process.version}.`)
  const wanted = createHash('sha256').update(readFileSync(lock)).digest('hex')
  if (isInstalled(wanted)) return
  try {
    accessSync(root, constants.W_OK)
  } catch {
    stop(`The folder ${root} cannot be written. Give it to the user who starts SMS Admin, or start as its owner.`)
  }
  await takeTurn()
  try {
    if (!isInstalled(wanted)) await installNow(wanted)
  } finally {
    rmSync(installing, { force: true })
  }
}

/** Two that install at once delete each other's packages: the second one waits, and finds its work done. */
async function takeTurn() {
  for (let waited = false; ; waited = true) {
    try {
      return writeFileSync(installing, String(process.pid), { flag: 'wx' })
    } catch (fault) {
      if (fault.code !== 'EEXIST') throw fault
    }
    if (!isHeld()) rmSync(installing, { force: true })
    else if (!waited) say('Another command is installing the packages. Waiting for it …')
    await sleep(200)
  }
}

/** By a process that still runs. An empty file was made a moment ago, and its process is about to write who it is. */
function isHeld() {
  try {
    const age = Date.now() - statSync(installing).mtimeMs
    const pid = readFileSync(installing, 'utf8')
    if (pid === '') return age < 2000
    return age < longestMs && isRunning(Number(pid))
  } catch {
    return false
  }
}

/** Another user's process may not be signalled, and runs. */
function isRunning(pid) {
  try {
    return process.kill(pid, 0)
  } catch (fault) {
    return fault.code === 'EPERM'
  }
}

async function installNow(wanted) {
  const started = Date.now()
  say('Installing packages (once; about half a minute) …')
  const { code, output } = await npmCi()
  if (code !== 0) {
    process.stderr.write(output)
    rmSync(installing, { force: true })
    stop('The packages could not be installed; npm says why above. Mend it and start again.')
  }
  writeFileSync(stamp, wanted)
  say(`Installed in ${Math.round((Date.now() - started) / 1000)} s.`)
}

function isInstalled(wanted) {
  if (!existsSync(node)) return false
  if (existsSync(stamp)) return readFileSync(stamp, 'utf8') === wanted
  // Installed by hand: npm writes this file last.
  const written = join(root, 'node_modules/.package-lock.json')
  return existsSync(written) && statSync(written).mtimeMs >= statSync(lock).mtimeMs
}

/**
 * The tools and Node 24 are devDependencies, so NODE_ENV=production must not leave them out. Scripts run only where `allowScripts` of
 * package.json says so: npm below 11 knows nothing of it, and would compile better-sqlite3, which brings what it needs.
 */
async function npmCi() {
  const allowed = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).allowScripts ?? {}
  const names = Object.keys(allowed).filter((name) => allowed[name])
  const installed = await npm(['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'])
  return installed.code !== 0 || names.length === 0 ? installed : npm(['rebuild', '--ignore-scripts=false', '--loglevel=error', ...names])
}

function npm(args) {
  // npm deletes node_modules first: it must not run on the Node in there.
  const path = (process.env.PATH ?? '').split(delimiter).filter((entry) => !entry.startsWith(join(root, 'node_modules')))
  const child = spawn('npm', args, { cwd: root, env: { ...process.env, PATH: path.join(delimiter) }, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  return new Promise((resolve) => {
    child.on('error', (fault) => resolve({ code: 1, output: `npm cannot be run (${fault.message}).\n` }))
    child.on('close', (code) => resolve({ code, output }))
  })
}
