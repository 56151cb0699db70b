import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { type Audience, countAudience } from '../../src/blasts/audience'
import { createBlast } from '../../src/blasts/blasts'
import { optOut } from '../../src/suppressions/opt-outs'
import { createSending, phoneOf } from '../support/sending'

const everyone: Audience = { target: 'community', eventId: null, testPhone: null }

async function draftFor(h: Awaited<ReturnType<typeof createSending>>, audience = everyone, submissionId = 'one') {
  const { fingerprint } = await countAudience(h.deps.db, audience)
  const excluded = { optedOut: 0, suppressed: 0, duplicates: 0 }
  return { messageBody: 'Hi', audience, includeUnsubscribe: false, submissionId, fingerprint, excluded, createdBy: 'rosa', trail: () => [] }
}

describe('the audience', () => {
  it('counts who is left out by reason; opted out wins over suppressed', async () => {
    const h = await createSending()
    await h.addMembers(10)
    for (const n of [1, 2]) await optOut(h.deps, { phone: phoneOf(n), reason: '', source: 'staff' })
    await optOut(h.deps, { phone: '+13239999999', reason: 'no member', source: 'staff' })
    for (const n of [2, 3, 4]) {
      await h.deps.db.run(
        sql`INSERT INTO suppressed_contacts (phone, category, source, created_at) VALUES (${phoneOf(n)}, 'hard_fail', 'staff', 1)`,
      )
    }
    expect(await countAudience(h.deps.db, everyone)).toMatchObject({ total: 10, optedOut: 2, suppressed: 2, duplicates: 0, people: 6 })
  })

  it.each<[string, (h: Awaited<ReturnType<typeof createSending>>) => Promise<unknown>]>([
    [
      'joins',
      (h) => h.deps.db.run(sql`INSERT INTO community_members (name, phone, created_at, updated_at) VALUES ('New', '+13235559999', 5, 5)`),
    ],
    ['leaves', (h) => h.deps.db.run(sql`DELETE FROM community_members WHERE phone = ${phoneOf(1)}`)],
    ['is renamed', (h) => h.deps.db.run(sql`UPDATE community_members SET name = 'Other', updated_at = 9 WHERE phone = ${phoneOf(1)}`)],
    ['opts out', (h) => optOut(h.deps, { phone: phoneOf(1), reason: '', source: 'inbound' })],
    [
      'is suppressed',
      (h) => h.deps.db.run(sql`INSERT INTO suppressed_contacts (phone, category, source, created_at) VALUES (${phoneOf(1)}, 'x', 'y', 1)`),
    ],
  ])('has another fingerprint when anyone %s, and then nothing is stored', async (_, change) => {
    const h = await createSending()
    await h.addMembers(5)
    const draft = await draftFor(h)
    await change(h)
    expect(await createBlast(h.deps, draft)).toEqual({ kind: 'changed' })
    expect(await h.deps.db.all(sql`SELECT id FROM message_logs UNION ALL SELECT id FROM message_deliveries`)).toEqual([])
  })

  it('of an event is its registrations only', async () => {
    const h = await createSending()
    await h.addMembers(5)
    await h.deps.db.run(sql`INSERT INTO events (id, title, created_at, updated_at) VALUES (1, 'Supper', 1, 1), (2, 'Other', 1, 1)`)
    await h.deps.db.run(sql`
      INSERT INTO event_registrations (event_id, name, phone, created_at, updated_at)
      VALUES (1, 'Guest', '+13235558888', 1, 1), (2, 'Else', '+13235557777', 1, 1)`)
    await h.blast(await draftFor(h, { target: 'event', eventId: 1, testPhone: null }))
    await h.settle()
    expect(h.phones()).toEqual(['+13235558888'])
  })
})

describe('creating a blast', () => {
  it('the same form submitted many times at once is one blast', async () => {
    const h = await createSending()
    await h.addMembers(20)
    const draft = await draftFor(h)
    const results = await Promise.all(Array.from({ length: 5 }, () => createBlast(h.deps, draft)))
    expect(results.map(({ kind }) => kind).toSorted()).toEqual(['already', 'already', 'already', 'already', 'created'])
    expect(new Set(results.map((result) => (result.kind === 'changed' ? null : result.id))).size).toBe(1)
    await h.settle()
    expect(h.twilio.messages).toHaveLength(20)
  })

  it('leaves opted-out people out of the snapshot and keeps the order of names', async () => {
    const h = await createSending()
    await h.addMembers(4)
    await h.deps.db.run(sql`UPDATE community_members SET name = 'Aaron', updated_at = 7 WHERE phone = ${phoneOf(3)}`)
    await optOut(h.deps, { phone: phoneOf(1), reason: '', source: 'staff' })
    const id = await h.blast()
    expect((await h.rows(id)).map(({ phone }) => phone)).toEqual([3, 0, 2].map(phoneOf))
    expect((await h.log(id)).totalRecipients).toBe(3)
  })

  it('with nobody to text stores nothing', async () => {
    const h = await createSending()
    expect(await createBlast(h.deps, await draftFor(h))).toEqual({ kind: 'changed' })
    expect(await h.deps.db.all(sql`SELECT id FROM message_logs`)).toEqual([])
  })
})
