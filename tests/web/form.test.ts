import { expect, it } from 'vitest'
import { createHarness, origin } from '../support/harness'

it('a form that breaks off is 400 and changes nothing, whatever it was for', async () => {
  const h = await createHarness()
  const browser = await h.signIn()
  const body = '--b\r\nContent-Disposition: form-data; name="phone"\r\n\r\n3235550142'
  const headers = { origin, 'content-type': 'multipart/form-data; boundary=b' }
  for (const path of ['/community/add', '/community/import', '/community/bulk-delete', '/dashboard']) {
    const answer = await browser.request(path, { method: 'POST', body, headers })
    expect([path, answer.status]).toEqual([path, 400])
    expect(await answer.text()).toContain('Nothing was changed')
  }
  expect(await h.deps.db.query.communityMembers.findMany()).toEqual([])
})
