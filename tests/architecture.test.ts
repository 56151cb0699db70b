import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'

/* Who may import whom: worker, server → platform, app, jobs → routes → (domain, templates, web) → deps → (db, sms, config). */

type Import = { from: string; to: string; typeOnly: boolean }

const files = ['src', 'templates'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((name) => /\.tsx?$/.test(name)),
)
const texts = new Map(files.map((file) => [file, withoutComments(readFileSync(file, 'utf8'))]))
const imports = files.flatMap(importsOf)

const entries = ['src/server.ts', 'src/worker.ts']
const hostFolders = ['src/platform/', 'src/cli/']
const isHost = (file: string) => entries.includes(file) || hostFolders.some((folder) => file.startsWith(folder))
/** What is no feature: the pieces that features are made of, and what puts them together. */
const shared = ['web', 'platform', 'cli', 'db', 'twilio']
/** Of a feature, these speak HTTP; all else is domain. */
const speaksHttp = (file: string) => /\/(routes|form|webhooks)\.tsx?$/.test(file) || file.endsWith('.tsx')
const featureOf = (file: string) => {
  const [root, folder, rest] = file.split('/')
  return root === 'src' && folder && rest && !shared.includes(folder) ? folder : null
}
const isDomain = (file: string) => featureOf(file) !== null && !speaksHttp(file)

describe('imports', () => {
  it('are found at all', () => {
    expect(imports).toContainEqual({ from: 'src/server.ts', to: 'src/app.tsx', typeOnly: false })
    expect(imports).toContainEqual({ from: 'src/deps.ts', to: 'src/config.ts', typeOnly: true })
    expect(files.filter(isDomain).length).toBeGreaterThan(20)
  })

  it('of platform/ and cli/ are the entries’ alone', () => {
    expect(found(({ from, to }) => isHost(to) && !isHost(from))).toEqual([])
  })

  it('of the app and the job table are the entries’ alone', () => {
    expect(found(({ from, to }) => ['src/app.tsx', 'src/jobs.ts'].includes(to) && !isHost(from))).toEqual([])
  })

  it('of Node, workerd, the database file and the server stay in platform/, cli/ and the entries', () => {
    const ofHosts = /^(node:|cloudflare:|better-sqlite3$|miniflare$|@hono\/node-server)/
    expect(found(({ from, to }) => ofHosts.test(to) && !isHost(from))).toEqual([])
  })

  it('of the domain know no HTTP, no pages and no Twilio', () => {
    const outside = /^(hono$|hono\/|@hono\/|hono-sessions$|twilio$|twilio\/|templates\/|src\/twilio\/|src\/web\/)/
    const known = (each: Import) =>
      // The store has the shape that hono-sessions calls: its type, nothing that runs.
      (each.from === 'src/auth/sessions.ts' && each.to === 'hono-sessions' && each.typeOnly) ||
      // What a list asks for, and the SQL that answers a search: no HTTP in either.
      (each.to === 'src/web/listing.ts' && each.typeOnly) ||
      each.to === 'src/web/search.ts'
    expect(found((each) => isDomain(each.from) && outside.test(each.to) && !known(each))).toEqual([])
  })

  it('of the domain reach no routes, of this feature or another', () => {
    expect(found(({ from, to }) => isDomain(from) && featureOf(to) !== null && speaksHttp(to))).toEqual([])
  })

  it('of the twilio package stay in twilio/', () => {
    expect(found(({ from, to }) => /^twilio(\/|$)/.test(to) && !from.startsWith('src/twilio/'))).toEqual([])
  })

  it('of templates are templates, types and the markup itself', () => {
    const fine = ({ to, typeOnly }: Import) => to.startsWith('templates/') || typeOnly || /^hono\/(jsx|html|utils\/html)$/.test(to)
    expect(found((each) => each.from.startsWith('templates/') && !fine(each))).toEqual([])
  })

  it('of config, faults, db and sms point to each other only', () => {
    const ground = /^src\/(config\.ts|faults\.ts|db\/|sms\/)/
    expect(found(({ from, to }) => ground.test(from) && /^(src|templates)\//.test(to) && !ground.test(to))).toEqual([])
  })

  it('of deps are config, db and sms', () => {
    expect(found(({ from, to }) => from === 'src/deps.ts' && !/^src\/(config\.ts|db\/|sms\/)/.test(to))).toEqual([])
  })

  it('between domains go one way: schedule → blasts → deliveries → suppressions', () => {
    const order = ['schedule', 'blasts', 'deliveries', 'suppressions']
    const rank = (file: string) => (isDomain(file) ? order.indexOf(featureOf(file) ?? '') : -1)
    expect(found(({ from, to }) => rank(from) >= 0 && rank(to) >= 0 && rank(to) < rank(from))).toEqual([])
  })

  it('make no circle', () => {
    expect(circles()).toEqual([])
  })
})

describe('time, chance and settings are passed in', () => {
  it.each(['process\\.env', 'Date\\.now\\(', 'new Date\\(\\)', 'Math\\.random\\('])('%s', (pattern) => {
    const using = files.filter((file) => !isHost(file) && file !== 'src/config.ts' && new RegExp(pattern).test(texts.get(file) ?? ''))
    expect(using).toEqual([])
  })
})

/** As `a → b`, which is what somebody who broke the rule needs to read. */
function found(breaks: (each: Import) => boolean): string[] {
  return imports.filter(breaks).map(({ from, to }) => `${from} → ${to}`)
}

function importsOf(from: string): Import[] {
  const statement = /^(?:import|export)\s+(?:(type\s)?([^'";]*?)\sfrom\s+)?['"]([^'"]+)['"]/gm
  const dynamic = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g
  const text = texts.get(from) ?? ''
  return [
    ...[...text.matchAll(statement)].map(([, type, names, to = '']) => ({
      from,
      to: resolveImport(from, to),
      typeOnly: Boolean(type) || onlyTypes(names),
    })),
    ...[...text.matchAll(dynamic)].map(([, to = '']) => ({ from, to: resolveImport(from, to), typeOnly: false })),
  ]
}

/** `{ type A, type B }` */
function onlyTypes(names: string | undefined): boolean {
  const list = names?.trim().match(/^\{([\s\S]*)\}$/)?.[1]
  const each = (list ?? '').split(',').filter((name) => name.trim() !== '')
  return each.length > 0 && each.every((name) => name.trim().startsWith('type '))
}

function resolveImport(from: string, to: string): string {
  if (!to.startsWith('.')) return to
  const path = normalize(join(dirname(from), to))
  return ['', '.ts', '.tsx', '/index.ts'].map((end) => path + end).find((name) => /\.\w+$/.test(name) && existsSync(name)) ?? path
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '')
}

/** Circles of imports that run: types are erased. Each as the path that closes it. */
function circles(): string[] {
  const next = Map.groupBy(
    imports.filter(({ typeOnly, to }) => !typeOnly && files.includes(to)),
    ({ from }) => from,
  )
  const done = new Set<string>()
  const result: string[] = []
  const visit = (file: string, path: string[]) => {
    if (path.includes(file)) result.push([...path.slice(path.indexOf(file)), file].join(' → '))
    if (path.includes(file) || done.has(file)) return
    for (const { to } of next.get(file) ?? []) visit(to, [...path, file])
    done.add(file)
  }
  for (const file of files) visit(file, [])
  return result
}
