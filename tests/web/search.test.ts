import { describe, expect, it } from 'vitest'
import { communityMembers } from '../../src/db/schema'
import { createHarness } from '../support/harness'

describe('a search', () => {
  it.each(['M', 'Ma', 'Mar', '🍲', '🍲🍲', '🍲🍲🍲', 'ñ🍲'])('for %s finds her, and nobody else', async (search) => {
    const h = await createHarness()
    const browser = await h.signIn()
    const at = { createdAt: 1, updatedAt: 1 }
    await h.deps.db.insert(communityMembers).values([
      { name: 'Mariñ🍲🍲🍲', phone: '+13235550142', ...at },
      { name: 'Wei', phone: '+13235550143', ...at },
    ])
    const html = await browser.text(`/community?${new URLSearchParams({ search })}`)
    expect(html).toContain('0142')
    expect(html).not.toContain('0143')
  })
})
