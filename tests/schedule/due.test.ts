import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { runtime } from '#host'
import { openDatabase } from '../../src/db/database'
import { communityMembers, unsubscribedContacts } from '../../src/db/schema'
import { runCron, runJob } from '../../src/jobs'
import { claimLeaseMs, runDue } from '../../src/schedule/due'
import { cancelScheduled, editScheduled } from '../../src/schedule/scheduled'
import { wordsOf } from '../compose/office'
import { phoneOf } from '../support/sending'
import { createScheduling, dayMs, hourMs } from './scheduling'

describe('a scheduled message', () => {
  it('starts when it is due, at once, and not before', async () => {
    const h = await createScheduling()
    const id = await h.add()
    h.clock.now += hourMs - 1
    await runDue(h.deps)
    expect(await h.message(id)).toMatchObject({ status: 'pending', logId: null })
    h.clock.now += 1
    await runDue(h.deps)
    expect(await h.message(id)).toMatchObject({ status: 'processing', logId: 1 })
    expect(await h.blasts()).toMatchObject([{ submissionId: `scheduled-${id}`, total: 2, createdBy: 'rosa' }])
    await runJob(h.deps, { type: 'send' })
    expect(h.phones()).toEqual([phoneOf(0), phoneOf(1)])
  })

  it('follows its blast to the end', async () => {
    const h = await createScheduling()
    const id = await h.add({ at: h.clock.now + 1 })
    h.clock.now += 1
    await runCron(h.deps)
    await h.settle(2)
    expect(await h.message(id)).toMatchObject({ status: 'sent', logId: 1 })
  })

  it('that reached nobody has failed, one that staff stopped is cancelled', async () => {
    const h = await createScheduling()
    const [failed, stopped] = [await h.add(), await h.add()]
    h.clock.now += hourMs
    await runDue(h.deps)
    await h.deps.db.run(sql`UPDATE message_logs SET finished_at = 1, status = CASE id WHEN 1 THEN 'failed' ELSE 'cancelled' END`)
    await runDue(h.deps)
    expect((await h.message(failed)).status).toBe('failed')
    expect((await h.message(stopped)).status).toBe('cancelled')
  })

  it('whose blast was cleared away counts as sent and is not sent again', async () => {
    const h = await createScheduling()
    const id = await h.add()
    h.clock.now += hourMs
    await runDue(h.deps)
    await h.deps.db.run(sql`DELETE FROM message_logs`)
    h.clock.now += claimLeaseMs + 1
    await runDue(h.deps)
    expect((await h.message(id)).status).toBe('sent')
    expect(await h.blasts()).toEqual([])
  })

  it('reaches who is in the audience when it starts', async () => {
    const h = await createScheduling()
    await h.add()
    await h.deps.db.insert(communityMembers).values({ name: 'New', phone: phoneOf(7), createdAt: 1, updatedAt: 1 })
    await h.deps.db.insert(unsubscribedContacts).values({ phone: phoneOf(0), source: 'inbound', createdAt: 1 })
    h.clock.now += hourMs
    await runDue(h.deps)
    await runJob(h.deps, { type: 'send' })
    expect(h.phones().sort()).toEqual([phoneOf(1), phoneOf(7)])
  })

  it('is sent after a stop within the lag, and told to be too late beyond it', async () => {
    const h = await createScheduling({ SCHEDULED_MESSAGE_MAX_LAG: '60' })
    const [late, inTime] = [await h.add({ at: h.clock.now + 1 }), await h.add({ at: h.clock.now + 2 })]
    h.clock.now += hourMs + 2
    await runDue(h.deps)
    expect(await h.message(late)).toMatchObject({ status: 'expired', reason: 'late', logId: null })
    expect(await h.message(inTime)).toMatchObject({ status: 'processing', logId: 1 })
    expect(await h.blasts()).toHaveLength(1)
  })

  it.each([
    [
      'everyone opted out',
      sql`INSERT INTO unsubscribed_contacts (phone, source, created_at) SELECT phone, 'staff', 1 FROM community_members`,
      'nobody',
    ],
    ['there are no members', sql`DELETE FROM community_members`, 'empty'],
  ])('has failed when %s', async (_, change, reason) => {
    const h = await createScheduling()
    const id = await h.add()
    await h.deps.db.run(change)
    h.clock.now += hourMs
    await runDue(h.deps)
    expect(await h.message(id)).toMatchObject({ status: 'failed', reason })
    expect(await h.blasts()).toEqual([])
  })

  it('has failed when its event is gone, or a test has no phone to go to', async () => {
    const h = await createScheduling({ ADMIN_TEST_PHONE: '' })
    const event = await h.add({ audience: { target: 'event', eventId: 99, testPhone: null } })
    const test = await h.add({ audience: { target: 'community', eventId: null, testPhone: '+13235559999' } })
    h.clock.now += hourMs
    await runDue(h.deps)
    expect(await h.message(event)).toMatchObject({ status: 'failed', reason: 'empty' })
    expect(await h.message(test)).toMatchObject({ status: 'failed', reason: 'no_test_phone' })
  })

  describe('in quiet hours, where these are a rule', () => {
    // The two members' phones are from Los Angeles, where quiet hours end at 17:00 UTC.
    const atNight = async (settings: Record<string, string> = {}) => {
      const h = await createScheduling({ QUIET_HOURS_BLOCK: '1', ...settings })
      const id = await h.add({ at: Date.parse('2026-11-23T11:00:00Z') })
      h.clock.now = Date.parse('2026-11-23T11:00:30Z')
      await runDue(h.deps)
      return { h, id, message: await h.message(id) }
    }

    it('waits for their end', async () => {
      const { h, id, message } = await atNight()
      expect(message).toMatchObject({ status: 'pending', dueAt: Date.parse('2026-11-23T17:00:00Z'), logId: null })
      const nia = await h.signIn('social_manager', 'nia')
      expect(wordsOf(await nia.text('/scheduled'))).toContain('Waiting Moved to the end of quiet hours. rosa')
      h.clock.now = message.dueAt
      await runDue(h.deps)
      expect(await h.message(id)).toMatchObject({ status: 'processing', logId: 1 })
      await h.deps.db.run(sql`UPDATE scheduled_messages SET status = 'failed', updated_at = ${h.clock.now}`)
      const later = await h.signIn('social_manager', 'tom')
      expect(await later.text('/dashboard')).toMatch(/Write a text(?![\s\S]*was not sent)/)
    })

    it('has failed when that is too late', async () => {
      const { h, message } = await atNight({ SCHEDULED_MESSAGE_MAX_LAG: '60' })
      expect(message).toMatchObject({ status: 'failed', reason: 'quiet' })
      expect(await h.blasts()).toEqual([])
    })

    it('goes out where they only warn', async () => {
      expect((await atNight({ QUIET_HOURS_BLOCK: '0' })).message).toMatchObject({ status: 'processing', logId: 1 })
    })
  })

  it('keeps its instant when the organisation moves to another zone', async () => {
    const h = await createScheduling({ APP_TIMEZONE: 'America/New_York' })
    const id = await h.add()
    const { dueAt } = await h.message(id)
    h.deps.config = { ...h.deps.config, timeZone: 'Asia/Tokyo' }
    h.clock.now = dueAt
    await runDue(h.deps)
    expect((await h.message(id)).status).toBe('processing')
  })

  it('is in the audit trail by the one who wrote it', async () => {
    const h = await createScheduling()
    const id = await h.add()
    h.clock.now += hourMs
    await runDue(h.deps)
    const trail = await h.deps.db.all(sql`SELECT event_type, username, subject FROM audit_events`)
    expect(trail).toEqual([{ event_type: 'blast_sent', username: 'rosa', subject: `blast 1, scheduled message ${id}` }])
  })
})

