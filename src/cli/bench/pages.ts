import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Client, type Measured, measure } from './load'
import { answerOf, cpuMsOf, end, forkProgram } from './processes'
import { type SeedSizes, seed } from './seed'
import { adminName, adminPassword, benchEnv } from './settings'

export type PagesBench = SeedSizes & { seconds: number }

export type PageResult = {
  name: string
  path: string
  bytes: number
  /** Of the server; null where it cannot be told. */
  cpuMsPerRequest: number | null
  alone: Measured
  crowd: Measured
  /** Requests a second at 8 connections, as a share of bare /health's in the same run. */
  shareOfHealth: number
}

export type PagesResult = PagesBench & { seedSeconds: number; pages: PageResult[] }

const crowd = 8
const warmUps = 30

const pagesOf = (largest: number, { members }: SeedSizes): { name: string; path: string; public?: true }[] => [
  { name: 'health', path: '/health', public: true },
  { name: 'dashboard', path: '/dashboard' },
  { name: 'members', path: '/community' },
  { name: 'members, last page', path: `/community?page=${Math.max(1, Math.ceil(members / 50))}` },
  { name: 'a search of members', path: '/community?search=garc%C3%ADa+1' },
  { name: 'a search by phone', path: '/community?search=323-200-12' },
  { name: 'blasts', path: '/logs' },
  { name: 'the largest blast', path: `/logs/${largest}` },
  { name: 'its failed texts', path: `/logs/${largest}?status=failed` },
]

/** Builds a large database, starts the real server on it as a process of its own, signs in, and asks for each page over and over. */
export async function benchPages(bench: PagesBench, now: number): Promise<PagesResult> {
  const folder = mkdtempSync(join(tmpdir(), 'sms-admin-bench-'))
  try {
    const databasePath = join(folder, 'pages.sqlite')
    const started = performance.now()
    const largest = await seed(databasePath, bench, now)
    const seedSeconds = (performance.now() - started) / 1000
    const env = { ...process.env, ...benchEnv({ DATABASE_PATH: databasePath, PORT: '0' }) }
    const server = forkProgram(join(dirname(process.argv[1] ?? ''), 'server.js'), [], env)
    try {
      const { address } = await answerOf<{ address: string }>(server)
      const client = new Client(Number(new URL(address).port))
      await signIn(client)
      const pages: PageResult[] = []
      for (const page of pagesOf(largest, bench)) pages.push(await benchPage(client, server, page, bench.seconds, pages[0]))
      client.close()
      return { ...bench, seedSeconds, pages }
    } finally {
      await end(server)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function signIn(client: Client): Promise<void> {
  const { status, headers } = await client.post('/login', { username: adminName, password: adminPassword })
  if (status !== 303) throw new Error(`sign-in answered ${status}`)
  client.cookie = (headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0]).join('; ')
}

async function benchPage(
  client: Client,
  server: ChildProcess,
  { name, path }: { name: string; path: string },
  seconds: number,
  health?: PageResult,
): Promise<PageResult> {
  let bytes = 0
  for (let i = 0; i < warmUps; i++) bytes = Buffer.byteLength((await client.get(path)).body)
  const before = cpuMsOf(server)
  const alone = await measure(client, path, 1, seconds)
  const together = await measure(client, path, crowd, seconds)
  const after = cpuMsOf(server)
  const cpuMsPerRequest = before === null || after === null ? null : (after - before) / (alone.requests + together.requests)
  const shareOfHealth = together.perSecond / (health ? health.crowd.perSecond : together.perSecond)
  return { name, path, bytes, cpuMsPerRequest, alone, crowd: together, shareOfHealth }
}
