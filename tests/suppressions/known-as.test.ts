import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { createHarness, type Harness } from '../support/harness'

const phone = '+13235550142'
const other = '+13235550143'

const known = async ({ deps }: Harness) =>
  deps.db.all<{ o: string; s: string }>(sql`
    SELECT o.known_as AS o, s.known_as AS s FROM unsubscribed_contacts o JOIN suppressed_contacts s ON s.phone = o.phone ORDER BY o.phone`)
const found = async ({ deps }: Harness, text: string) =>
  (
    await deps.db.all(sql`SELECT 1 FROM unsubscribed_contacts_fts WHERE unsubscribed_contacts_fts MATCH ${text}
      UNION ALL SELECT 1 FROM suppressed_contacts_fts WHERE suppressed_contacts_fts MATCH ${text}`)
  ).length

async function blocked(name = '') {
  const h = await createHarness()
  const run = (statement: string) => h.d1.prepare(statement).run()
  await run(`INSERT INTO events (id, title, created_at, updated_at) VALUES (1, 'Supper', 1, 1), (2, 'Dance', 1, 1)`)
  await run(`INSERT INTO unsubscribed_contacts (phone, name, source, created_at) VALUES ('${phone}', '${name}', 'staff', 1)`)
  await run(
    `INSERT INTO suppressed_contacts (phone, name, category, source, created_at) VALUES ('${phone}', '${name}', 'hard_fail', 'message_failure', 1)`,
  )
  return { ...h, run }
}

describe('the name of a block', () => {
  it('is its own where it has one', async () => {
    const h = await blocked('Maria')
    await h.run(`INSERT INTO community_members (name, phone, created_at, updated_at) VALUES ('Mary', '${phone}', 1, 1)`)
    expect(await known(h)).toEqual([{ o: 'Maria', s: 'Maria' }])
    expect([await found(h, 'Maria'), await found(h, 'Mary')]).toEqual([2, 0])
  })

  it('falls back to the member, then to the newest guest, whatever happens to them', async () => {
    const h = await blocked()
    expect(await known(h)).toEqual([{ o: '', s: '' }])
    await h.run(`INSERT INTO event_registrations (event_id, name, phone, created_at, updated_at)
      VALUES (1, 'Old guest', '${phone}', 1, 1), (2, 'New guest', '${phone}', 1, 1)`)
    expect(await known(h)).toEqual([{ o: 'New guest', s: 'New guest' }])
    await h.run(`INSERT INTO community_members (name, phone, created_at, updated_at) VALUES ('Mary', '${phone}', 1, 1)`)
    expect(await known(h)).toEqual([{ o: 'Mary', s: 'Mary' }])
    await h.run(`UPDATE community_members SET name = 'Marigold'`)
    expect([await found(h, 'Marigold'), await found(h, 'Mary'), await found(h, 'guest')]).toEqual([2, 0, 0])
    await h.run(`UPDATE community_members SET phone = '${other}'`)
    expect(await known(h)).toEqual([{ o: 'New guest', s: 'New guest' }])
    await h.run(`DELETE FROM events WHERE id = 2`)
    expect(await known(h)).toEqual([{ o: 'Old guest', s: 'Old guest' }])
    await h.run('DELETE FROM event_registrations')
    expect(await known(h)).toEqual([{ o: '', s: '' }])
    expect(await found(h, 'guest')).toBe(0)
  })

  it('is taken from whoever is there when it is stored', async () => {
    const h = await createHarness()
    await h.d1.prepare(`INSERT INTO community_members (name, phone, created_at, updated_at) VALUES ('Mary', '${phone}', 1, 1)`).run()
    await h.d1.prepare(`INSERT INTO unsubscribed_contacts (phone, source, created_at) VALUES ('${phone}', 'inbound', 1)`).run()
    expect(await found(h, 'Mary')).toBe(1)
    await h.d1.prepare('DELETE FROM unsubscribed_contacts').run()
    expect(await found(h, 'Mary')).toBe(0)
  })

  it('leaves no trace in the index', async () => {
    const h = await blocked()
    await h.run(`INSERT INTO community_members (name, phone, created_at, updated_at) VALUES ('Mary', '${phone}', 1, 1)`)
    await h.run(`UPDATE unsubscribed_contacts SET name = 'Maria'`)
    await h.run('DELETE FROM community_members')
    for (const table of ['unsubscribed_contacts', 'suppressed_contacts', 'event_registrations']) {
      await h.run(`INSERT INTO ${table}_fts(${table}_fts, rank) VALUES ('integrity-check', 1)`)
    }
  })
})
