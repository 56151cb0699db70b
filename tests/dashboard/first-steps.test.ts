import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { boxOf, wordsOf } from '../compose/office'
import { createSending } from '../support/sending'

const openNew = async (settings: Record<string, string> = { ADMIN_TEST_PHONE: '+13235550199' }) => {
  const office = await createSending(settings)
  const admin = await office.signIn('admin')
  const steps = async () => {
    const words = wordsOf(await admin.text('/dashboard'))
    return /First steps (\d of \d) done/.exec(words)?.[1] ?? null
  }
  return { ...office, admin, steps }
}

const test = { audience: { target: 'community', eventId: null, testPhone: '+13235550199' } } as const

describe('the first steps', () => {
  it('are ticked as they happen, and gone once all have', async () => {
    const office = await openNew()
    // Twilio is connected; nothing else has happened.
    expect(await office.steps()).toBe('1 of 5')
    await office.addMembers(2)
    expect(await office.steps()).toBe('2 of 5')
    await office.blast(test)
    await office.settle()
    expect(await office.steps()).toBe('4 of 5')
    await office.deps.db.run(sql`UPDATE message_deliveries SET status = 'delivered'`)
    expect(await office.steps()).toBeNull()
  })

  it('a blast to people is no test, and a test that the provider refuses ticks nothing', async () => {
    const office = await openNew()
    await office.addMembers(1)
    await office.blast()
    await office.settle()
    expect(await office.steps()).toBe('3 of 5')
    await office.deps.db.run(sql`UPDATE message_deliveries SET status = 'failed'`)
    expect(await office.steps()).toBe('2 of 5')
  })

  it('begin anew with another sender, and are not for an office of many blasts', async () => {
    const office = await openNew()
    await office.addMembers(1)
    await office.blast(test)
    await office.settle()
    await office.deps.db.run(sql`UPDATE message_logs SET sender = '+13235550000'`)
    expect(await office.steps()).toBe('2 of 5')
    for (let i = 0; i < 51; i++) await office.blast()
    expect(await office.steps()).toBeNull()
  })

  it('are the admin’s', async () => {
    const office = await openNew()
    const manager = await office.signIn('social_manager')
    expect(await manager.text('/dashboard')).not.toContain('First steps')
  })

  it('lead to a test that is written already, or say what it lacks', async () => {
    const { admin } = await openNew()
    expect(await admin.text('/dashboard')).toContain('href="/dashboard?test=1"')
    const html = await admin.text('/dashboard?test=1')
    expect(boxOf(html)).toContain('This is a test.')
    expect(html).toMatch(/name="test_mode"[^>]*checked/)

    const lacking = await openNew({})
    const words = await lacking.admin.text('/dashboard')
    expect(words).toContain('ADMIN_TEST_PHONE')
    expect(words).not.toContain('href="/dashboard?test=1"')
  })
})
