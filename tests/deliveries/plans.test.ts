import { type SQL, sql } from 'drizzle-orm'
import { SQLiteAsyncDialect } from 'drizzle-orm/sqlite-core'
import { describe, expect, it } from 'vitest'
import { claim } from '../../src/deliveries/claims'
import { pauseIfAlike } from '../../src/deliveries/pausing'
import { reconcileUnknown } from '../../src/deliveries/reconcile'
import { recordResults } from '../../src/deliveries/record'
import { createHarness } from '../support/harness'

/** How SQLite reads the table of deliveries in a statement. */
async function readsOf(statement: SQL): Promise<string[]> {
  const { deps } = await createHarness()
  const plan = await deps.db.all<{ detail: string }>(sql`EXPLAIN QUERY PLAN ${statement}`)
  return plan.map(({ detail }) => detail).filter((detail) => /\b(message_deliveries|d)\b/.test(detail))
}

const result = { id: 1, token: 't', status: 'accepted', sid: 'SM1', code: null, parts: 1, attempts: 0, notBefore: 0 } as const

// A turn of the sender must cost the same in a blast to 100 and to 100,000 people.
describe('a turn of the sender reads no more of a blast than it writes', () => {
  it('results are found by id', async () => {
    const reads = await readsOf(recordResults(1, [{ ...result, effect: { kind: 'none' } }], 2))
    expect(reads).toEqual([expect.stringMatching(/^SEARCH message_deliveries USING INTEGER PRIMARY KEY/)])
  })

  it('a claim finds those who wait by the index, already in order', async () => {
    const reads = await readsOf(claim({ logId: 1, token: 't', limit: 20, now: 1, leaseMs: 1 }))
    expect(reads).toEqual([
      expect.stringMatching(/^SEARCH message_deliveries USING INTEGER PRIMARY KEY/),
      'SEARCH d USING INDEX message_deliveries_status (log_id=? AND status=?)',
    ])
  })

  it('whether the first fail alike is asked of the first rows alone', async () => {
    const reads = (await readsOf(pauseIfAlike(1, 30007))).filter((detail) => !detail.includes('SEARCH w '))
    expect(reads).toEqual(['SEARCH message_deliveries USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)'])
  })
})

describe('the minute', () => {
  it('reads no more deliveries than are unknown, however many there are', async () => {
    const h = await createHarness()
    const asked: string[] = []
    const { all } = h.deps.db
    h.deps.db.all = ((statement: SQL) => {
      asked.push(new SQLiteAsyncDialect().sqlToQuery(statement).sql)
      return all.call(h.deps.db, statement)
    }) as typeof all
    await reconcileUnknown(h.deps)
    h.deps.db.all = all
    const [statement = ''] = asked
    const { results } = await h.d1.prepare(`EXPLAIN QUERY PLAN ${statement}`).bind(0, 1).all<{ detail: string }>()
    const reads = results.map(({ detail }) => detail).filter((detail) => /\b(l|d)\b/.test(detail))
    expect(reads).toEqual([
      expect.stringMatching(/message_logs_open/),
      'SEARCH d USING INDEX message_deliveries_status (log_id=? AND status=?)',
    ])
  })
})
