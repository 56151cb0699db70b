import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { seedBlast } from '../blasts/seed'
import { aisha, type Blocked, createBlocked, maria, tom } from './blocked'

const day = 86_400_000

/** A text to `phone` that failed with `code`, so many days ago. */
async function failed(
  h: Blocked,
  phone: string,
  code: number | null,
  daysAgo: number,
  status: 'failed' | 'undelivered' | 'delivered' = 'undelivered',
) {
  const at = h.clock.now - daysAgo * day
  const id = await seedBlast(h, { status: 'sent', createdAt: at }, [{ phone, status, errorCode: code }])
  await h.deps.db.run(sql`UPDATE message_deliveries SET updated_at = ${at} WHERE log_id = ${id}`)
  return id
}
/** By an admin who has just signed in: days go by in these tests. */
const run = async (h: Blocked) => (await h.signIn()).post('/unsubscribed/backfill')

describe('looking through past texts', () => {
  it('says what it would change, and changes nothing until it is told to', async () => {
    const h = await createBlocked()
    const blast = await failed(h, maria, 30005, 10)
    await failed(h, tom, 21610, 9, 'failed')
    const preview = await h.admin.get('/unsubscribed/backfill')
    expect(preview.status).toBe(200)
    const page = await preview.text()
    expect(page).toContain('2 numbers would be added')
    expect(page).toContain('(323) 555-0142')
    expect(page).toContain('Number does not exist, or no longer')
    expect(page).toContain(`/logs/${blast}`)
    expect([await h.optOuts(), await h.suppressed()]).toEqual([[], []])
    expect(await h.audited()).toEqual([])

    expect((await h.admin.post('/unsubscribed/backfill')).status).toBe(303)
    expect(await h.optOuts()).toEqual([{ phone: tom, source: 'message_failure', reason: 'Had replied STOP to our number' }])
    expect(await h.suppressed()).toEqual([{ phone: maria, reason: 'Number does not exist, or no longer' }])
    expect(await h.record(tom)).toEqual(['opted_out provider rosa Had replied STOP to our number'])
    expect(await h.audited()).toMatchObject([{ type: 'suppressions_backfilled', subject: '1 opt-out, 1 number that does not work' }])
  })

  it('twice is the same as once', async () => {
    const h = await createBlocked()
    await failed(h, maria, 30005, 10)
    await run(h)
    expect(await h.admin.text('/unsubscribed/backfill')).toContain('Nothing is missing')
    await h.admin.post('/unsubscribed/backfill')
    expect(await h.suppressed()).toHaveLength(1)
    expect(await h.record(maria)).toHaveLength(1)
    expect(await h.admin.text('/unsubscribed')).toContain('Nothing was missing.')
  })

  it('counts misses on three different days, as sending does', async () => {
    const h = await createBlocked()
    for (const daysAgo of [9, 8, 7]) await failed(h, maria, 30003, daysAgo)
    for (const daysAgo of [9, 8.9, 8.8, 3]) await failed(h, tom, 30003, daysAgo)
    await run(h)
    expect(await h.suppressed()).toMatchObject([{ phone: maria }])
  })

  it('leaves alone whoever failed for a fault of ours, or of nobody', async () => {
    const h = await createBlocked()
    for (const code of [21606, 30007, 20003, 21408, 30008, 99999, null]) await failed(h, maria, code, 5)
    await failed(h, maria, 30005, 5, 'delivered')
    await run(h)
    expect([await h.optOuts(), await h.suppressed()]).toEqual([[], []])
  })

  it('never brings back what staff lifted after the failure, but knows a failure since', async () => {
    const h = await createBlocked()
    await failed(h, maria, 30005, 10)
    await run(h)
    await h.admin.post('/unsubscribed/suppressed/1/delete', { reason: 'Works again' })
    await run(h)
    expect(await h.suppressed()).toEqual([])
    h.clock.now += day
    await failed(h, maria, 30005, 0)
    await run(h)
    expect(await h.suppressed()).toHaveLength(1)
  })

  it('never brings back who texted START after the failure', async () => {
    const h = await createBlocked()
    await failed(h, tom, 21610, 3, 'failed')
    await h.text(tom, 'START')
    await run(h)
    expect(await h.optOuts()).toEqual([])
  })

  it('misses from before a lift do not count with those after it', async () => {
    const h = await createBlocked()
    for (const daysAgo of [9, 8, 7]) await failed(h, aisha, 30003, daysAgo)
    await run(h)
    await h.admin.post('/unsubscribed/suppressed/1/delete', { reason: 'Was on a ship' })
    h.clock.now += 2 * day
    await failed(h, aisha, 30003, 0)
    await run(h)
    expect(await h.suppressed()).toEqual([])
  })
})
