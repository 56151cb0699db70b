import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'
import type { Host } from './plan'

const startMs = 60_000
const stopMs = 40_000
/** A bug, to prove that it is found: who may have the text is texted again without asking. */
const planted = {
  find: /SET status = 'unknown', lease_until_at = NULL/g,
  replace: "SET status = 'queued', lease_until_at = NULL",
}
const programs = { node: 'server.js', workerd: 'start-workerd.js' }

/** The built server as a process of its own, to be killed: its data outlives it in a folder that nobody else uses. */
export class Victim {
  readonly username = 'admin'
  readonly password = 'Tolu-Vare-Nika-4817'
  readonly folder = mkdtempSync(join(tmpdir(), 'sms-admin-chaos-'))
  readonly origin: string
  output = ''
  starts = 0
  private readonly host: Host
  private readonly settings: Record<string, string>
  private child: ChildProcess | null = null
  /** workerd that outlived its supervisor: the next start ends it. */
  private orphans: number[] = []

  constructor(host: Host, port: number, settings: Record<string, string>, plant = false) {
    this.host = host
    this.origin = `http://127.0.0.1:${port}`
    this.settings = { PORT: String(port), SECRET_KEY: 'k'.repeat(64), APP_ENV: 'development', ADMIN_PASSWORD: this.password, ...settings }
    const root = process.cwd()
    // A copy: a build meanwhile is not to change the program between two starts.
    mkdirSync(join(this.folder, 'dist'))
    for (const name of ['server.js', 'tick.js', 'start-workerd.js', 'worker', 'assets'])
      cpSync(join(root, 'dist', name), join(this.folder, 'dist', name), { recursive: true })
    if (plant) for (const name of ['server.js', 'tick.js', 'worker/worker.js']) this.plant(join(this.folder, 'dist', name))
    for (const name of ['migrations', 'static', 'node_modules']) symlinkSync(join(root, name), join(this.folder, name))
  }

  /** Starts the process, and does not wait for it. */
  start(): void {
    this.starts++
    this.child = this.run(programs[this.host])
  }

  /** Resolves when the process answers. */
  async up(): Promise<void> {
    const { child } = this
    for (const end = performance.now() + startMs; !(await this.answers()); await wait(25)) {
      if (child !== this.child || child?.exitCode !== null || performance.now() > end)
        throw new Error(`${this.host} did not start:\n${this.output.slice(-4000)}`)
    }
  }

  /** SIGKILL. Of workerd the supervisor alone where `orphan`, else both. */
  async kill(orphan: boolean): Promise<void> {
    const workerd = this.workerd()
    await this.end('SIGKILL')
    for (const pid of workerd) if (!orphan) end(pid)
    if (orphan) this.orphans.push(...workerd)
  }

  /** SIGTERM, and what is in flight ends. */
  async stop(): Promise<void> {
    await this.end('SIGTERM')
  }

  /** A scheduler's pass while the server is down. */
  async tick(): Promise<void> {
    const child = this.run('tick.js')
    await new Promise((resolve) => child.on('exit', resolve))
  }

  /** What the 15 seconds of a dead sender's lease would do. Only while nothing of it lives. */
  forgetSender(): void {
    if (this.file() !== null) this.query('DELETE FROM sender_lease')
  }

  query<Row>(sql: string): Row[] {
    const database = new DatabaseSync(this.file() ?? '', { timeout: 5000 })
    try {
      return database.prepare(sql).all() as Row[]
    } finally {
      database.close()
    }
  }

  async remove(): Promise<void> {
    const workerd = this.workerd()
    await this.stop()
    for (const pid of [...workerd, ...this.orphans]) if (isWorkerd(pid, this.folder)) end(pid)
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }

  private plant(path: string): void {
    const code = readFileSync(path, 'utf8')
    if (code.search(planted.find) < 0) throw new Error(`${path} has nowhere to plant the bug`)
    writeFileSync(path, code.replace(planted.find, planted.replace))
  }

  private run(program: string): ChildProcess {
    const { PATH = '', HOME = '' } = process.env
    const options = { cwd: this.folder, env: { PATH, HOME, ...this.settings }, stdio: 'pipe' as const }
    const child = spawn(process.execPath, [join(this.folder, 'dist', program)], options)
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (this.output += chunk))
    return child
  }

  private async answers(): Promise<boolean> {
    try {
      return (await fetch(`${this.origin}/health`, { signal: AbortSignal.timeout(5000) })).ok
    } catch {
      return false
    }
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this
    this.child = null
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.on('exit', resolve))
    child.kill(signal)
    const late = setTimeout(() => child.kill('SIGKILL'), stopMs)
    await ended
    clearTimeout(late)
  }

  private workerd(): number[] {
    const pid = this.child?.pid
    if (this.host === 'node' || !pid) return []
    try {
      return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
        .split(' ')
        .map(Number)
        .filter((child) => isWorkerd(child, this.folder))
    } catch {
      return []
    }
  }

  /** The database file; null before there is one. */
  private file(): string | null {
    const data = join(this.folder, 'data')
    try {
      const names = readdirSync(data, { recursive: true }).map(String)
      const name = names.find(
        (each) => each.endsWith('.sqlite') && !each.endsWith('metadata.sqlite') && (this.host === 'node' || /d1/i.test(each)),
      )
      return name === undefined ? null : join(data, name)
    } catch {
      return null
    }
  }
}

/** Process ids are used again: only what is ours by its environment. */
function isWorkerd(pid: number, folder: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('workerd') && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(folder)
  } catch {
    return false
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

let next = 20_000 + (process.pid % 400) * 20

/** Below the ports that the system gives away: another must not get it while the server is down. */
export async function fixedPort(): Promise<number> {
  for (;;) {
    const port = next++
    const server = createServer()
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => resolve(true))
    })
    if (!free) continue
    await new Promise((resolve) => server.close(resolve))
    return port
  }
}
