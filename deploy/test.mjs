// `npm test`: everything, in the order in which a fault is cheapest to find. The last line is the sum of what really ran.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { install, node, root } from './install.mjs'
import { say } from './say.mjs'

const modules = join(root, 'node_modules')
const reports = mkdtempSync(join(tmpdir(), 'sms-admin-test-'))

/** A program that passes or fails as a whole counts one; a suite of vitest counts its tests. */
const steps = [
  { name: 'types', args: [join(modules, 'typescript/bin/tsc')] },
  { name: 'lint and format', args: [join(modules, '@biomejs/biome/bin/biome'), 'check', '--error-on-warnings'] },
  { name: 'tests on Node', suite: 'node' },
  { name: 'tests on workerd', suite: 'workerd' },
  { name: 'build', args: [join(root, 'deploy/build.mjs'), 'all'] },
  { name: 'kill -9 while it sends', suite: 'chaos' },
  { name: 'tests in the browser', suite: 'browser' },
]

await install()
const total = { passed: 0, failed: 0 }
const summary = []
for (const step of steps) {
  say(`\n── ${step.name}`)
  const started = Date.now()
  const { passed, failed } = await (step.suite ? runSuite(step.suite) : runWhole(step.args))
  total.passed += passed
  total.failed += failed
  summary.push(
    `${failed === 0 ? 'ok    ' : 'FAILED'}  ${step.name}: ${passed} passed, ${failed} failed (${Math.round((Date.now() - started) / 1000)} s)`,
  )
}
rmSync(reports, { recursive: true, force: true })

say(`\n${summary.join('\n')}\n`)
say(`${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed === 0 ? 0 : 1

async function runWhole(args) {
  const code = await run(args)
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

/** A suite that cannot be loaded has no tests to count, and fails all the same; so does one in which nothing ran. */
async function runSuite(name) {
  const file = join(reports, `${name}.json`)
  const config = join(root, `tests/vitest.${name}.config.ts`)
  const args = ['run', '--config', config, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const code = await run([join(modules, 'vitest/vitest.mjs'), ...args])
  const report = readReport(file)
  const broken = report.testResults.filter(
    (each) => each.status === 'failed' && each.assertionResults.every((test) => test.status !== 'failed'),
  )
  const passed = report.numPassedTests
  const failed = report.numFailedTests + broken.length
  return { passed, failed: failed === 0 && (code !== 0 || passed === 0) ? 1 : failed }
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, testResults: [] }
  }
}

function run(args) {
  // Tools that look for `node` find the one of node_modules, as under npm.
  const env = { ...process.env, PATH: `${join(modules, '.bin')}:${process.env.PATH}` }
  const child = spawn(node, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] })
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => child.kill(signal))
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)))
}
