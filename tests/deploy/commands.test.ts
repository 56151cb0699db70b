import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { parseEnv } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readConfig } from '../../src/config'

/* deploy/ in a folder of its own, with stand-ins for npm and for the tools: what the commands do, not what the tools do. */
let root: string

beforeEach(() => {
  heard = ''
  root = mkdtempSync(join(tmpdir(), 'sms-admin-deploy-'))
  cpSync('deploy', join(root, 'deploy'), { recursive: true })
  writeFileSync(join(root, 'package.json'), '{"type":"module"}')
  writeFileSync(join(root, 'package-lock.json'), '{}')
})

afterEach(() => rmSync(root, { recursive: true }))

function write(path: string, text: string, mode = 0o644): void {
  mkdirSync(join(root, path, '..'), { recursive: true })
  writeFileSync(join(root, path), text)
  chmodSync(join(root, path), mode)
}

/** `npm ci` as it leaves things: a new node_modules with Node in it. */
const npm = (end: string) => `#!/bin/sh
echo "$@" >> "${root}/npm-calls"
${end}`
const installs = `rm -rf node_modules; mkdir -p node_modules/.bin; ln -s "${process.execPath}" node_modules/.bin/node`
const calls = () => (existsSync(join(root, 'npm-calls')) ? readFileSync(join(root, 'npm-calls'), 'utf8').trim().split('\n') : [])

/** What all of them have said so far. */
let heard = ''

async function run(script: string, env: Record<string, string> = {}) {
  const PATH = [join(root, 'bin'), process.env.PATH].join(delimiter)
  const args = ['--input-type=module', '--eval', script]
  const child = spawn(process.execPath, args, { cwd: join(root, 'deploy'), env: { PATH, ...env }, stdio: 'pipe' })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said += chunk
      heard += chunk
    })
  const [code] = await once(child, 'close')
  return { code, lines: said.trimEnd().split('\n') }
}

describe('install', () => {
  const install = () => run("await (await import('./install.mjs')).install()")

  it('brings what the lock file names, tools too, once', async () => {
    write('bin/npm', npm(installs), 0o755)
    const first = await install()
    expect(first.code).toBe(0)
    expect(first.lines[0]).toMatch(/^Installing packages/)
    expect(calls()).toEqual([expect.stringMatching(/^ci .*--include=dev/)])
    expect(await install()).toEqual({ code: 0, lines: [''] })
    expect(calls()).toHaveLength(1)
  })

  it('lets run the scripts of those packages alone that may', async () => {
    write('bin/npm', npm(installs), 0o755)
    writeFileSync(join(root, 'package.json'), '{"type":"module","allowScripts":{"node":true,"esbuild":true,"better-sqlite3":false}}')
    expect((await install()).code).toBe(0)
    expect(calls()).toEqual([expect.stringMatching(/^ci .*--ignore-scripts/), expect.stringMatching(/^rebuild .* node esbuild$/)])
  })

  it('comes again when the lock file changed', async () => {
    write('bin/npm', npm(installs), 0o755)
    await install()
    writeFileSync(join(root, 'package-lock.json'), '{"packages":{}}')
    await install()
    expect(calls()).toHaveLength(2)
  })

  it('comes again after one that was cut off', async () => {
    write('bin/npm', npm(`${installs}; rm node_modules/.bin/node; exit 1`), 0o755)
    expect((await install()).code).toBe(1)
    write('bin/npm', npm(installs), 0o755)
    expect((await install()).code).toBe(0)
    expect(calls()).toHaveLength(2)
  })

  it('waits for another command that installs, and then has nothing to do', async () => {
    write('bin/npm', npm(`while [ ! -e "${root}/go" ]; do sleep 0.05; done; ${installs}`), 0o755)
    const first = install()
    await vi.waitUntil(() => calls().length === 1, { timeout: 20_000 })
    const second = install()
    // Once it waits; the first one goes on when it does.
    await vi.waitUntil(() => heard.includes('Another command is installing'), { timeout: 20_000 })
    writeFileSync(join(root, 'go'), '')
    expect((await first).code).toBe(0)
    expect(await second).toEqual({ code: 0, lines: ['Another command is installing the packages. Waiting for it …'] })
    expect(calls()).toHaveLength(1)
    expect(existsSync(join(root, '.installing'))).toBe(false)
  })

  it('does not wait for one that was killed', async () => {
    write('bin/npm', npm(installs), 0o755)
    const killed = spawn(process.execPath, ['--eval', ''])
    await once(killed, 'close')
    writeFileSync(join(root, '.installing'), String(killed.pid))
    expect(await install()).toMatchObject({ code: 0, lines: [expect.stringMatching(/^Installing/), expect.stringMatching(/^Installed/)] })
  })

  it.each([
    ['whose number another process has now', '1'],
    ['which had not written its own', ''],
  ])('does not wait for one of long ago, %s', async (_, pid) => {
    write('bin/npm', npm(installs), 0o755)
    writeFileSync(join(root, '.installing'), pid)
    const hourAgo = Date.now() / 1000 - 3600
    utimesSync(join(root, '.installing'), hourAgo, hourAgo)
    expect(await install()).toMatchObject({ code: 0, lines: [expect.stringMatching(/^Installing/), expect.stringMatching(/^Installed/)] })
  })

  it('shows what npm said when it fails', async () => {
    write('bin/npm', npm('echo "npm error 404 left-pad"; exit 1'), 0o755)
    const { code, lines } = await install()
    expect(code).toBe(1)
    expect(lines).toContain('npm error 404 left-pad')
    expect(lines.at(-1)).toMatch(/could not be installed/)
  })
})

