import { describe, expect, it } from 'vitest'
import { createHarness, origin } from '../support/harness'

const csp =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

describe('every answer', () => {
  it('carries the policy, pages are kept by no cache', async () => {
    const h = await createHarness()
    const browser = await h.signIn()
    for (const path of ['/login', '/community', '/nowhere', '/health']) {
      const answer = await browser.get(path)
      expect(answer.headers.get('content-security-policy')).toBe(csp)
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      expect(answer.headers.get('x-frame-options')).toBe('DENY')
      expect(answer.headers.get('referrer-policy')).toBe('same-origin')
      expect(answer.headers.get('cache-control')).toBe('no-store')
    }
  })

  it('has no inline script or style', async () => {
    const h = await createHarness()
    const browser = await h.signIn()
    for (const path of ['/login', '/dashboard', '/community', '/community/add', '/logs', '/nowhere']) {
      const html = await browser.text(path)
      expect(html).not.toMatch(/<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)/)
    }
  })
})

describe('a change of state', () => {
  const post = (
    h: Awaited<ReturnType<typeof createHarness>>,
    headers: Record<string, string>,
    type = 'application/x-www-form-urlencoded',
  ) => h.app.request(`${origin}/login`, { method: 'POST', body: 'username=a&password=b', headers: { 'content-type': type, ...headers } })

  it.each<[string, Record<string, string>]>([
    ['another origin', { origin: 'https://evil.example' }],
    ['another port', { origin: 'http://127.0.0.1:9999' }],
    ['a port that begins like ours', { origin: 'http://127.0.0.1:87870' }],
    ['an opaque origin', { origin: 'null' }],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a neighbouring site', { 'sec-fetch-site': 'same-site', origin }],
  ])('from %s is refused, whatever its type', async (_, headers) => {
    const h = await createHarness()
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'application/json'])
      expect((await post(h, headers, type)).status).toBe(403)
  })

  it('from another origin is told on a page of ours, with what the log knows it by', async () => {
    const h = await createHarness()
    const html = await (await post(h, { origin: 'https://evil.example' })).text()
    expect(html).toContain('That came from another site')
    const [line] = h.logged.filter(({ event }) => event === 'request from another origin refused')
    expect(html).toContain(`<span class="raw">${line?.fields.requestId}</span>`)
  })

  it.each<[string, Record<string, string>]>([
    ['our own pages', { 'sec-fetch-site': 'same-origin', origin }],
    ['our own pages, an older browser', { origin }],
    ['no browser at all', {}],
  ])('from %s is heard', async (_, headers) => {
    const h = await createHarness()
    expect((await post(h, headers)).status).toBe(422)
  })
})

describe('hosts', () => {
  it('in production only those named are served; health checks always', async () => {
    const settings = {
      APP_ENV: 'production',
      PUBLIC_URL: 'https://sms.example.org',
      TRUSTED_HOSTS: 'backup.example.org',
      SMS_PROVIDER: 'simulator',
    }
    const h = await createHarness(settings)
    const ask = async (host: string, path = '/login') => (await h.app.request(`https://${host}${path}`, { headers: { host } })).status
    expect(await ask('sms.example.org')).toBe(200)
    expect(await ask('backup.example.org')).toBe(200)
    for (const host of ['evil.example', 'localhost', '127.0.0.1', 'sms.example.org.evil.example']) expect(await ask(host)).toBe(421)
    expect(await ask('10.0.0.7', '/health')).toBe(200)
  })

  it('one that is not ours is told so on a page that looks like ours', async () => {
    const h = await createHarness({ APP_ENV: 'production', PUBLIC_URL: 'https://sms.example.org', SMS_PROVIDER: 'simulator' })
    const headers = { host: 'evil.example' }
    const answer = await h.app.request('https://evil.example/dashboard', { headers })
    const html = await answer.text()
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(html).toContain('This address is not ours')
    expect(html).toMatch(/<span class="raw">[0-9a-f-]{9}<\/span>/)
    const [, sheet = ''] = /href="([^"]+\.css)"/.exec(html) ?? []
    expect(sheet).not.toBe('')
    expect((await h.app.request(`https://evil.example${sheet}`, { headers })).status).not.toBe(421)
  })

  it('in production cookies are Secure, and this host’s alone', async () => {
    const h = await createHarness({ APP_ENV: 'production', PUBLIC_URL: 'https://sms.example.org', SMS_PROVIDER: 'simulator' })
    await h.addUser('rosa', 'admin')
    const body = new URLSearchParams({ username: 'rosa', password: 'Correct-Horse-9' })
    const headers = { host: 'sms.example.org', origin: 'https://sms.example.org' }
    const answer = await h.app.request('https://sms.example.org/login', { method: 'POST', body, headers })
    const cookies = answer.headers.getSetCookie()
    expect(cookies.map((cookie) => cookie.split('=')[0]).sort()).toEqual(['__Host-sms_admin_device', '__Host-sms_admin_session'])
    for (const cookie of cookies) expect(cookie).toMatch(/; Path=\/; .*Secure/)
    const cookie = cookies.map((each) => each.split(';')[0]).join('; ')
    expect((await h.app.request('https://sms.example.org/community', { headers: { ...headers, cookie } })).status).toBe(200)
    expect(answer.headers.get('strict-transport-security')).toMatch(/max-age=31536000/)
  })
})

