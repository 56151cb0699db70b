import { messageTemplates } from '../../src/db/schema'
import { createHarness } from '../support/harness'

export type Shelf = Awaited<ReturnType<typeof openShelf>>

type Stored = Pick<typeof messageTemplates.$inferInsert, 'name' | 'messageBody'> & Partial<typeof messageTemplates.$inferInsert>

export async function shelve({ deps }: Pick<Awaited<ReturnType<typeof createHarness>>, 'deps'>, rows: readonly Stored[]) {
  for (const [i, row] of rows.entries()) {
    const at = { createdAt: i + 1, updatedAt: i + 1 }
    await deps.db.insert(messageTemplates).values({ nameKey: row.name.toLowerCase(), updatedBy: 'rosa', ...at, ...row })
  }
}

/** An office with templates, and a member of staff at the browser. */
export async function openShelf(rows: readonly Stored[] = []) {
  const harness = await createHarness()
  await shelve(harness, rows)
  const browser = await harness.signIn('social_manager', 'nia')
  const stored = async () => (await harness.deps.db.select().from(messageTemplates)).map(({ name, messageBody }) => [name, messageBody])
  const audited = async () => {
    const rows = await harness.d1.prepare(`SELECT event_type, username, subject FROM audit_events WHERE event_type LIKE 'template%'`).all()
    return rows.results.map((row) => Object.values(row))
  }
  return { ...harness, browser, stored, audited }
}
