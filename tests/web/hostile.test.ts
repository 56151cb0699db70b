import { beforeAll, describe, expect, it } from 'vitest'
import { runtime } from '#host'
import { type Asker, createAsker, encode, routes, shows } from './hostile-asking'
import { marker, texts, wronglyEncoded } from './hostile-values'
import { openPopulated, type Populated } from './populated'

const settings = { TWILIO_VALIDATE_SIGNATURE: '0', TRUST_PROXY: '1' }
// What takes things away comes last: the others should find them.
const isLast = ({ path }: { path: string }) => Number(/delete|clear|undo|cancel|unregister|end$|logout|revoke/.test(path))
const posts = routes.filter(({ method }) => method === 'POST').sort((a, b) => isLast(a) - isLast(b))
const gets = routes.filter(({ method }) => method === 'GET')
const urlencoded = { 'content-type': 'application/x-www-form-urlencoded' }

/** On D1 a request takes ten times as long, and all but the database is the same: what a database may stumble over is asked there. */
const forDatabase = [
  'NUL',
  'half a character',
  'four bytes each',
  '100,000 characters',
  'beyond SQLite',
  'beyond doubles',
  'LIKE and MATCH',
]
const everyText = Object.entries(texts).filter(([what]) => runtime === 'node' || forDatabase.includes(what))
const encodings = runtime === 'node' ? wronglyEncoded : (['%', '%ff%fe', '%00'] as const)

/** What comes before the database is the same on D1. */
const onNode = describe.skipIf(runtime !== 'node')

let turn = 0
/** Where text is due, a quarter of them in turn, on D1 a fifth; elsewhere a tenth. HOSTILE=all asks everything everywhere. */
function someTexts(isText: boolean): [string, string][] {
  if (process.env.HOSTILE === 'all') return everyText
  turn++
  const each = isText ? (runtime === 'node' ? 4 : 5) : 10
  return everyText.filter((_, index) => (index + turn) % each === 0)
}

let h: Populated
let asker: Asker

async function open() {
  h = await openPopulated(settings)
  asker = await createAsker(h)
}

describe('every field of every form', () => {
  beforeAll(open)

  it.each(posts.filter(({ fields }) => fields))('$route', async ({ path, fields = {}, shownAgain = [] }) => {
    const query = path.endsWith('/status') ? '?delivery=1&attempt=a' : ''
    const post = (body: string, what: string) =>
      asker.ask({ path: h.pathOf(path) + query, init: { method: 'POST', body, headers: urlencoded }, what })
    for (const name of Object.keys(fields)) {
      const { [name]: _, ...others } = fields
      await post(encode(others), `no ${name}`)
      for (const [what, text] of someTexts(shownAgain.includes(name))) {
        const { status, text: html } = await post(encode({ ...others, [name]: text }), `${name}: ${what}`)
        const typed = text.toWellFormed()
        if (path === '/login/code' && status !== 422) asker.note(`a code that is ${what} answers ${status}`)
        if (status === 422 && shownAgain.includes(name) && !shows(html, typed)) asker.note(`${path}, ${name}: ${what} is lost`)
      }
      for (const raw of encodings) await post(`${encode(others)}&${name}=${raw}`, `${name}=${raw}`)
      await post(`${encode(fields)}&${encode({ [name]: marker })}`, `${name} twice`)
      await post(`${encode(others)}&${name}[]=1&${name}[a][b]=2&${name}.c=3`, `${name} nested`)
    }
    expect(await asker.findings()).toEqual([])
  })
})

