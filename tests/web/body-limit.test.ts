import { describe, expect, it } from 'vitest'
import { createHarness, origin } from '../support/harness'

const mb = 1024 * 1024

/** A body that says how long it is, and knows how much of it was read. */
function sending(megabytes: number) {
  const sent = { bytes: 0, ended: false }
  const part = new Uint8Array(mb)
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent.bytes === megabytes * mb) {
        sent.ended = true
        return controller.close()
      }
      controller.enqueue(part)
      sent.bytes += mb
    },
  })
  const headers = { origin, 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(megabytes * mb) }
  return { sent, init: { method: 'POST', body, headers, duplex: 'half' } as RequestInit }
}

describe('who is still sending is heard out before the answer', () => {
  it('when it is too much', async () => {
    const h = await createHarness()
    const browser = await h.signIn()
    for (const path of ['/community/add', '/community/import', '/login']) {
      const { sent, init } = sending(50)
      const answer = await browser.request(path, init)
      expect([path, answer.status, sent.ended]).toEqual([path, 413, true])
      const page = await answer.text()
      expect(page).toContain('A file can have 20 MB, a form 1 MB')
      // Whoever is signed in stays among their own pages.
      expect(page).toContain('href="/community"')
    }
  })

  it('when nobody is signed in, when the role is wrong, and when it comes from elsewhere', async () => {
    const h = await createHarness()
    const staff = await h.signIn('social_manager')
    const nobody = sending(10)
    expect((await h.createBrowser().request('/community/import', nobody.init)).status).toBe(303)
    const wrongRole = sending(10)
    expect((await staff.request('/community/import', wrongRole.init)).status).toBe(403)
    const elsewhere = sending(10)
    elsewhere.init.headers = { ...elsewhere.init.headers, origin: 'https://evil.example' }
    expect((await staff.request('/community/import', elsewhere.init)).status).toBe(403)
    expect([nobody, wrongRole, elsewhere].map(({ sent }) => sent.ended)).toEqual([true, true, true])
  })

  it('but not for ever', async () => {
    const h = await createHarness()
    const { sent, init } = sending(1000)
    expect((await h.createBrowser().request('/login', init)).status).toBe(413)
    expect(sent.bytes).toBeLessThan(110 * mb)
  })
})

it('a body of unknown length is stopped at the limit', async () => {
  const h = await createHarness()
  const browser = await h.signIn()
  const { sent, init } = sending(50)
  init.headers = { origin, 'content-type': 'application/x-www-form-urlencoded' }
  expect((await browser.request('/community/add', init)).status).toBe(413)
  expect(sent.bytes).toBeLessThan(5 * mb)
})
