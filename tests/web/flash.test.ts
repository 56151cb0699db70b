import { expect, it } from 'vitest'
import { createHarness } from '../support/harness'

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
