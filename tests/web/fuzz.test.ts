import { expect, it } from 'vitest'
import { runtime } from '#host'
import { type SeededRandom, seededRandom } from '../support/seeded-random'
import { createAsker, encode, routes } from './hostile-asking'
import { marker, secret, texts, wronglyEncoded } from './hostile-values'
import { openPopulated } from './populated'

/** Another one by `FUZZ_SEED=7 FUZZ_REQUESTS=20000`, to look further than every run does. */
const seed = Number(process.env.FUZZ_SEED ?? 1)
const requests = Number(process.env.FUZZ_REQUESTS ?? (runtime === 'node' ? 2000 : 300))

const shortTexts = Object.values(texts).filter((text) => text.length < 5000)
const crumbs = [
  '{',
  '}',
  '<',
  '>',
  '"',
  "'",
  '&',
  '%',
  '_',
  '\\',
  '/',
  '\0',
  '\r\n',
  '\u202e',
  '🍲',
  '\ud83d',
  '0',
  '9',
  '+1',
  '-',
  '.',
  ',',
  ';',
  '=',
  '*',
  ' ',
  'a',
  'é',
  '{first_name}',
  marker,
  secret,
]
const types = [
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=b',
  'multipart/form-data',
  'application/json',
  'text/plain',
  '',
]
const names = [
  ...new Set(routes.flatMap(({ fields = {}, query = [] }) => [...Object.keys(fields), ...query])),
  '__proto__',
  'constructor',
  '',
]

/** Everything that one request is made of, drawn anew. */
function draw({ below, next }: SeededRandom) {
  const oneOf = <T>(items: readonly T[]): T => items[below(items.length)] as T
  const text = () => {
    if (next() < 0.4) return oneOf(shortTexts).toWellFormed()
    if (next() < 0.2) return String(below(6))
    return Array.from({ length: below(12) }, () => oneOf(crumbs))
      .join('')
      .toWellFormed()
  }
  const route = oneOf(routes)
  const inPath = () => (next() < 0.8 ? undefined : next() < 0.3 ? oneOf(wronglyEncoded) : encodeURIComponent(text()))
  const fields: Record<string, string> = { ...route.fields }
  for (const name of Object.keys(fields)) if (next() < 0.5) fields[name] = text()
  for (let more = below(3); more > 0; more--) fields[oneOf(names)] = text()
  for (const name of Object.keys(fields)) if (next() < 0.1) delete fields[name]
  const query = Array.from(
    { length: below(4) },
    () =>
      `${encodeURIComponent(oneOf(next() < 0.7 && route.query ? route.query : names))}=${next() < 0.2 ? oneOf(wronglyEncoded) : encodeURIComponent(text())}`,
  ).join('&')
  const type = next() < 0.7 ? oneOf(types.slice(0, 2)) : oneOf(types)
  const multipart = `${Object.entries(fields)
    .map(
      ([name, value]) =>
        `--b\r\nContent-Disposition: form-data; name="${name}"${next() < 0.2 ? `; filename="${text()}"` : ''}\r\n\r\n${value}\r\n`,
    )
    .join('')}--b--\r\n`
  const whole = type.startsWith('multipart') ? multipart : encode(fields)
  const body = next() < 0.1 ? whole.slice(0, below(whole.length + 1)) : whole
  const headers: Record<string, string> = type === '' ? {} : { 'content-type': type }
  if (next() < 0.2) headers['hx-request'] = 'true'
  const hasBody = route.method !== 'GET'
  return { ...route, inPath, query, init: { method: route.method, headers, ...(hasBody ? { body } : {}) } }
}

it(`${requests} requests drawn by seed ${seed}`, async () => {
  const h = await openPopulated({ TWILIO_VALIDATE_SIGNATURE: '0' })
  const asker = await createAsker(h)
  const random = seededRandom(seed)
  for (let number = 0; number < requests; number++) {
    const { path, inPath, query, init } = draw(random)
    const filled = h.pathOf(path, inPath)
    await asker.ask({
      path: query === '' ? filled : `${filled}?${query}`,
      init,
      what: `number ${number} of seed ${seed}, ${String(init.body ?? '').slice(0, 500)}`,
    })
  }
  expect(await asker.findings()).toEqual([])
}, 120_000)
