import { sql } from 'drizzle-orm'
import {
  communityMembers,
  eventRegistrations,
  events,
  messageTemplates,
  recurringSchedules,
  scheduledMessages,
  suppressedContacts,
  unsubscribedContacts,
} from '../../src/db/schema'
import { runJob } from '../../src/jobs'
import { turnOn } from '../../src/second-factor/second-factor'
import { newSecret } from '../../src/second-factor/totp'
import { createSimulator } from '../../src/simulator/provider'
import { seedBlast, times } from '../blasts/seed'
import { cheapCost, createHarness, origin } from '../support/harness'
import { fillPath } from '../support/routes'

export const someone = '+13235550142'
export type Browser = Awaited<ReturnType<Awaited<ReturnType<typeof createHarness>>['signIn']>>
export type Populated = Awaited<ReturnType<typeof openPopulated>>

/** The app on the simulated provider with something in every list: members, an event, blasts in several states, an import, texts. */
export async function openPopulated(settings: Record<string, string> = {}) {
  const harness = await createHarness({ AUTH_MAX_ATTEMPTS_IP: '10000', AUTH_MAX_ATTEMPTS_ACCOUNT: '1000', ...settings })
  const { deps } = harness
  const nudge = (delayMs: number) => deps.queue.send({ type: 'receipts' }, delayMs)
  deps.sms = createSimulator({ db: deps.db, now: deps.now, sleep: deps.sleep, from: '+13236300201', nudge })
  // The work on a password is the same for every one; what is typed into the field is the point here.
  const { scrypt } = deps
  deps.scrypt = (text, salt, _cost, length) => scrypt(text, salt, cheapCost, length)

  const at = { createdAt: deps.now(), updatedAt: deps.now() }
  await deps.db.insert(communityMembers).values([
    { name: 'Maria Alvarez', phone: someone, ...at },
    { name: 'Wei Chen', phone: '+13235550143', ...at },
  ])
  await deps.db.insert(events).values({ title: 'Supper', date: '2026-11-22', ...at })
  await deps.db.insert(eventRegistrations).values({ eventId: 1, name: 'Nia Okafor', phone: '+13235550144', ...at })
  await deps.db.insert(messageTemplates).values({ name: 'We are closed', nameKey: 'we are closed', messageBody: 'Closed today.', ...at })
  await deps.db.insert(unsubscribedContacts).values({ phone: '+13235550145', name: 'Tom Eriksen', source: 'staff', createdAt: deps.now() })
  const block = { category: 'hard_fail', source: 'message_failure', createdAt: deps.now() }
  await deps.db.insert(suppressedContacts).values({ phone: '+13235550146', name: 'Old landline', ...block })
  const text = { messageBody: 'Supper at 6', target: 'community' as const, timeZone: 'UTC', ...at }
  const dueAt = deps.now() + 86_400_000
  await deps.db.insert(scheduledMessages).values({ ...text, status: 'pending', submissionId: 'scheduled-1', dueAt })
  await seedBlast(harness, { status: 'processing' }, [
    ...times(2, { status: 'queued' }),
    ...times(1, { status: 'unknown', needsPerson: true }),
  ])
  await seedBlast(harness, { status: 'held' }, times(2, { status: 'queued' }))
  await seedBlast(harness, { status: 'paused', pauseCode: 21606 }, times(2, { status: 'queued' }))
  await seedBlast(harness, { status: 'sent' }, [...times(1, { status: 'delivered' }), ...times(1, { status: 'failed', errorCode: 30003 })])
  const later = { messageBody: 'Choir at 7', target: 'community', createdBy: 'rosa', createdAt: deps.now() } as const
  const rule = {
    repeat: 'daily',
    weekdays: [],
    monthDay: 1,
    time: '10:00',
    timeZone: 'UTC',
    startsOn: '2026-11-23',
    until: null,
    count: null,
  }
  await deps.db.insert(recurringSchedules).values({ ...later, submissionId: 'series-form', rule: JSON.stringify(rule) })
  const due = { dueAt: deps.now() + 86_400_000, timeZone: 'UTC', updatedAt: deps.now() }
  await deps.db.insert(scheduledMessages).values({ ...later, ...due, status: 'pending', submissionId: 'scheduled-form', scheduleId: 1 })
  await deps.sms.send({ to: someone, body: 'Supper is at 6', statusCallbackUrl: `${origin}/webhooks/twilio/status?delivery=1&attempt=a` })

  const admin = await harness.signIn('admin', 'rosa')
  const body = new FormData()
  body.set('file', new File(['name,phone\nAna Lopez,3236300201\nNobody,12\n'], 'people.csv'))
  const uploaded = await admin.request('/community/import', { method: 'POST', body, headers: { origin } })
  if (uploaded.status !== 303) throw new Error(`upload answered ${uploaded.status}`)
  await runJob(deps, { type: 'import', importId: 1 })
  const nia = await harness.addUser('nia', 'social_manager')
  await turnOn(deps, nia, { secret: newSecret(), step: 0, provenHash: nia.passwordHash, keptSession: '', trail: [] })
  harness.nudges.length = 0

  /** A route's path with parameters that lead somewhere; a user other than who asks. */
  function pathOf(path: string, paramOf: (name: string) => string | undefined = () => undefined): string {
    const usual: Record<string, string> = { phone: someone, version: 'test', '*': 'app.css' }
    return fillPath(path, (name) => paramOf(name) ?? usual[name] ?? (path.startsWith('/users') ? '2' : '1'))
  }
  const audited = (after: number) =>
    deps.db.all<{ id: number }>(sql`SELECT id, event_type, subject, address FROM audit_events WHERE id > ${after} ORDER BY id`)
  return { ...harness, admin, pathOf, audited }
}
