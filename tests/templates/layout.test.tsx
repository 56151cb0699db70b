import { describe, expect, test } from 'vitest'
import { allPlaces, Layout, type LayoutProps } from '../../templates/layout'
import { attributes, html } from './markup'

const every = allPlaces.map((place) => place.key)

function page(change: Partial<LayoutProps> = {}): string {
  return html(
    <Layout
      title="Members"
      current="community"
      user={{ username: 'Rosa <b>', role: 'admin' }}
      simulated
      assetVersion="abc123"
      available={every}
      {...change}
    >
      <h1>Members</h1>
    </Layout>,
  )
}

const part = (markup: string, label: string): string => markup.split(`aria-label="${label}"`)[1]?.split('</nav>')[0] ?? ''
const bar = (markup: string): string => part(markup, 'Main, short').split('<details>')[0] ?? ''

test('is a whole document with its own assets only', () => {
  const markup = page()
  expect(markup.startsWith('<!doctype html><html lang="en">')).toBe(true)
  expect(markup).toContain('<title>Members · SMS Admin</title>')
  const assets = [...attributes(markup, 'src'), ...attributes(markup.split('</head>')[0] ?? '', 'href')]
  expect(assets).toEqual([
    '/static/abc123/vendor/htmx.min.js',
    '/static/abc123/app.js',
    '/static/abc123/mark.svg',
    '/static/abc123/app.css',
  ])
})

test('htmx is told to bring no style of its own and to swap no error page in', () => {
  const content = /name="htmx-config" content="([^"]*)"/.exec(page())?.[1] ?? ''
  const config = JSON.parse(content.replaceAll('&quot;', '"'))
  expect(config.includeIndicatorCSS).toBe(false)
  expect(config.noSwap).toEqual(expect.arrayContaining(['4xx', '5xx']))
})

test('the skip link leads to the page', () => {
  expect(page()).toMatch(/<a class="skip" href="#main">/)
  expect(page()).toMatch(/<main class="main" id="main" tabindex="-1">/)
})

describe('places', () => {
  test('only those that are switched on', () => {
    const links = attributes(part(page({ available: ['dashboard', 'community'] }), 'Main'), 'href')
    expect(links).toEqual(['/dashboard', '/dashboard', '/community', '/account/password', '/account/second-factor'])
  })

  test('admins see what others do not', () => {
    const links = attributes(page({ user: { username: 'sam', role: 'social_manager' } }), 'href')
    for (const href of ['/unsubscribed', '/users', '/security/events']) {
      expect(attributes(page(), 'href')).toContain(href)
      expect(links).not.toContain(href)
    }
  })

  test('the pretend phones only while simulated', () => {
    expect(page()).toContain('nothing leaves this machine')
    const real = page({ simulated: false })
    expect(real).not.toContain('/simulator')
    expect(real).not.toContain('nothing leaves this machine')
  })

  test('this one is marked, once in each bar', () => {
    expect(page().match(/href="\/community" aria-current="page"/g)).toHaveLength(2)
    expect(attributes(page(), 'aria-current')).toHaveLength(2)
  })

  test('by the thumb: Write, Blasts, Scheduled, Members, else Members third', () => {
    expect(attributes(bar(page()), 'href')).toEqual(['/dashboard', '/logs', '/scheduled', '/community'])
    expect(attributes(bar(page({ available: ['community', 'logs', 'dashboard'] })), 'href')).toEqual(['/dashboard', '/logs', '/community'])
  })

  test('More is marked when the place is under it', () => {
    expect(page({ current: 'users' })).toContain('<summary aria-current="true">')
  })
})

test('signing out is a POST, from both bars', () => {
  expect(page().match(/action="\/logout" method="post"/g)).toHaveLength(2)
})

test('a blast under way shows beside Blasts', () => {
  expect(page()).not.toContain('live-dot')
  expect(page({ sending: true })).toMatch(/href="\/logs".*live-dot/)
})

test('a flash is read out, above the page, with its way back', () => {
  const markup = page({
    flash: [
      { kind: 'ok', fact: '386 rows imported.', text: '6 were left out.', act: { href: '/imports/1/undo', label: 'Undo', post: true } },
    ],
  })
  expect(markup).toMatch(/class="note note-ok flash" role="status"/)
  expect(markup).toContain('<form method="post" action="/imports/1/undo">')
  expect(markup.indexOf('386 rows')).toBeLessThan(markup.indexOf('<h1>'))
})

test('a name is text', () => {
  expect(page()).toContain('Rosa &lt;b&gt;')
})