describe('however many schedulers', () => {
  // D1 takes ten times as long for each.
  const due = runtime === 'node' ? 1000 : 200

  it(`${due} due in the same minute and three at once: each exactly once`, async () => {
    const h = await createScheduling()
    await h.deps.db.run(sql`
      INSERT INTO scheduled_messages (status, message_body, target, submission_id, time_zone, due_at, created_at, updated_at)
      SELECT 'pending', 'Text ' || value, 'community', 'due-' || value, 'UTC', ${h.clock.now}, 1, 1
      FROM json_each(${JSON.stringify(Array.from({ length: due }, (_, n) => n))})`)
    await Promise.all([runDue(h.deps), runDue(h.deps), runDue(h.deps)])
    const blasts = await h.blasts()
    expect(new Set(blasts.map(({ submissionId }) => submissionId)).size).toBe(due)
    expect(blasts).toHaveLength(due)
    expect(await h.deps.db.get(sql`SELECT count(*) AS n FROM message_deliveries`)).toEqual({ n: 2 * due })
    const linked = await h.deps.db.get(sql`
      SELECT count(*) AS n FROM scheduled_messages m JOIN message_logs l ON l.id = m.log_id AND l.submission_id = 'scheduled-' || m.id`)
    expect(linked).toEqual({ n: due })
  }, 120_000)

  it('a claimer that died before the blast loses nothing: another goes on after the lease', async () => {
    const h = await createScheduling()
    const id = await h.add()
    h.clock.now += hourMs
    await h.deps.db.run(sql`UPDATE scheduled_messages SET status = 'processing', lease_until_at = ${h.clock.now + claimLeaseMs}`)
    h.clock.now += claimLeaseMs - 1
    await runDue(h.deps)
    expect(await h.blasts()).toEqual([])
    h.clock.now += 1
    await runDue(h.deps)
    expect(await h.message(id)).toMatchObject({ status: 'processing', logId: 1 })
    expect(await h.blasts()).toHaveLength(1)
  })

  it('one that died for longer than the lag is too late', async () => {
    const h = await createScheduling()
    const id = await h.add()
    await h.deps.db.run(sql`UPDATE scheduled_messages SET status = 'processing', lease_until_at = 1`)
    h.clock.now += hourMs + dayMs + 1
    await runDue(h.deps)
    expect(await h.message(id)).toMatchObject({ status: 'expired', logId: null })
  })

  it('a claimer that was only slow makes no second blast, even when the first was cleared away', async () => {
    const h = await createScheduling()
    const id = await h.add()
    h.clock.now += hourMs
    // The slow one has claimed and counted; before it stores the blast, its lease lapses and another is done with everything.
    let interrupted = false
    const slowClient = new Proxy(h.d1, {
      get(target, name) {
        if (name !== 'batch') return Reflect.get(target, name).bind(target)
        return async (statements: D1PreparedStatement[]) => {
          if (!interrupted) {
            interrupted = true
            h.clock.now += claimLeaseMs
            await runDue(h.deps)
            await runJob(h.deps, { type: 'send' })
            await h.deps.db.run(sql`DELETE FROM message_logs`)
          }
          return target.batch(statements)
        }
      },
    })
    await runDue({ ...h.deps, db: openDatabase(slowClient) })
    expect(interrupted).toBe(true)
    expect(h.phones()).toHaveLength(2)
    await h.settle(3)
    expect(h.phones()).toHaveLength(2)
    expect((await h.message(id)).status).toBe('sent')
  })

  it('a claimer that was only slow leaves the message to whoever claimed it since', async () => {
    const h = await createScheduling()
    const id = await h.add()
    h.clock.now += hourMs
    let taken = false
    const slowClient = new Proxy(h.d1, {
      get(target, name) {
        if (name !== 'batch') return Reflect.get(target, name).bind(target)
        return async (statements: D1PreparedStatement[]) => {
          if (!taken) {
            taken = true
            h.clock.now += claimLeaseMs
            await h.deps.db.run(sql`UPDATE scheduled_messages SET lease_until_at = ${h.clock.now + claimLeaseMs}`)
          }
          return target.batch(statements)
        }
      },
    })
    await runDue({ ...h.deps, db: openDatabase(slowClient) })
    expect(taken).toBe(true)
    expect(await h.blasts()).toEqual([])
    expect(await h.message(id)).toMatchObject({ status: 'processing', logId: null })
    h.clock.now += claimLeaseMs
    await runDue(h.deps)
    expect(await h.blasts()).toHaveLength(1)
  })

  it('a crash while the blast is stored leaves neither half', async () => {
    const h = await createScheduling()
    const id = await h.add()
    h.clock.now += hourMs
    const dying = new Proxy(h.d1, {
      get(target, name) {
        if (name !== 'batch') return Reflect.get(target, name).bind(target)
        return async (statements: D1PreparedStatement[]) => target.batch([...statements, target.prepare('SELECT crash')])
      },
    })
    await expect(runDue({ ...h.deps, db: openDatabase(dying) })).rejects.toThrow()
    expect(await h.blasts()).toEqual([])
    expect(await h.message(id)).toMatchObject({ status: 'processing', logId: null })
    h.clock.now += claimLeaseMs
    await runDue(h.deps)
    expect(await h.blasts()).toHaveLength(1)
  })

  it('cancel and start at once: one of them', async () => {
    for (const order of [0, 1]) {
      const h = await createScheduling()
      const id = await h.add()
      h.clock.now += hourMs
      const both = [() => runDue(h.deps), () => cancelScheduled(h.deps, id)]
      await Promise.all((order === 0 ? both : both.reverse()).map((act) => act()))
      const cancelled = (await h.message(id)).status === 'cancelled'
      expect(await h.blasts()).toHaveLength(cancelled ? 0 : 1)
    }
  })
})