describe('every shape of a body', () => {
  beforeAll(open)

  // How a body is read is the same for all routes; on D1 a fifth of them must do.
  it.each(posts.filter((_, n) => runtime === 'node' || n % 5 === 0))('$route', async ({ path, fields = {} }) => {
    const to = h.pathOf(path)
    const post = (what: string, body: BodyInit | undefined, type?: string) =>
      asker.ask({ path: to, init: { method: 'POST', body, headers: type === undefined ? {} : { 'content-type': type } }, what })
    const part = (name: string, value: string, head = '') =>
      `--b\r\nContent-Disposition: form-data; name="${name}"${head}\r\n\r\n${value}\r\n`
    const parts = Object.entries(fields).map(([name, value]) => part(name, value))
    const multipart = 'multipart/form-data; boundary=b'

    await post('nothing', undefined)
    await post('nothing, of a form', '', urlencoded['content-type'])
    await post('JSON', JSON.stringify({ ...fields, nested: { deep: [null, true] } }), 'application/json')
    await post('broken JSON', '{"a":', 'application/json')
    await post('plain text', encode(fields), 'text/plain')
    await post('XML', `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>`, 'text/xml')
    await post('a type that is none', encode(fields), 'x')
    await post('bytes', new Uint8Array([0, 255, 254, 128, 195, 40]), urlencoded['content-type'])
    await post('multipart', [...parts, '--b--\r\n'].join(''), multipart)
    await post('multipart without boundary', [...parts, '--b--\r\n'].join(''), 'multipart/form-data')
    await post('multipart with another boundary', [...parts, '--b--\r\n'].join(''), 'multipart/form-data; boundary=c')
    await post('multipart that is a form', encode(fields), multipart)
    await post('multipart cut off', [...parts, part('last', 'x')].join('').slice(0, -8), multipart)
    await post('multipart without an end', parts.join(''), multipart)
    await post('multipart of nothing', '--b--\r\n', multipart)
    await post('a form that is multipart', [...parts, '--b--\r\n'].join(''), urlencoded['content-type'])
    // How a file is read is the runtime's matter, not the field's.
    for (const name of Object.keys(fields).slice(0, runtime === 'node' ? undefined : 1)) {
      for (const filename of ['a.csv', '', `${marker}.csv`, '../../etc/passwd', 'a\\"b', '\u0000', '🍲.csv', `${'x'.repeat(5000)}.csv`]) {
        const file = part(name, `name,phone\n${marker},12\n`, `; filename="${filename}"`)
        await post(`a file as ${name}`, `${file}--b--\r\n`, multipart)
      }
      const file = part(name, 'name,phone\n', '; filename="a.csv"\r\nSet-Cookie: x-marker=1\r\nContent-Type: text/html')
      await post(`a file with headers as ${name}`, `${file}--b--\r\n`, multipart)
    }
    await post('5,000 fields', Array.from({ length: 5000 }, (_, i) => `f${i}=${i}`).join('&'), urlencoded['content-type'])
    await post(
      '5,000 times the same',
      encode(fields) +
        Object.keys(fields)
          .map((name) => `&${name}=1`.repeat(5000))
          .join(''),
      urlencoded['content-type'],
    )
    await post('a name of 100,000', `${'n'.repeat(100_000)}=1`, urlencoded['content-type'])
    await post('inherited names', '__proto__=1&constructor=1&toString=1&hasOwnProperty=1&__proto__[a]=1', urlencoded['content-type'])
    expect(await asker.findings()).toEqual([])
  })
})

onNode('a body of 1 MB', () => {
  beforeAll(open)

  it.each(posts.filter(({ path, fields }) => fields && !path.endsWith('/import')))(
    '$route',
    async ({ path, access, fields = {}, shownAgain = [] }) => {
      const most = access === 'signed' ? 100_000 : 1024 * 1024
      const [field = 'other'] = shownAgain.length > 0 ? shownAgain : Object.keys(fields).slice(-1)
      const { [field]: _, ...others } = fields
      for (const filling of ['x', '%F0%9F%8D%B2']) {
        const start = `${encode(others)}&${field}=`
        const fill = (length: number) => start + filling.repeat(Math.floor((length - start.length) / filling.length))
        const post = (body: string, what: string) =>
          asker.ask({ path: h.pathOf(path), init: { method: 'POST', body, headers: urlencoded }, what })
        const within = await post(fill(most - 1), `${most - 1} bytes of ${filling}`)
        if (within.status === 413) asker.note(`${path} refuses ${most - 1} bytes`)
        const over = await post(fill(most + 1 + filling.length), `${most + 1} bytes of ${filling}`)
        if (over.status !== 413) asker.note(`${path} answers ${over.status} to more than ${most} bytes`)
      }
      expect(await asker.findings()).toEqual([])
    },
  )
})

describe('every query', () => {
  beforeAll(open)

  it.each(gets)('$route', async ({ path, query = ['other'] }) => {
    const headers = { 'hx-request': 'true' }
    for (const name of query) {
      for (const [what, text] of someTexts(name === 'search')) {
        await asker.ask({ path: `${h.pathOf(path)}?${encode({ [name]: text })}`, what: `${name}: ${what}`, init: { headers } })
      }
      for (const raw of encodings) await asker.ask({ path: `${h.pathOf(path)}?${name}=${raw}`, what: `${name}=${raw}` })
      await asker.ask({ path: `${h.pathOf(path)}?${name}=1&${name}=2&${name}[]=3&${name}[a]=4`, what: `${name} many times` })
    }
    expect(await asker.findings()).toEqual([])
  })
})

