import { sql } from 'drizzle-orm'
import { type BlastStatus, type DeliveryStatus, messageLogs } from '../../src/db/schema'
import type { Harness } from '../support/harness'

type Delivery = {
  status: DeliveryStatus
  name?: string
  phone?: string
  skipReason?: string
  errorCode?: number | null
  needsPerson?: boolean
  attempts?: number
  providerSid?: string
  parts?: number
}

type Seed = Partial<typeof messageLogs.$inferInsert> & { status: BlastStatus }

let made = 0
export const phoneOf = (n: number) => `+1323555${String(n).padStart(4, '0')}`

/** `count(3, {status: 'queued'})`: as many alike. */
export const times = (n: number, delivery: Delivery): Delivery[] => Array.from({ length: n }, () => ({ ...delivery }))

const isOpen = (status: BlastStatus) => status === 'held' || status === 'processing' || status === 'paused'

/** A blast with its deliveries, straight into the tables; answers its id. */
export async function seedBlast({ deps, clock }: Pick<Harness, 'deps' | 'clock'>, blast: Seed, deliveries: Delivery[]): Promise<number> {
  const createdAt = blast.createdAt ?? clock.now - 60_000
  const [row] = await deps.db
    .insert(messageLogs)
    .values({
      messageBody: 'Hi {first_name|friend}, Harvest Supper is tonight at 6 in the hall',
      target: 'community',
      sender: '+13236300201',
      submissionId: `seed-${++made}`,
      createdBy: 'rosa',
      totalRecipients: deliveries.length,
      holdUntil: createdAt + 15_000,
      createdAt,
      startedAt: blast.status === 'held' ? null : createdAt + 15_000,
      finishedAt: isOpen(blast.status) ? null : createdAt + 30_000,
      ...blast,
    })
    .returning({ id: messageLogs.id })
  if (!row) throw new Error('blast not stored')
  const rows = deliveries.map((d, i) => [
    d.phone ?? phoneOf(i + 1),
    d.name ?? `Person ${String(i + 1).padStart(4, '0')}`,
    d.status,
    d.skipReason ?? null,
    d.errorCode ?? null,
    d.needsPerson ? 1 : 0,
    d.attempts ?? 0,
    d.providerSid ?? null,
    d.parts ?? null,
  ])
  await deps.db.run(sql`
    INSERT INTO message_deliveries (log_id, phone, name, status, skip_reason, error_code, needs_person, attempts, provider_sid, parts, attempted_at, updated_at)
    SELECT ${row.id}, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8,
      ${clock.now - 30_000}, ${clock.now - 20_000} FROM json_each(${JSON.stringify(rows)})`)
  return row.id
}

/** One of every state, and what staff look for in each: 512 delivered … 392 to go, of 1,243. */
export const harvestSupper: Delivery[] = [
  ...times(512, { status: 'delivered', providerSid: 'SM1', parts: 1 }),
  ...times(131, { status: 'sent', providerSid: 'SM2' }),
  ...times(187, { status: 'accepted', providerSid: 'SM3' }),
  ...times(3, { status: 'skipped', skipReason: 'opted_out' }),
  ...times(5, { status: 'undelivered', errorCode: 30003, providerSid: 'SM4' }),
  ...times(4, { status: 'failed', errorCode: 21614 }),
  ...times(3, { status: 'undelivered', errorCode: 30006, providerSid: 'SM5' }),
  ...times(2, { status: 'failed', errorCode: 21610 }),
  ...times(1, { status: 'failed', errorCode: 21408 }),
  ...times(3, { status: 'unknown' }),
  ...times(20, { status: 'sending' }),
  ...times(372, { status: 'queued' }),
]
