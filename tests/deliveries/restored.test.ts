import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { cancelBlast, pauseBlast, resumeBlast, retryBlast } from '../../src/blasts/acts'
import { decideUnknown } from '../../src/deliveries/decisions'
import { receiveInbound } from '../../src/deliveries/inbound'
import { fenceRestored } from '../../src/doctor/fence'
import { runCron, runJob } from '../../src/jobs'
import { takeBackup } from '../support/restoring'
import { createSending, phoneOf } from '../support/sending'

type Sending = Awaited<ReturnType<typeof createSending>>

/** A backup taken while a blast to ten is being sent, after `handed` texts have reached the provider. */
async function backupDuring(h: Sending, handed: number) {
  let backup: Promise<Awaited<ReturnType<typeof takeBackup>>> | null = null
  h.twilio.decide = (_form, index) => {
    if (index === handed) backup = takeBackup(h.deps)
    return null
  }
  await h.addMembers(10)
  const id = await h.blast()
  await runJob(h.deps, { type: 'send' })
  if (!backup) throw new Error('no backup was taken')
  h.twilio.decide = () => null
  h.nudges.length = 0
  return { id, restore: await (backup as ReturnType<typeof takeBackup>) }
}

const statuses = async (h: Sending, id: number) => Map.groupBy(await h.rows(id), ({ status }) => status)
const count = async (h: Sending, id: number) =>
  Object.fromEntries([...(await statuses(h, id))].map(([status, rows]) => [status, rows.length]))
const once = (h: Sending) => {
  expect(new Set(h.phones()).size).toBe(h.phones().length)
}

describe('a blast that was going on when the backup was taken, and was finished since', () => {
  it('comes back paused, is looked up at the provider, and texts nobody twice', async () => {
    const h = await createSending({ SEND_CONCURRENCY: '2' })
    const { id, restore } = await backupDuring(h, 3)
    h.clock.now += 5 * 3_600_000
    const fenced = await restore({ present: false })
    expect(fenced).toMatchObject({ paused: 1, carried: null })
    expect(fenced.doubted).toBeGreaterThanOrEqual(6)
    expect((await h.log(id)).status).toBe('paused')
    expect(await count(h, id)).not.toHaveProperty('queued')

    await resumeBlast(h.deps, id)
    await h.settle(30)
    expect(h.twilio.messages).toHaveLength(10)
    once(h)
    expect(await count(h, id)).toEqual({ accepted: 10 })
    expect((await h.log(id)).status).toBe('sent')
  })

  it('is finished without anybody, once the provider is known to have all', async () => {
    const h = await createSending({ SEND_CONCURRENCY: '2' })
    const { id, restore } = await backupDuring(h, 3)
    await restore({ present: false })
    await h.settle(30)
    expect((await h.log(id)).status).toBe('sent')
    expect(h.twilio.messages).toHaveLength(10)
  })
})

describe('a blast that was cancelled half way since the backup', () => {
  it('texts only those whom the provider does not know, and only after Resume', async () => {
    const h = await createSending({ SEND_CONCURRENCY: '2' })
    const first = await createHalf(h, 6)
    const { doubted } = await first.restore({ present: false })
    await h.settle(30)
    // Asked when the list is to be had in full, so once each.
    expect(h.twilio.requests.filter(({ method }) => method === 'GET')).toHaveLength(doubted)
    const texted = h.twilio.messages.length
    expect(texted).toBeLessThan(10)
    expect((await h.log(first.id)).status).toBe('paused')
    expect(await count(h, first.id)).toEqual({ accepted: texted, queued: 10 - texted })

    await resumeBlast(h.deps, first.id)
    await h.settle(5)
    expect(h.twilio.messages).toHaveLength(10)
    once(h)
  })

  it('goes on being looked up after a Resume that came at once', async () => {
    const h = await createSending({ SEND_CONCURRENCY: '2' })
    const { id, restore } = await createHalf(h, 6)
    await restore({ present: false })
    const texted = h.twilio.messages.length
    await resumeBlast(h.deps, id)
    await runCron(h.deps)
    await runJob(h.deps, { type: 'send' })
    // Within the grace the list may lag: nobody is texted yet.
    expect(h.twilio.messages).toHaveLength(texted)
    await h.settle(30)
    expect(h.twilio.messages).toHaveLength(10)
    once(h)
  })

  async function createHalf(h: Sending, sentBeforeCancel: number) {
    let restore: Awaited<ReturnType<typeof takeBackup>> | null = null
    let id = 0
    const acts: Promise<unknown>[] = []
    h.twilio.decide = (_form, index) => {
      if (index === 2) acts.push(takeBackup(h.deps).then((taken) => (restore = taken)))
      if (index === sentBeforeCancel) acts.push(cancelBlast(h.deps, id))
      return null
    }
    await h.addMembers(10)
    id = await h.blast()
    await runJob(h.deps, { type: 'send' })
    await Promise.all(acts)
    h.nudges.length = 0
    if (!restore) throw new Error('no backup was taken')
    return { id, restore: restore as Awaited<ReturnType<typeof takeBackup>> }
  }
})

it('a blast that was held when the backup was taken waits for a person', async () => {
  const h = await createSending({ SEND_HOLD_SECONDS: '15' })
  await h.addMembers(3)
  const id = await h.blast()
  const restore = await takeBackup(h.deps)
  await h.settle(2)
  expect(h.twilio.messages).toHaveLength(3)
  await restore({ present: false })
  expect((await h.log(id)).status).toBe('paused')
  await resumeBlast(h.deps, id)
  await h.settle(30)
  expect(h.twilio.messages).toHaveLength(3)
})

