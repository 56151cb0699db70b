import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, test } from 'vitest'
import { auditEvents, messageDeliveries, messageLogs } from '../../src/db/schema'
import { createHarness, type Harness, password } from '../support/harness'
import { seedBlast, times } from './seed'

let h: Harness
let staff: Awaited<ReturnType<Harness['signIn']>>

beforeEach(async () => {
  h = await createHarness()
  staff = await h.signIn('social_manager', 'rosa')
})

const seed = (...args: [Parameters<typeof seedBlast>[1], Parameters<typeof seedBlast>[2]]) => seedBlast(h, ...args)
const blastOf = async (id: number) => await h.deps.db.query.messageLogs.findFirst({ where: sql`id = ${id}` })
const statusesOf = async (id: number) =>
  (await h.deps.db.select().from(messageDeliveries).where(sql`log_id = ${id}`).orderBy(messageDeliveries.id)).map(
    ({ status, skipReason }) => skipReason ?? status,
  )
const audited = async () => (await h.deps.db.select().from(auditEvents)).map(({ eventType, outcome }) => `${eventType} ${outcome}`)
const locationOf = (answer: Response) => [answer.status, answer.headers.get('location')]

describe('acts', () => {
  test('undo: nobody is texted, and the message goes back to the form', async () => {
    const id = await seed({ status: 'held', holdUntil: h.clock.now + 9000 }, times(3, { status: 'queued' }))
    expect(locationOf(await staff.post(`/logs/${id}/undo`))).toEqual([303, `/dashboard?from=${id}`])
    expect(await statusesOf(id)).toEqual(['undone', 'undone', 'undone'])
    const page = await staff.text(`/logs/${id}`)
    expect(page).toContain('Nobody was texted.')
    expect(page).toContain('Your message is back in the box.')
    expect(page).toContain('Undone in time')
  })

  test('pause and resume', async () => {
    const id = await seed({ status: 'processing' }, [
      ...times(2, { status: 'delivered', providerSid: 'SM1' }),
      ...times(3, { status: 'queued' }),
    ])
    expect(locationOf(await staff.post(`/logs/${id}/pause`))).toEqual([303, `/logs/${id}`])
    expect(await blastOf(id)).toMatchObject({ status: 'paused', pausedBy: 'rosa' })
    expect(await staff.text(`/logs/${id}`)).toContain('2 people were texted; 3 people wait until it is resumed.')
    expect((await staff.post(`/logs/${id}/resume`)).status).toBe(303)
    expect((await blastOf(id))?.status).toBe('processing')
    expect(h.nudges.map(({ job }) => job.type)).toContain('send')
  })

  test('cancel says how many have it and how many were spared', async () => {
    const id = await seed({ status: 'processing' }, [
      ...times(851, { status: 'accepted', providerSid: 'SM1' }),
      ...times(392, { status: 'queued' }),
      ...times(4, { status: 'skipped', skipReason: 'opted_out' }),
      ...times(2, { status: 'skipped', skipReason: 'suppressed' }),
      ...times(1, { status: 'skipped', skipReason: 'gave_up' }),
    ])
    expect(locationOf(await staff.post(`/logs/${id}/cancel`))).toEqual([303, `/logs/${id}`])
    expect(await staff.text(`/logs/${id}`)).toContain('<strong>Stopped.</strong> 851 people were texted; 392 were spared.')
  })

  test('retry texts those whom it can help', async () => {
    const id = await seed({ status: 'sent' }, [
      { status: 'delivered', providerSid: 'SM1' },
      { status: 'failed', errorCode: 30008 },
      { status: 'failed', errorCode: 21614 },
    ])
    expect(await staff.text(`/logs/${id}`)).toContain('Try 1 of them again')
    expect((await staff.post(`/logs/${id}/retry`)).status).toBe(303)
    expect(await statusesOf(id)).toEqual(['delivered', 'queued', 'failed'])
    expect(await staff.text(`/logs/${id}`)).toContain('Trying 1 person again.')
  })

  test('each is in the audit trail, a refused one is not', async () => {
    const id = await seed({ status: 'held' }, times(1, { status: 'queued' }))
    await staff.post(`/logs/${id}/undo`)
    await staff.post(`/logs/${id}/undo`)
    expect((await audited()).filter((event) => event.startsWith('blast_'))).toEqual(['blast_undone success'])
  })

  test.each([
    ['undo', 'processing', 'is being sent'],
    ['pause', 'paused', 'is paused'],
    ['resume', 'processing', 'is being sent'],
    ['cancel', 'sent', 'has been sent'],
    ['cancel', 'held', 'has not started yet'],
    ['retry', 'cancelled', 'was cancelled'],
    ['retry', 'failed', 'failed'],
  ] as const)('%s of a blast that is %s is 409 and says so', async (act, status, words) => {
    const id = await seed({ status }, times(1, { status: 'queued' }))
    const answer = await staff.post(`/logs/${id}/${act}`)
    expect(answer.status).toBe(409)
    expect(await answer.text()).toContain(words)
    expect(await blastOf(id)).toMatchObject({ status })
    expect(await statusesOf(id)).toEqual(['queued'])
  })

  test('two tabs at once: one acts, the other is told', async () => {
    const id = await seed({ status: 'processing' }, [
      ...times(1, { status: 'accepted', providerSid: 'SM1' }),
      ...times(2, { status: 'queued' }),
    ])
    const answers = await Promise.all([staff.post(`/logs/${id}/cancel`), staff.post(`/logs/${id}/cancel`)])
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409])
    expect(await statusesOf(id)).toEqual(['accepted', 'cancelled', 'cancelled'])
  })
})