describe('.dev.vars', () => {
  const make = (env: Record<string, string> = {}) => run("(await import('./dev-vars.mjs')).makeDevVars()", env)
  const file = () => join(root, '.dev.vars')

  it('is made so that the app starts, for its owner’s eyes only', async () => {
    await make()
    expect(statSync(file()).mode & 0o777).toBe(0o600)
    const settings = parseEnv(readFileSync(file(), 'utf8'))
    expect(readConfig(settings, 'node')).toMatchObject({ development: true, adminUsername: 'admin', provider: 'simulator' })
    // The rules of passwords: 12 characters, lower, upper, digit, another, and not the username.
    expect(settings.ADMIN_PASSWORD).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[^A-Za-z\d])(?!.*admin).{12,}$/)
  })

  it('has its own secrets each time', async () => {
    await make()
    const first = parseEnv(readFileSync(file(), 'utf8'))
    rmSync(file())
    await make()
    const second = parseEnv(readFileSync(file(), 'utf8'))
    expect(second.SECRET_KEY).not.toBe(first.SECRET_KEY)
    expect(second.ADMIN_PASSWORD).not.toBe(first.ADMIN_PASSWORD)
  })

  it('that is there is left as it is', async () => {
    writeFileSync(file(), 'MINE=1\n')
    await make()
    expect(readFileSync(file(), 'utf8')).toBe('MINE=1\n')
  })

  it('is not made where the environment asks for production', async () => {
    await make({ APP_ENV: 'production' })
    expect(existsSync(file())).toBe(false)
  })
})

describe('npm test', () => {
  type Report = {
    numPassedTests: number
    numFailedTests: number
    testResults: { status: string; assertionResults: { status: string }[] }[]
  }
  const passing: Report = { numPassedTests: 10, numFailedTests: 0, testResults: [] }

  /** Stand-ins for the tools; `vitest` writes the report named after its config, and fails if that says so. */
  async function test(reports: Record<string, Report | null>, { types = 0, vitest = 0 } = {}) {
    write('node_modules/.package-lock.json', '{}')
    write('bin/npm', npm(''), 0o755)
    mkdirSync(join(root, 'node_modules/.bin'), { recursive: true })
    symlinkSync(process.execPath, join(root, 'node_modules/.bin/node'))
    write('node_modules/typescript/bin/tsc', `process.exit(${types})`)
    write('node_modules/@biomejs/biome/bin/biome', '')
    write('deploy/build.mjs', '')
    write(
      'node_modules/vitest/vitest.mjs',
      `import { writeFileSync } from 'node:fs'
      const reports = ${JSON.stringify(reports)}
      const report = reports[process.argv.join(' ').match(/vitest\\.(\\w+)\\.config/)[1]]
      if (report) writeFileSync(process.argv.at(-1).split('=')[1], JSON.stringify(report))
      process.exit(${vitest} || (report && report.numFailedTests === 0 ? 0 : 1))`,
    )
    return run("await import('./test.mjs')")
  }

  it('ends with the sum of what ran', async () => {
    const { code, lines } = await test({ node: passing, workerd: passing, chaos: passing, browser: passing })
    // Types, lint and build count one each.
    expect({ code, last: lines.at(-1) }).toEqual({ code: 0, last: '43 passed, 0 failed' })
  })

  it('goes on after a failure, and fails', async () => {
    const failing = { ...passing, numFailedTests: 2, testResults: [{ status: 'failed', assertionResults: [{ status: 'failed' }] }] }
    const { code, lines } = await test({ node: failing, workerd: passing, chaos: passing, browser: passing }, { types: 1 })
    expect({ code, last: lines.at(-1) }).toEqual({ code: 1, last: '42 passed, 3 failed' })
  })

  it('counts a file that could not be loaded', async () => {
    const broken = { ...passing, testResults: [{ status: 'failed', assertionResults: [] }] }
    const { code, lines } = await test({ node: broken, workerd: passing, chaos: passing, browser: passing })
    expect({ code, last: lines.at(-1) }).toEqual({ code: 1, last: '43 passed, 1 failed' })
  })

  it('counts a suite that wrote no report, or ran nothing', async () => {
    const nothing = { ...passing, numPassedTests: 0 }
    const { code, lines } = await test({ node: passing, workerd: null, chaos: passing, browser: nothing })
    expect({ code, last: lines.at(-1) }).toEqual({ code: 1, last: '23 passed, 2 failed' })
  })

  it('counts a suite that fails outside its tests', async () => {
    const { code, lines } = await test({ node: passing, workerd: passing, chaos: passing, browser: passing }, { vitest: 1 })
    expect({ code, last: lines.at(-1) }).toEqual({ code: 1, last: '43 passed, 4 failed' })
  })
})

it('docs/cli.md has a line for every script, and for nothing else', () => {
  const scripts = Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).scripts)
  const rows = readFileSync('docs/cli.md', 'utf8').matchAll(/^\| `npm (?:run )?([\w:]+)` \|/gm)
  expect([...rows].map(([, name]) => name).sort()).toEqual(scripts.sort())
})