it('one that staff had paused is asked about, too: they may have resumed it', async () => {
  const h = await createSending({ SEND_HOLD_SECONDS: '0' })
  await h.addMembers(3)
  const id = await h.blast()
  await h.deps.db.run(sql`UPDATE message_logs SET status = 'processing'`)
  await pauseBlast(h.deps, id, { username: 'rosa', trail: [] })
  const restore = await takeBackup(h.deps)
  await resumeBlast(h.deps, id)
  await h.settle(2)
  await restore({ present: false })
  await resumeBlast(h.deps, id)
  await h.settle(30)
  expect(h.twilio.messages).toHaveLength(3)
})

it('those who failed before the backup, and were tried again since, are asked about before a retry', async () => {
  const h = await createSending()
  await h.addMembers(4)
  h.twilio.script({ kind: 'refuse', code: 30_008 }, { kind: 'refuse', code: 30_008 })
  const id = await h.blast()
  await runJob(h.deps, { type: 'send' })
  await h.deps.db.run(sql`UPDATE message_deliveries SET status = 'failed' WHERE status = 'queued'`)
  await h.settle(2)
  expect((await h.log(id)).status).toBe('sent')
  const restore = await takeBackup(h.deps)
  h.clock.now += 3_600_000
  await retryBlast(h.deps, id)
  await h.settle(2)
  expect(h.twilio.messages).toHaveLength(4)

  await restore({ present: false })
  expect(await count(h, id)).toMatchObject({ failed: 2 })
  expect(await retryBlast(h.deps, id)).toMatchObject({ kind: 'done', queued: 0 })
  await h.settle(30)
  expect(h.twilio.messages).toHaveLength(4)
  expect(await count(h, id)).toEqual({ accepted: 4 })
  once(h)
})

it('a list that cannot be had keeps them waiting for a day, however old the backup', async () => {
  const h = await createSending({ SEND_CONCURRENCY: '2' })
  const { id, restore } = await backupDuring(h, 3)
  h.clock.now += 3 * 86_400_000
  await restore({ present: false })
  h.twilio.listUnavailable = true
  await h.settle(10)
  expect((await h.rows(id)).filter(({ needsPerson }) => needsPerson === 1)).toEqual([])
  h.twilio.listUnavailable = false
  await h.settle(30)
  expect((await h.log(id)).status).toBe('sent')
})

it('a text that was already left to a person still is', async () => {
  const h = await createSending()
  await h.addMembers(1)
  h.twilio.script({ kind: 'drop', when: 'after' })
  const id = await h.blast()
  await runJob(h.deps, { type: 'send' })
  const [row] = await h.rows(id)
  await h.deps.db.run(sql`UPDATE message_deliveries SET needs_person = 1`)
  await runCron(h.deps)
  const restore = await takeBackup(h.deps)
  await restore({ present: false })
  expect(await decideUnknown(h.deps, id, row?.id ?? 0, 'arrived')).toBe(true)
})

it('a STOP that came after the backup stays, where the present database can be read', async () => {
  const h = await createSending()
  await h.addMembers(2)
  const restore = await takeBackup(h.deps)
  await receiveInbound(h.deps, { from: phoneOf(1), body: 'STOP', messageSid: 'SM1' })
  await h.deps.db.run(sql`
    INSERT INTO suppressed_contacts (phone, category, reason, source, created_at) VALUES ('+13235550199', 'hard_fail', 'Landline', 'message_failure', 1)`)
  expect(await restore({ present: true })).toMatchObject({ carried: 2 })
  await h.blast()
  await h.settle(2)
  expect(h.phones()).toEqual([phoneOf(0)])
})

it('no browser is remembered that was forgotten since, and no alert goes out again', async () => {
  const h = await createSending()
  const { id } = await h.addUser('rosa', 'admin')
  const at = h.clock.now
  await h.deps.db.run(sql`
    INSERT INTO remembered_devices (user_id, token_hash, created_at, last_used_at, expires_at) VALUES (${id}, 'h', ${at}, ${at}, ${at + 1e9})`)
  await h.deps.db.run(sql`INSERT INTO security_alerts (user_id, kind, due_at, created_at) VALUES (${id}, 'lockout', ${at}, ${at})`)
  await fenceRestored(h.deps, null)
  for (const table of ['remembered_devices', 'security_alerts'])
    expect(await h.deps.db.all(sql`SELECT id FROM ${sql.raw(table)}`)).toEqual([])
})

it('nobody stays signed in, and it is in the audit trail', async () => {
  const h = await createSending()
  const staff = await h.signIn()
  const restore = await takeBackup(h.deps)
  await restore({ present: true })
  expect((await staff.get('/dashboard')).status).toBe(303)
  expect(await h.deps.db.all(sql`SELECT event_type AS type FROM audit_events WHERE event_type = 'database_restored'`)).toHaveLength(1)
})

it('staff read on the dashboard and on its page what to do', async () => {
  const h = await createSending({ SEND_CONCURRENCY: '2', APP_TIMEZONE: 'UTC' })
  const { id, restore } = await backupDuring(h, 3)
  h.clock.now += 3_600_000
  await restore({ present: false })
  const staff = await h.signIn()
  expect(await staff.text('/dashboard')).toContain('is paused: it is from a backup')
  const page = await staff.text(`/logs/${id}`)
  expect(page).toMatch(/Restored from a backup of [^<]*5:00 PM/)
  expect(page).toContain('Look at Twilio before you resume')
  expect(page).toContain('Resume')
})