describe('problems', () => {
  it('404 and 500 are pages with a next step and a request id, and tell nothing of the fault', async () => {
    const h = await createHarness()
    const browser = await h.signIn()
    const missing = await browser.get('/nowhere')
    expect(missing.status).toBe(404)
    expect(missing.headers.get('content-type')).toMatch(/text\/html/)
    await h.d1.prepare('ALTER TABLE community_members RENAME TO gone').run()
    const broken = await browser.get('/community')
    await h.d1.prepare('ALTER TABLE gone RENAME TO community_members').run()
    expect(broken.status).toBe(500)
    const page = await broken.text()
    expect(page).toContain('it is our fault')
    expect(page).not.toMatch(/community_members|SELECT|Error:|\bat \w+ \(/)
    const [line] = h.logged.filter(({ event }) => event === 'request failed')
    expect(page).toContain(String(line?.fields.requestId))
  })

  it('only a fault of ours is one for whoever runs the server', async () => {
    const h = await createHarness()
    const browser = await h.signIn('social_manager')
    const unread = async (path: string) => {
      const answer = await browser.get(path)
      return { status: answer.status, page: await answer.text() }
    }
    const refused = await unread('/users')
    expect(refused.status).toBe(403)
    expect(refused.page).not.toContain('whoever runs the server')
    expect(refused.page).toMatch(/Request\s+<span class="raw">[\w-]+<\/span>/)
    await h.d1.prepare('ALTER TABLE community_members RENAME TO gone').run()
    const broken = await unread('/community')
    await h.d1.prepare('ALTER TABLE gone RENAME TO community_members').run()
    expect(broken.page).toContain('If it happens again, give this to whoever runs the server:')
  })

  it('a fault in the log holds no name and no phone', async () => {
    const h = await createHarness()
    const browser = await h.signIn()
    await h.d1.prepare('ALTER TABLE unsubscribed_contacts RENAME TO gone').run()
    const answer = await browser.post('/community/add', { name: 'Maria Alvarez', phone: '3235550142' })
    await h.d1.prepare('ALTER TABLE gone RENAME TO unsubscribed_contacts').run()
    expect(answer.status).toBe(500)
    const log = JSON.stringify(h.logged)
    expect(log).toContain('request failed')
    expect(log).not.toMatch(/Maria|5550142/)
  })

  it('a body that is too large is 413 before it is read', async () => {
    const h = await createHarness()
    const browser = await h.signIn()
    const answer = await browser.post('/community/add', { name: 'x'.repeat(1024 * 1024 + 1), phone: '3235550142' })
    expect(answer.status).toBe(413)
  })
})

describe('health', () => {
  it('is OK only while the database answers', async () => {
    const h = await createHarness()
    const healthy = await h.app.request(`${origin}/health`)
    expect([healthy.status, await healthy.text()]).toEqual([200, 'OK'])
    await h.d1.prepare('ALTER TABLE users RENAME TO gone').run()
    const sick = await h.app.request(`${origin}/health`)
    await h.d1.prepare('ALTER TABLE gone RENAME TO users').run()
    expect(sick.status).toBe(500)
  })
})
