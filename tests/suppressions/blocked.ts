import { sql } from 'drizzle-orm'
import { suppressedContacts, unsubscribedContacts } from '../../src/db/schema'
import { receiveInbound } from '../../src/deliveries/inbound'
import { createHarness } from '../support/harness'

export const maria = '+13235550142'
export const tom = '+13235550143'
export const aisha = '+13235550144'

type Source = 'inbound' | 'message_failure' | 'staff' | 'import'

/** The app with an admin signed in, and what a test of blocks does again and again. */
export async function createBlocked() {
  const h = await createHarness()
  const admin = await h.signIn('admin', 'rosa')
  let texts = 0

  const optOut = (
    phone: string,
    source: Source = 'staff',
    more: { name?: string; reason?: string; logId?: number; createdAt?: number } = {},
  ) => h.deps.db.insert(unsubscribedContacts).values({ phone, source, createdAt: h.clock.now, ...more })
  const suppress = (phone: string, more: { name?: string; reason?: string; logId?: number; createdAt?: number } = {}) =>
    h.deps.db
      .insert(suppressedContacts)
      .values({ phone, category: 'hard_fail', source: 'message_failure', errorCode: 30005, createdAt: h.clock.now, ...more })
  const addMember = (name: string, phone: string) =>
    h.deps.db.run(
      sql`INSERT INTO community_members (name, phone, created_at, updated_at) VALUES (${name}, ${phone}, ${h.clock.now}, ${h.clock.now})`,
    )
  const text = (from: string, body: string) => receiveInbound(h.deps, { from, body, messageSid: `SM${++texts}` })
  const optOuts = () =>
    h.deps.db.all<{ phone: string; source: string; reason: string }>(
      sql`SELECT phone, source, reason FROM unsubscribed_contacts ORDER BY phone`,
    )
  const suppressed = () =>
    h.deps.db.all<{ phone: string; reason: string }>(sql`SELECT phone, reason FROM suppressed_contacts ORDER BY phone`)
  /** What the record holds of a phone, oldest first: `opted_out keyword Replied STOP`. */
  const record = async (phone: string) =>
    (
      await h.deps.db.all<{ line: string }>(
        sql`SELECT trim(kind || ' ' || how || ' ' || created_by || ' ' || detail) AS line FROM consent_events WHERE phone = ${phone} ORDER BY id`,
      )
    ).map(({ line }) => line.replace(/\s+/g, ' '))
  const audited = () =>
    h.deps.db.all<{ type: string; subject: string; username: string }>(
      sql`SELECT event_type AS type, subject, username FROM audit_events WHERE event_type NOT LIKE 'login%' ORDER BY id`,
    )
  return { ...h, admin, optOut, suppress, addMember, text, optOuts, suppressed, record, audited }
}

export type Blocked = Awaited<ReturnType<typeof createBlocked>>
