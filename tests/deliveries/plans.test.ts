import { type SQL, sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { claim } from '../../src/deliveries/claims'
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
})
