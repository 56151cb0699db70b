import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'
import { settingNames } from '../src/config'
import { knownRoutes } from './support/routes'

/* What the pages say is there, is there. */
const pages = [
  'README.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]
const texts = new Map(pages.map((page) => [page, readFileSync(page, 'utf8')]))
const textOf = (page: string) => texts.get(page) ?? ''
/** Without blocks of code, where a bracket is a bracket. */
const proseOf = (page: string) => textOf(page).replace(/```[\s\S]*?```/g, '')

type Link = { page: string; to: string; path: string; anchor: string }
const links = pages.flatMap((page) =>
  [
    ...proseOf(page)
      .replace(/`[^`\n]*`/g, '')
      .matchAll(/\]\(([^)\s]+)\)/g),
  ].map(([, to = '']): Link => {
    const [path = '', anchor = ''] = to.split('#')
    return { page, to, path: path === '' ? page : normalize(join(dirname(page), path)), anchor }
  }),
)
const inside = links.filter(({ to }) => !/^[a-z]+:/.test(to))

/** As GitHub makes them of headings. */
const anchorsOf = (page: string): string[] =>
  [...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )

describe('links', () => {
  it('are found at all', () => {
    expect(inside).toContainEqual({
      page: 'README.md',
      to: 'docs/configuration.md#the-provider',
      path: 'docs/configuration.md',
      anchor: 'the-provider',
    })
  })

  it('lead to files that are there', () => {
    expect(inside.filter(({ path }) => !existsSync(path)).map(({ page, to }) => `${page} → ${to}`)).toEqual([])
  })

  it('lead to headings that are there', () => {
    const dead = inside.filter(({ path, anchor }) => anchor !== '' && texts.has(path) && !anchorsOf(path).includes(anchor))
    expect(dead.map(({ page, to }) => `${page} → ${to}`)).toEqual([])
  })

  it('lead from README.md to every page', () => {
    const reached = new Set(['README.md'])
    for (const page of reached) for (const link of inside) if (link.page === page && texts.has(link.path)) reached.add(link.path)
    expect(pages.filter((page) => !reached.has(page))).toEqual([])
  })
})

describe('settings', () => {
  const prefixes = new Set(settingNames.map((name) => name.split('_')[0]))
  /** Words in capitals that begin as a setting does. */
  const namedOn = (page: string) => [...textOf(page).matchAll(/(?<![\w$])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?![\w*])/g)].map(([name]) => name)

  it('are all in docs/configuration.md, and no other', () => {
    const named = [...textOf('docs/configuration.md').matchAll(/^\| `([A-Z][A-Z0-9_]*)` \|/gm)].map(([, name]) => name)
    expect(named.sort()).toEqual([...settingNames].sort())
  })

  it('that a page names exist', () => {
    const unknown = pages.flatMap((page) =>
      namedOn(page)
        .filter((name) => prefixes.has(name.split('_')[0] ?? '') && !settingNames.includes(name))
        .map((name) => `${page}: ${name}`),
    )
    expect(unknown).toEqual([])
  })
})

describe('commands', () => {
  const scripts = Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).scripts)
  const ofNpm = ['ci', 'install', 'start', 'test']
  const commands = pages.flatMap((page) =>
    [...textOf(page).matchAll(/(?:^|`|&& |\$ )npm (run )?(?:-s )?([a-z][\w:-]*)([^\n`|]*)/gm)].map(([, run, name = '', rest = '']) => ({
      page,
      run,
      name,
      rest,
    })),
  )

  it('are scripts of package.json', () => {
    const unknown = commands.filter(({ run, name }) => (run ? !scripts.includes(name) : !ofNpm.includes(name) && name !== 'run'))
    expect(unknown.map(({ page, name }) => `${page}: npm run ${name}`)).toEqual([])
  })

  it.each([
    ['doctor', 'src/cli/doctor.ts', 'docs/cli.md'],
    ['deploy:cloudflare', 'src/cli/deploy-cloudflare.ts', 'docs/deployment-cloudflare.md'],
  ])('of %s have flags that it knows, and all of them are on a page', (script, source, home) => {
    const code = readFileSync(source, 'utf8')
    const modes = [...code.matchAll(/^ {2}'?([a-z][\w-]*)'?: \{\s+(?:takes|type):/gm)].map(([, name = '']) => name)
    const also = [...(/^const flags = \[(.+?)\]/ms.exec(code)?.[1] ?? '').matchAll(/'([\w-]+)'/g)].map(([, name = '']) => name)
    const known = new Set([...modes, ...also, 'help'])
    const used = commands
      .filter(({ name }) => name === script)
      .flatMap(({ page, rest }) => [...rest.matchAll(/--([a-z][\w-]*)/g)].map(([, flag]) => `${page}: --${flag}`))
    expect(used.length).toBeGreaterThan(3)
    expect(used.filter((use) => !known.has(use.split('--')[1] ?? ''))).toEqual([])
    const unnamed = [...known].filter((flag) => flag !== 'help' && !textOf(home).includes(`--${flag}`))
    expect(unnamed).toEqual([])
  })
})

it('docs/api.md has every route with who may, and no other', () => {
  const rows = [...textOf('docs/api.md').matchAll(/^\| [^|]+ \| (public|signed|staff|admin) \| (.+) \|$/gm)]
  const named = rows.flatMap(([, access, routes = '']) =>
    [...routes.matchAll(/`([A-Z,]+) (\S+)`/g)].flatMap(([, methods = '', path]) =>
      methods.split(',').map((method) => `${method} ${path} ${access}`),
    ),
  )
  expect(named.sort()).toEqual(
    Object.entries(knownRoutes)
      .map(([route, { access }]) => `${route} ${access}`)
      .sort(),
  )
})

it('docs/services.md names every folder and file under src/, and no other', () => {
  const found = readdirSync('src').map((name) => `src/${name}`)
  const named = [...textOf('docs/services.md').matchAll(/`(src\/[\w./-]+)`/g)].map(([, path]) => path)
  expect([...new Set(named)].sort()).toEqual(found.sort())
})

it('docs/database.md names every table', () => {
  const tables = [...readFileSync('src/db/schema.ts', 'utf8').matchAll(/sqliteTable\(\s*'(\w+)'/g)].map(([, name = '']) => name)
  expect(tables.length).toBeGreaterThan(20)
  expect(tables.filter((name) => !textOf('docs/database.md').includes(`\`${name}\``))).toEqual([])
})