describe('a change', () => {
  it('and a start at once: the text that goes out is the one that is told to be saved, or nothing is saved', async () => {
    for (const order of [0, 1]) {
      const h = await createScheduling()
      const id = await h.add({ messageBody: 'As it was', at: h.clock.now })
      const before = await h.current(id)
      const change = () => editScheduled(h.deps, before, h.draft({ messageBody: 'Changed', at: h.clock.now }))
      const saved: string[] = []
      const both = [() => runDue(h.deps), async () => void saved.push(await change())]
      await Promise.all((order === 0 ? both : both.reverse()).map((act) => act()))
      await runDue(h.deps)
      const [blast] = await h.deps.db.all<{ body: string }>(sql`SELECT message_body AS body FROM message_logs`)
      expect([saved[0], blast?.body]).toEqual(saved[0] === 'saved' ? ['saved', 'Changed'] : ['outdated', 'As it was'])
      expect((await h.message(id)).body).toBe(blast?.body)
    }
  })

  it('that comes after the claim saves nothing', async () => {
    const h = await createScheduling()
    const id = await h.add({ messageBody: 'As it was', at: h.clock.now })
    const before = await h.current(id)
    await runDue(h.deps)
    expect(await editScheduled(h.deps, before, h.draft({ messageBody: 'Changed' }))).toBe('outdated')
    expect(await h.message(id)).toMatchObject({ status: 'processing', body: 'As it was', dueAt: h.clock.now })
  })
})

describe('a pass', () => {
  it('with nothing to do is one query', async () => {
    const h = await createScheduling()
    await h.add()
    let queries = 0
    const counted = new Proxy(h.d1, {
      get(target, name) {
        if (name === 'prepare' || name === 'batch') queries++
        return Reflect.get(target, name).bind(target)
      },
    })
    await runDue({ ...h.deps, db: openDatabase(counted) })
    expect(queries).toBe(1)
  })

  it('on a Worker does a few, and asks for another for the rest', async () => {
    const h = await createScheduling()
    h.deps.budget = { ...h.deps.budget, operationsPerRun: 50 }
    for (let n = 0; n < 7; n++) await h.add()
    h.clock.now += hourMs
    await runDue(h.deps)
    expect(await h.blasts()).toHaveLength(5)
    expect(h.nudges.map(({ job }) => job.type)).toContain('schedule')
    h.nudges.length = 0
    await runJob(h.deps, { type: 'schedule' })
    expect(await h.blasts()).toHaveLength(7)
    expect(h.nudges.map(({ job }) => job.type)).not.toContain('schedule')
  })
})