describe('a text that a person decides about', () => {
  const unsure = (n: number) => times(n, { status: 'unknown', needsPerson: true })
  const idsOf = async (id: number) =>
    (await h.deps.db.select().from(messageDeliveries).where(sql`log_id = ${id}`).orderBy(messageDeliveries.id)).map((row) => row.id)

  test('is asked about with three answers, and nothing happens by itself', async () => {
    const id = await seed({ status: 'sent' }, [...times(1, { status: 'delivered' }), ...unsure(2), ...times(1, { status: 'unknown' })])
    const page = await staff.text(`/logs/${id}`)
    expect(page).toContain('2 texts may or may not have arrived')
    expect(page.match(/value="arrived"/g)).toHaveLength(2)
    expect(page.match(/value="again"/g)).toHaveLength(2)
    expect(page.match(/value="gave_up"/g)).toHaveLength(2)
    expect(page).toContain('2 wait for you')
    expect(page).toContain('Needs you to decide')
    expect(page).toContain('asking again')
    expect((await statusesOf(id)).filter((status) => status === 'unknown')).toHaveLength(3)
  })

  test('ten at a time', async () => {
    const id = await seed({ status: 'sent' }, unsure(12))
    const answers = async (query: string) => (await staff.text(`/logs/${id}${query}`)).match(/value="arrived"/g)
    expect(await answers('')).toHaveLength(10)
    expect(await answers('?decide=2')).toHaveLength(2)
  })

  test.each([
    ['arrived', 'accepted', 'sent'],
    ['again', 'queued', 'processing'],
    ['gave_up', 'gave_up', 'sent'],
  ])('%s makes it %s', async (decision, status, blast) => {
    const id = await seed({ status: 'sent' }, [...times(1, { status: 'delivered' }), ...unsure(1)])
    const [, delivery] = await idsOf(id)
    const answer = await staff.post(`/logs/${id}/deliveries/${delivery}/decide`, { decision })
    expect(locationOf(answer)).toEqual([303, `/logs/${id}`])
    expect(await statusesOf(id)).toEqual(['delivered', status])
    expect((await blastOf(id))?.status).toBe(blast)
    expect(await audited()).toContain('delivery_decided success')
    expect((await staff.post(`/logs/${id}/deliveries/${delivery}/decide`, { decision })).status).toBe(409)
  })

  test('an answer that is none changes nothing and is named', async () => {
    const id = await seed({ status: 'sent' }, unsure(1))
    const [delivery] = await idsOf(id)
    const answer = await staff.post(`/logs/${id}/deliveries/${delivery}/decide`, { decision: 'perhaps' })
    expect(answer.status).toBe(422)
    expect(await answer.text()).toContain('Choose one')
    expect(await statusesOf(id)).toEqual(['unknown'])
  })

  test('one of another blast, or of none, is 404', async () => {
    const id = await seed({ status: 'sent' }, unsure(1))
    const other = await seed({ status: 'sent' }, unsure(1))
    const [delivery] = await idsOf(other)
    for (const which of [delivery, 9999, 'x', '0'])
      expect((await staff.post(`/logs/${id}/deliveries/${which}/decide`, { decision: 'arrived' })).status).toBe(404)
    expect(await statusesOf(other)).toEqual(['unknown'])
  })

  test('whose blast was cancelled is not sent again', async () => {
    const id = await seed({ status: 'cancelled' }, [...unsure(1), ...times(1, { status: 'skipped', skipReason: 'cancelled' })])
    const [delivery] = await idsOf(id)
    expect(await staff.text(`/logs/${id}`)).not.toContain('value="again"')
    expect((await staff.post(`/logs/${id}/deliveries/${delivery}/decide`, { decision: 'again' })).status).toBe(409)
    expect(await statusesOf(id)).toEqual(['unknown', 'cancelled'])
  })
})

