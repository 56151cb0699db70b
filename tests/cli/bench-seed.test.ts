import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { cachedCounts } from '../../src/blasts/counts'
import { sumUp } from '../../src/blasts/results'
import { seed } from '../../src/cli/bench/seed'
import { openDatabase } from '../../src/db/database'
import { D1OnBetterSqlite3 } from '../../src/platform/d1-on-better-sqlite3'

it('builds exactly the sizes asked for, with every result and its counts', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-seed-'))
  const path = join(folder, 'seed.sqlite')
  const sizes = { members: 2500, blasts: 7, deliveries: 9001, largest: 2000, optOuts: 40 }
  const largest = await seed(path, sizes, Date.parse('2026-11-22T17:00:00Z'))
  const file = new D1OnBetterSqlite3(path)
  const db = openDatabase(file as unknown as D1Database)

  const [made] = await db.all(sql`
    SELECT (SELECT count(*) FROM community_members) AS members, (SELECT count(*) FROM message_logs) AS blasts,
      (SELECT count(*) FROM message_deliveries) AS deliveries, (SELECT count(*) FROM message_deliveries WHERE log_id = ${largest}) AS largest,
      (SELECT count(*) FROM unsubscribed_contacts) AS "optOuts"`)
  expect(made).toEqual(sizes)
  const statuses = await db.all<{ status: string }>(sql`SELECT DISTINCT status FROM message_deliveries ORDER BY status`)
  expect(statuses.map(({ status }) => status)).toEqual(['delivered', 'failed', 'sent', 'skipped', 'undelivered', 'unknown'])
  const logs = await db.query.messageLogs.findMany()
  expect(logs.map((log) => [log.countsStale, sumUp(cachedCounts(log)).planned])).toEqual(logs.map((log) => [false, log.totalRecipients]))
  expect(logs.reduce((sum, log) => sum + log.totalRecipients, 0)).toBe(sizes.deliveries)

  file.close()
  rmSync(folder, { recursive: true })
})
