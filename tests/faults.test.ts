import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { describeFault } from '../src/faults'
import { runCron, runJob, tryJob } from '../src/jobs'
import { createHarness } from './support/harness'
import { createSending, phoneOf } from './support/sending'

async function queryFault(): Promise<unknown> {
  const { deps } = await createHarness()
  try {
    await deps.db.run(sql`INSERT INTO nowhere (phone, body) VALUES (${'+13235550142'}, ${'Supper,\n  at Maria’s'})`)
  } catch (fault) {
    return fault
  }
  throw new Error('the statement did not fail')
}

it('a database fault is told with its cause and its place, without what was to be stored', async () => {
  const fault = await queryFault()
  expect(String(fault)).toMatch(/5550142/)
  const told = describeFault(fault)
  expect(told).toMatch(/no such table: nowhere/)
  expect(told).toMatch(/\n\s+at /)
  expect(told).not.toMatch(/5550142|Maria|Supper/)
  expect(describeFault({ phone: '+13235550142' })).not.toMatch(/5550142/)
})

it('a recurring job that fails leaves no phone in the log, and the others run', async () => {
  const h = await createSending()
  await h.addMembers(1)
  h.twilio.script({ kind: 'drop', when: 'after' })
  await h.blast()
  await runJob(h.deps, { type: 'send' })
  await h.d1.prepare('ALTER TABLE message_deliveries RENAME COLUMN provider_sid TO gone').run()
  await runCron(h.deps)
  await h.d1.prepare('ALTER TABLE message_deliveries RENAME COLUMN gone TO provider_sid').run()
  const failed = h.logged.filter(({ event }) => event === 'recurring job failed')
  expect(failed.map(({ fields }) => fields.job)).toContain('sweep deliveries')
  expect(failed.map(({ fields }) => fields.job)).not.toContain('prune audit trail')
  expect(JSON.stringify(h.logged)).not.toContain(phoneOf(0))
})

it('a job that fails is told, and reported as failed', async () => {
  const { deps, d1, logged } = await createHarness()
  expect(await tryJob(deps, { type: 'send' })).toBe(true)
  await d1.prepare('ALTER TABLE sender_lease RENAME TO gone').run()
  const again = await tryJob(deps, { type: 'send' })
  await d1.prepare('ALTER TABLE gone RENAME TO sender_lease').run()
  expect(again).toBe(false)
  expect(logged).toMatchObject([{ event: 'job failed', fields: { job: 'send' } }])
})
