import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

export const hosts = ['node', 'wrangler', 'workerd'] as const
export type HostName = (typeof hosts)[number]

const root = resolve(import.meta.dirname, '../../..')
const programs: Record<HostName, string> = { node: 'dist/server.js', wrangler: 'dist/dev.js', workerd: 'dist/start-workerd.js' }
const startMs = 120_000
const stopMs = 30_000

/**
 * The program as its users run it, in a folder of its own: no settings, data or port of this machine are touched.
 * `restart()` goes on with the same data, after `stop()` (SIGTERM) or `kill()` (SIGKILL) alike.
 */
export class AppUnderTest {
  readonly username = 'admin'
  readonly password = 'Tolu-Vare-Nika-4817'
  readonly folder = mkdtempSync(join(tmpdir(), 'sms-admin-app-'))
  readonly origin: string
  /** What the program said, for the message of a start that failed. */
  output = ''
  private readonly host: HostName
  private readonly settings: Record<string, string>
  private child: ChildProcess | null = null

  constructor(host: HostName, port: number, settings: Record<string, string>) {
    this.host = host
    this.origin = `http://127.0.0.1:${port}`
    this.settings = { PORT: String(port), SECRET_KEY: 'k'.repeat(64), APP_ENV: 'development', ADMIN_PASSWORD: this.password, ...settings }
    for (const name of ['dist', 'migrations', 'static', 'node_modules']) symlinkSync(join(root, name), join(this.folder, name))
    // Built before the tests: a build of wrangler's own would replace dist under the others.
    const toml = readFileSync(join(root, 'wrangler.toml'), 'utf8').replace(/^\[build\]\n(.+\n)+/m, '')
    writeFileSync(join(this.folder, 'wrangler.toml'), toml)
  }

  async restart(): Promise<void> {
    const program = join(this.folder, programs[this.host])
    if (!existsSync(program)) throw new Error(`${programs[this.host]} is not built: npm run build`)
    const { PATH = '', HOME = '' } = process.env
    const child = spawn(process.execPath, [program], { cwd: this.folder, env: { PATH, HOME, ...this.settings }, stdio: 'pipe' })
    this.child = child
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (this.output += chunk))
    const deadline = performance.now() + startMs
    while (!(await this.answers())) {
      if (child.exitCode !== null || performance.now() > deadline) throw new Error(`${this.host} did not start:\n${this.output}`)
      await wait(100)
    }
  }

  /** Resolves to the exit code. */
  async stop(): Promise<number | null> {
    return this.end('SIGTERM')
  }

  async kill(): Promise<void> {
    await this.end('SIGKILL')
  }

  /** Stops the program and deletes its folder. */
  async remove(): Promise<void> {
    await this.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }

  private async answers(): Promise<boolean> {
    try {
      return (await fetch(`${this.origin}/health`)).ok
    } catch {
      return false
    }
  }

  private async end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.child
    this.child = null
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null
    const ended = new Promise<number | null>((resolve) => child.on('exit', resolve))
    child.kill(signal)
    const late = setTimeout(() => child.kill('SIGKILL'), stopMs)
    const code = await ended
    clearTimeout(late)
    return code
  }
}

/** `settings` win over those of a fresh clone. */
export async function startApp(host: HostName, settings: Record<string, string> = {}): Promise<AppUnderTest> {
  const app = new AppUnderTest(host, await freePort(), settings)
  await app.restart()
  return app
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
