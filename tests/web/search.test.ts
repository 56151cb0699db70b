import { type SQL, sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { communityMembers } from '../../src/db/schema'
import type { Deps } from '../../src/deps'
import { matchesAmong } from '../../src/web/search'
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

describe('an area code that nearly everyone has', () => {
  const columns = { id: sql.raw('m.id'), name: sql.raw('m.name'), phone: sql.raw('m.phone') }
  const planOf = async (deps: Deps, where: SQL) => {
    const rows = await deps.db.all<{ detail: string }>(
      sql`EXPLAIN QUERY PLAN SELECT m.id FROM community_members m WHERE ${where} ORDER BY m.name = '', m.name COLLATE NOCASE, m.phone LIMIT 50`,
    )
    return rows.map(({ detail }) => detail).join('\n')
  }

  it('is a walk in the order of the list, which ends with the page', async () => {
    const { deps } = await createHarness()
    const walk = await planOf(deps, matchesAmong('(323)', 5001, 'community_members_fts', columns))
    expect(walk).toContain('community_members_name')
    expect(walk).not.toMatch(/VIRTUAL TABLE|TEMP B-TREE/)
    for (const few of [
      matchesAmong('323', 5000, 'community_members_fts', columns),
      matchesAmong('jose', 5001, 'community_members_fts', columns),
    ])
      expect(await planOf(deps, few)).toContain('VIRTUAL TABLE')
  })

  it('finds them all, with the names that have those digits, and counts them', async () => {
    const h = await createHarness()
    const browser = await h.signIn()
    await h.deps.db.run(sql`
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5001)
      INSERT INTO community_members (name, phone, created_at, updated_at) SELECT 'Wei ' || i, printf('+1323555%04d', i), 1, 1 FROM n`)
    await h.deps.db.insert(communityMembers).values([
      { name: 'Ana, room 323', phone: '+17205550142', createdAt: 1, updatedAt: 1 },
      { name: 'Ben', phone: '+17205550143', createdAt: 1, updatedAt: 1 },
    ])
    const html = await browser.text('/community?search=323')
    expect(html).toContain('1 to 50 of 5,002')
    expect(html).toContain('Ana, room 323')
    expect(html).not.toContain('Ben')
    expect(await browser.text('/community?search=323&page=101')).toContain('5,001 to 5,002 of 5,002')
  })
})
