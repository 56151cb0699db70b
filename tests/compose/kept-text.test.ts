import { beforeEach, describe, expect, it } from 'vitest'
import { password } from '../support/harness'
import { boxOf, type Fields, type Office, openOffice, wordsOf, written } from './office'

const cookie = 'sms_admin_kept_text'
const long = { ...written, message_body: 'Ten minutes of thought, {first_name|friend}: “soup” 🍲' }
const isBack = 'Your text is back in the box. You had been signed out meanwhile. Nothing was sent.'
const minute = 60_000

let office: Office
beforeEach(async () => {
  office = await openOffice()
  office.clock.now += 31 * minute
})

async function signInAgain(next = '') {
  const [user] = await office.deps.db.query.users.findMany()
  await office.browser.post('/login', { username: user?.username ?? '', password, next })
}
const dashboard = async (query = '') => {
  const html = await office.browser.text(`/dashboard${query}`)
  return { html, box: boxOf(html), told: wordsOf(html).includes(isBack) }
}

describe('a text that comes after its writer’s session has ended', () => {
  it.each(['/dashboard', '/dashboard/review', '/dashboard/edit', '/scheduled/1/edit', '/templates/add'])(
    'is back in the box after sign-in, once: %s',
    async (path) => {
      const answer = await office.browser.post(path, { ...long, review_token: 'x', submission_id: 'submission-1' })
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '/login'])
      expect(wordsOf(await office.browser.text('/login'))).toContain('You were signed out while you wrote. Nothing was sent.')
      await signInAgain()
      expect(await dashboard()).toMatchObject({ box: long.message_body, told: true })
      expect(await dashboard()).toMatchObject({ box: '', told: false })
      expect(await office.blasts()).toEqual([])
    },
  )

  it('is kept by the count in the background, which leads to the door', async () => {
    const init = { method: 'POST', body: new URLSearchParams(long), headers: { 'hx-request': 'true', 'sec-fetch-site': 'same-origin' } }
    const answer = await office.browser.request('/dashboard/preview', init)
    expect([answer.status, answer.headers.get('hx-redirect')]).toEqual([401, '/login'])
    await signInAgain()
    expect(await dashboard()).toMatchObject({ box: long.message_body, told: true })
  })

  it('keeps who gets it and when', async () => {
    const { id } = await office.addEvent('Supper', [{ name: 'Ana', phone: '+13235550101' }])
    const choices = { target: 'event', event_id: String(id), include_unsubscribe: '0', test_mode: '1' }
    await office.browser.post('/dashboard/review', { ...long, ...choices, schedule_later: '1', schedule_date: '2026-12-03' })
    await signInAgain(`/dashboard?event=${id}`)
    const { html } = await dashboard(`?event=${id}`)
    expect(html).toMatch(/name="target" value="event"[^>]* checked/)
    expect(html).toMatch(/name="schedule_later"[^>]* checked/)
    expect(html).toMatch(/name="test_mode"[^>]* checked/)
    expect(html).not.toMatch(/name="include_unsubscribe"[^>]* checked/)
    expect(html).toContain('value="2026-12-03"')
  })

  it('waits while another text is asked for', async () => {
    await office.browser.post('/dashboard/review', long)
    await signInAgain()
    expect((await dashboard('?test=1')).box).toContain('This is a test.')
    expect((await dashboard()).box).toBe(long.message_body)
  })

  it('cannot be read in the browser, and is gone after half an hour', async () => {
    const [kept = ''] = (await office.browser.post('/dashboard/review', long)).headers
      .getSetCookie()
      .filter((each) => each.includes(cookie))
    expect(kept).toMatch(/Max-Age=1800; Path=\/; HttpOnly; SameSite=Lax/)
    expect(decodeURIComponent(kept)).not.toContain('thought')
    office.clock.now += 30 * minute
    await signInAgain()
    expect(await dashboard()).toMatchObject({ box: '', told: false })
  })

  it('is no way to put words into somebody’s box', async () => {
    await signInAgain()
    for (const forged of ['x', '%', btoa('{"until":9e15,"values":{"message_body":"Hi"}}'), btoa('x'.repeat(40))]) {
      office.browser.jar.set(cookie, encodeURIComponent(forged))
      expect(await dashboard()).toMatchObject({ box: '', told: false })
      expect(office.browser.jar.has(cookie)).toBe(false)
    }
  })

  it('is not kept where a browser would not take it, nor where there is none', async () => {
    const others: Fields[] = [{ ...long, message_body: '字'.repeat(1600) }, { name: 'Ana', phone: '3235550101' }, {}]
    for (const fields of others) {
      const answer = await office.browser.post('/dashboard/review', fields)
      expect([answer.status, answer.headers.getSetCookie().some((each) => each.includes(cookie))]).toEqual([303, false])
    }
  })
})