describe('every path', () => {
  beforeAll(open)

  it.each(routes.filter(({ path }) => /[:*]/.test(path)))('$route', async ({ method, path }) => {
    for (const [, name = '*'] of path.matchAll(/:(\w+)|\*$/g)) {
      const hard = [
        ...someTexts(false).map(([what, text]) => [what, encodeURIComponent(text.toWellFormed())] as const),
        ...encodings.map((raw) => [raw, raw] as const),
      ]
      for (const [what, value] of [
        ...hard,
        ['another folder', '..%2f..%2fetc%2fpasswd'],
        ['another folder', '%2e%2e/%2e%2e/app.tsx'],
        ['dots', '....//'],
      ] as const) {
        await asker.ask({
          path: h.pathOf(path, (asked) => (asked === name ? value : undefined)),
          what: `${name}: ${what}`,
          init: { method },
        })
      }
    }
    expect(await asker.findings()).toEqual([])
  })

  it('that nobody has', async () => {
    for (const path of [
      '//',
      '/%',
      '/%00',
      '/%ff',
      '/..%2f',
      '/.env',
      '/.git/config',
      `/${'x'.repeat(10_000)}`,
      `/${encodeURIComponent(marker)}`,
      '/community/../users',
      '/community//add',
      '/COMMUNITY',
      '/community/',
      '/static',
      '/static/',
      '/static/test/',
      '/static/old//evil.example',
      '/static/old/%0d%0aSet-Cookie:x-marker=1',
      '/static/old/%5cevil.example',
      '/static/%F0%9F%8D%B2/%F0%9F%8D%B2.css',
      '/static/a%2C%F0%9F%8D%B2/app.css',
    ]) {
      for (const method of ['GET', 'POST']) await asker.ask({ path, what: 'a path', init: { method } })
    }
    expect(await asker.findings()).toEqual([])
  })
})

onNode('headers', () => {
  beforeAll(open)

  const names = [
    'cookie',
    'user-agent',
    'x-forwarded-for',
    'referer',
    'accept',
    'content-type',
    'hx-request',
    'hx-target',
    'sec-fetch-site',
    'x-request-id',
    'content-length',
    'accept-language',
    'if-none-match',
    'range',
  ]
  const values = [
    '',
    '%',
    'x'.repeat(8000),
    'sms_admin_session=%; a=%zz; =; sms_admin_session',
    "'; --",
    marker,
    '1e309',
    '\u00ff\u00fe',
    '::1%eth0, [::], 999.999.999.999',
    'multipart/form-data; boundary="',
    'bytes=-1,0-',
  ]
  it('of every kind', async () => {
    for (const name of names) {
      for (const value of values) {
        for (const path of ['/login', '/community'])
          await asker.ask({ path, what: `${name}: ${value.slice(0, 40)}`, init: { headers: { [name]: value } } })
        const body = encode({ username: 'nobody', password: 'x' })
        await asker.ask({
          path: '/login',
          what: `${name}: ${value.slice(0, 40)}`,
          init: { method: 'POST', body, headers: { ...urlencoded, [name]: value } },
        })
      }
    }
    expect(await asker.findings()).toEqual([])
  })
})

onNode('another origin', () => {
  beforeAll(open)

  const foreign: Record<string, string>[] = [
    ...['https://evil.example', 'null', '', marker].map((origin) => ({ origin })),
    ...['cross-site', marker].map((site) => ({ 'sec-fetch-site': site })),
  ]
  it.each(posts.filter(({ access }) => access !== 'signed'))('$route', async ({ path, fields = {} }) => {
    h.logged.length = 0
    for (const headers of foreign) {
      const init = { method: 'POST', body: encode(fields), headers: { ...urlencoded, ...headers } }
      const { status } = await asker.ask({ path: h.pathOf(path), what: JSON.stringify(headers), init })
      if (status !== 403) asker.note(`${path} answers ${status} to ${JSON.stringify(headers)}`)
    }
    expect(h.logged).toHaveLength(foreign.length)
    expect(await asker.findings()).toEqual([])
  })
})
