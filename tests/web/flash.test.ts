import { expect, it } from 'vitest'
import { createHarness, origin } from '../support/harness'

const said = 'Maria was added.'

it('is told once, on the next whole page, however many parts of pages are asked for before', async () => {
  const h = await createHarness()
  const browser = await h.signIn()
  expect((await browser.post('/community/add', { name: 'Maria', phone: '3235550142' })).status).toBe(303)
  const part = await browser.request('/community', { headers: { 'hx-request': 'true' } })
  expect(await part.text()).not.toContain(said)
  expect(await browser.text('/community')).toContain(said)
  expect(await browser.text('/community')).not.toContain(said)
})

it('is told on the list as it was left, if the act came from there', async () => {
  const h = await createHarness()
  const browser = await h.signIn()
  await browser.post('/community/add', { name: 'Maria', phone: '3235550142' })
  const optOutFrom = async (referer: string) =>
    (await browser.request('/community/1/unsubscribe', { method: 'POST', headers: { origin, referer } })).headers.get('location')
  expect(await optOutFrom(`${origin}/community?search=mar%C3%ADa&page=2`)).toBe('/community?search=mar%C3%ADa&page=2')
  for (const elsewhere of [
    '',
    'x',
    `${origin}/community/1/edit?search=x`,
    `${origin}/community`,
    `${origin}//evil.example/community?search=x`,
  ])
    expect(await optOutFrom(elsewhere)).toBe('/community')
})
