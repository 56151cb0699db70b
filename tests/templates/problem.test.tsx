import { expect, test } from 'vitest'
import { LoginPage } from '../../templates/login/page'
import { ProblemPage } from '../../templates/problem/page'
import { attributes, html } from './markup'

const common = { requestId: '7f3a-9c21', assetVersion: 'v', simulated: false }
const frame = { user: { username: 'rosa', role: 'admin' as const }, available: ['dashboard' as const] }

test.each([403, 404, 409, 413, 421, 500, 502, 418])('%i says what happened, once, with a next step and the request', (status) => {
  for (const markup of [
    html(<ProblemPage status={status} {...common} />),
    html(<ProblemPage status={status} {...common} frame={frame} />),
  ]) {
    expect(markup.match(/<h1>/g)).toHaveLength(1)
    expect(markup).toContain('7f3a-9c21')
    // Under a wrong name every link of ours is wrong too: there the words alone are the next step.
    if (status === 421) expect(markup).not.toContain('btn btn-go')
    else expect(markup).toMatch(/class="btn btn-go" href="\/(login|dashboard)"/)
    expect(markup).not.toMatch(/sorry|oops|!</i)
  }
})

test('each status has words of its own', () => {
  const titles = [403, 404, 409, 413, 421, 500].map((status) => /<h1>([^<]*)/.exec(html(<ProblemPage status={status} {...common} />))?.[1])
  expect(new Set(titles).size).toBe(6)
})

test('better words take the place of the status’s own', () => {
  const words = { title: 'Only admins can export members', act: { href: '/community', label: 'Back to members' } }
  const markup = html(<ProblemPage status={403} {...common} frame={frame} words={words} />)
  expect(markup).toContain('<h1>Only admins can export members</h1>')
  expect(markup).toContain('href="/community"')
})

test('without a user there is no way into the app on the page', () => {
  const markup = html(<ProblemPage status={404} {...common} />)
  expect(attributes(markup, 'href').filter((href) => !href.startsWith('/static'))).toEqual(['#main', '/login', '/login'])
})

const login = { next: '/logs?page=2', assetVersion: 'v', simulated: true, rememberDays: 7 }

test('a refused sign-in says why, keeps the name, forgets the password', () => {
  const form = { values: { username: 'ro"sa', password: 'secret words', remember: '1' }, faults: {} }
  const markup = html(<LoginPage form={form} {...login} refusal={{ fact: 'That is not right.', text: 'Check both.' }} />)
  expect(markup).toContain('role="alert"')
  expect(attributes(markup, 'value')).toEqual(['ro&quot;sa', '1', '/logs?page=2'])
  expect(markup).not.toContain('secret words')
  expect(markup).toContain('nothing leaves this machine')
})

test('the wall is the same at every visit, its last gate open', () => {
  const draw = () => html(<LoginPage form={{ values: {}, faults: {} }} {...login} />)
  expect(draw()).toBe(draw())
  const strokes = (name: string) => new RegExp(`class="${name}" d="([^"]*)"`).exec(draw())?.[1]?.match(/M/g)?.length
  expect(strokes('wall-slash')).toBe(38)
  expect(strokes('wall-bar')).toBe(38 * 4 + 3)
})
