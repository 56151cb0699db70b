import { describe, expect, it } from 'vitest'
import { runCron } from '../../src/jobs'
import { endRecurring } from '../../src/schedule/recurring'
import { cancelScheduled, deleteScheduled, editScheduled } from '../../src/schedule/scheduled'
import { takeBackup } from '../support/restoring'
import { createScheduling, dayMs, hourMs } from './scheduling'

type Scheduling = Awaited<ReturnType<typeof createScheduling>>

const later = async (h: Scheduling, ms: number) => {
  h.clock.now += ms
  await runCron(h.deps)
  await h.settle(1)
}

describe('a text for later, in a database that is restored', () => {
  it('does not go out again when it was due since the backup', async () => {
    const h = await createScheduling()
    const id = await h.add()
    const restore = await takeBackup(h.deps)
    await later(h, 2 * hourMs)
    expect(h.twilio.messages).toHaveLength(2)

    expect(await restore({ present: false })).toMatchObject({ expired: 1 })
    await later(h, 60_000)
    expect(h.twilio.messages).toHaveLength(2)
    expect(await h.message(id)).toMatchObject({ status: 'expired', reason: 'restored' })
    const page = await (await h.signIn()).text('/dashboard')
    expect(page).toContain('was not sent')
    expect(page).toContain('it may have gone out since')
  })

  it('nor when it had just been claimed and its blast was not yet made', async () => {
    const h = await createScheduling()
    const id = await h.add()
    h.clock.now += 2 * hourMs
    await h.deps.db.run("UPDATE scheduled_messages SET status = 'processing', lease_until_at = 1")
    const restore = await takeBackup(h.deps)
    await later(h, 60_000)
    expect(h.twilio.messages).toHaveLength(2)
    await restore({ present: false })
    await later(h, 60_000)
    expect(h.twilio.messages).toHaveLength(2)
    expect(await h.message(id)).toMatchObject({ status: 'expired' })
  })

  it('goes out when its time is still to come', async () => {
    const h = await createScheduling()
    await h.add({ at: h.clock.now + dayMs })
    const restore = await takeBackup(h.deps)
    await later(h, hourMs)
    expect(await restore({ present: true })).toMatchObject({ expired: 0 })
    await later(h, dayMs)
    expect(h.twilio.messages).toHaveLength(2)
  })

  it('that was cancelled, deleted or brought forward since does not, where the present database can be read', async () => {
    const h = await createScheduling()
    const ids: number[] = []
    for (const days of [1, 2, 3]) ids.push(await h.add({ at: h.clock.now + days * dayMs }))
    const [cancelled = 0, deleted = 0, forward = 0] = ids
    const restore = await takeBackup(h.deps)
    await cancelScheduled(h.deps, cancelled)
    await deleteScheduled(h.deps, [deleted])
    await editScheduled(h.deps, await h.current(forward), h.draft({ at: h.clock.now + hourMs }))
    await later(h, 2 * hourMs)
    expect(h.twilio.messages).toHaveLength(2)
    expect(await restore({ present: true })).toMatchObject({ expired: 3 })
    await later(h, 4 * dayMs)
    expect(h.twilio.messages).toHaveLength(2)
  })

  it('is not held for deleted by a database that was made anew', async () => {
    const h = await createScheduling()
    const id = await h.add({ at: h.clock.now + dayMs })
    const restore = await takeBackup(h.deps)
    await deleteScheduled(h.deps, [id])
    expect(await restore({ present: true, anew: true })).toMatchObject({ expired: 0 })
  })
})

describe('a series, in a database that is restored', () => {
  it('sends none that was due since the backup, tells of the last, and goes on', async () => {
    const h = await createScheduling()
    await h.repeat()
    const restore = await takeBackup(h.deps)
    for (let day = 0; day < 6; day++) await later(h, day === 0 ? hourMs : dayMs)
    expect(h.twilio.messages).toHaveLength(12)
    await restore({ present: false })
    await later(h, 60_000)
    expect(h.twilio.messages).toHaveLength(12)
    const expired = (await h.messages()).filter(({ status }) => status === 'expired')
    expect(expired.at(-1)).toMatchObject({ reason: 'restored', dueAt: Date.parse('2026-11-27T17:30:00Z') })
    await later(h, dayMs)
    expect(h.twilio.messages).toHaveLength(14)
  })

  it('that was ended since stays ended, where the present database can be read', async () => {
    const h = await createScheduling()
    const { id } = await h.repeat()
    const restore = await takeBackup(h.deps)
    await endRecurring(h.deps, id)
    await restore({ present: true })
    for (let day = 0; day < 4; day++) await later(h, dayMs)
    expect(h.twilio.messages).toHaveLength(0)
  })
})