describe('clearing', () => {
  async function seedAll() {
    for (const status of ['sent', 'failed', 'cancelled'] as const) await seed({ status }, times(4, { status: 'delivered' }))
    for (const status of ['held', 'processing', 'paused'] as const) await seed({ status }, times(2, { status: 'queued' }))
    // Cancelled, but texts are still on their way to the provider.
    await seed({ status: 'cancelled', finishedAt: null }, times(1, { status: 'sending' }))
  }

  test('lets others have a turn after every few thousand people', async () => {
    await seedAll()
    await h.deps.db.run(sql`UPDATE message_logs SET total_recipients = 5000`)
    let turns = 0
    const { sleep } = h.deps
    h.deps.sleep = (ms) => {
      turns++
      return sleep(ms)
    }
    const admin = await h.signIn('admin')
    turns = 0
    await admin.post('/logs/clear', { admin_password: password })
    expect(turns).toBeGreaterThanOrEqual(3)
    expect(await admin.text('/logs')).toContain('3 blasts cleared.')
  })

  test('says first what will happen', async () => {
    await seedAll()
    const admin = await h.signIn('admin')
    const page = await admin.text('/logs/clear')
    expect(page).toContain('3 finished blasts and their results for 12 people are deleted')
    expect(page).toContain('Members, opt-outs and blocked numbers stay.')
    expect(await admin.text('/logs')).toContain('href="/logs/clear"')
  })

  test('warns of texts that nobody decided about', async () => {
    await seed({ status: 'sent' }, times(2, { status: 'unknown', needsPerson: true }))
    const admin = await h.signIn('admin')
    expect(await admin.text('/logs/clear')).toContain('2 texts among them may or may not have arrived.')
  })

  test('needs one’s own password', async () => {
    await seedAll()
    const admin = await h.signIn('admin')
    const attempts: Record<string, string>[] = [{ admin_password: 'wrong' }, { admin_password: '' }, {}]
    for (const fields of attempts) {
      const answer = await admin.post('/logs/clear', fields)
      expect(answer.status).toBe(422)
      const page = await answer.text()
      expect(page).toContain('id="admin_password-fault"')
      expect(page).not.toContain('value="wrong"')
    }
    expect(await h.deps.db.$count(messageLogs)).toBe(7)
    expect(await audited()).toContain('logs_cleared failure')
  })

  test('deletes finished blasts with their results, and no open one', async () => {
    await seedAll()
    const admin = await h.signIn('admin')
    const answer = await admin.post('/logs/clear', { admin_password: password })
    expect(locationOf(answer)).toEqual([303, '/logs'])
    expect(await admin.text('/logs')).toContain('3 blasts cleared.')
    const left = await h.deps.db.select().from(messageLogs)
    expect(left.map(({ status }) => status)).toEqual(['held', 'processing', 'paused', 'cancelled'])
    expect(await h.deps.db.$count(messageDeliveries)).toBe(7)
    expect(await audited()).toContain('logs_cleared success')
  })

  test('large ones go chunk by chunk', async () => {
    for (let n = 0; n < 3; n++) await seed({ status: 'sent', totalRecipients: 20_000 }, times(1, { status: 'delivered' }))
    const admin = await h.signIn('admin')
    await admin.post('/logs/clear', { admin_password: password })
    expect(await h.deps.db.$count(messageLogs)).toBe(0)
  })

  test('has nothing to do where nothing is finished', async () => {
    await seed({ status: 'processing' }, times(1, { status: 'queued' }))
    const admin = await h.signIn('admin')
    expect(await admin.text('/logs/clear')).toContain('Nothing to clear')
    expect((await admin.post('/logs/clear', { admin_password: password })).status).toBe(303)
    expect(await h.deps.db.$count(messageLogs)).toBe(1)
  })
})
