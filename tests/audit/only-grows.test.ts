import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { pruneAudit, recordAudit } from '../../src/audit/audit'
import { runCron } from '../../src/jobs'
import { createHarness, type Harness } from '../support/harness'

const day = 86_400_000

const record = (h: Harness, subject: string) =>
  recordAudit(h.deps, { type: 'blast_sent', by: { id: 1, username: 'rosa' }, address: '192.0.2.1', subject })

const subjects = async ({ d1 }: Harness) =>
  (await d1.prepare('SELECT subject FROM audit_events ORDER BY id').all<{ subject: string }>()).results.map(({ subject }) => subject)

const addOld = (h: Harness, count: number) =>
  h.deps.db.run(sql`
    INSERT INTO audit_events (event_type, outcome, subject, created_at)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count}) SELECT 'logout', 'success', 'old', i FROM n`)

describe('an audit event', () => {
  it.each([
    "UPDATE audit_events SET subject = 'x'",
    "UPDATE audit_events SET username = 'x' WHERE event_type = 'blast_sent'",
    "INSERT INTO audit_events (id, event_type, outcome, created_at) VALUES (1, 'x', 'success', 0) ON CONFLICT (id) DO UPDATE SET subject = 'x'",
  ])('is never changed: %s', async (statement) => {
    const h = await createHarness()
    await record(h, 'blast 1')
    await expect(h.d1.prepare(statement).run()).rejects.toThrow('audit events are never')
    expect(await subjects(h)).toEqual(['blast 1'])
  })

  it('is never replaced by another of its number', async () => {
    const h = await createHarness()
    await record(h, 'blast 1')
    const replace = "INSERT OR REPLACE INTO audit_events (id, event_type, outcome, subject, created_at) VALUES (1, 'x', 'success', 'x', 0)"
    await expect(h.d1.prepare(replace).run()).rejects.toThrow('audit events are never replaced')
    expect(await subjects(h)).toEqual(['blast 1'])
  })

  it.each(['DELETE FROM audit_events', 'DELETE FROM audit_events WHERE created_at < 10', 'DELETE FROM audit_events WHERE id = 1'])(
    'is never deleted before the prune has said that its time is over: %s',
    async (statement) => {
      const h = await createHarness()
      await addOld(h, 3)
      await record(h, 'blast 1')
      await expect(h.d1.prepare(statement).run()).rejects.toThrow('kept until their retention is over')
      expect(await subjects(h)).toEqual(['old', 'old', 'old', 'blast 1'])
    },
  )

  it('is kept for its retention, counted in whole days, and goes after it', async () => {
    const h = await createHarness({ AUTH_EVENT_RETENTION_DAYS: '2' })
    h.clock.now = Date.parse('2026-11-01T23:59:59.999Z')
    await record(h, 'blast 1')
    h.clock.now = Date.parse('2026-11-02T00:00:00Z')
    await record(h, 'blast 2')
    h.clock.now = Date.parse('2026-11-03T23:59:59.999Z')
    await runCron(h.deps)
    expect(await subjects(h)).toEqual(['blast 1', 'blast 2'])
    h.clock.now = Date.parse('2026-11-04T00:00:00Z')
    await runCron(h.deps)
    expect(await subjects(h)).toEqual(['blast 2'])
    expect(h.logged.filter(({ event }) => event === 'recurring job failed')).toEqual([])
    await expect(h.d1.prepare('DELETE FROM audit_events').run()).rejects.toThrow('kept until their retention is over')
  })

  it('stays, where the setting is made longer after a prune', async () => {
    const h = await createHarness({ AUTH_EVENT_RETENTION_DAYS: '1' })
    await record(h, 'blast 1')
    h.clock.now += 3 * day
    await record(h, 'blast 2')
    await pruneAudit(h.deps)
    h.deps.config.auth.eventRetentionMs = 100 * day
    h.clock.now += 50 * day
    await pruneAudit(h.deps)
    expect(await subjects(h)).toEqual(['blast 2'])
  })

  it('goes with many others in several passes', async () => {
    const h = await createHarness()
    await addOld(h, 5003)
    await record(h, 'blast 1')
    await pruneAudit(h.deps)
    expect(await subjects(h)).toEqual(['old', 'old', 'old', 'blast 1'])
    await pruneAudit(h.deps)
    expect(await subjects(h)).toEqual(['blast 1'])
  })
})

it('a pass of the prune that finds nothing writes nothing', async () => {
  const h = await createHarness()
  await record(h, 'blast 1')
  await pruneAudit(h.deps)
  expect(await h.d1.prepare('SELECT count(*) AS n FROM audit_retention').first('n')).toBe(0)
})
