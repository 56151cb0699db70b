import { sql } from 'drizzle-orm'
import { countAudience } from '../../src/blasts/audience'
import { type BlastDraft, createBlast } from '../../src/blasts/blasts'
import type { DeliveryStatus } from '../../src/db/schema'
import { runCron, runJob } from '../../src/jobs'
import { createTwilioProvider } from '../../src/twilio/client'
import { FakeTwilio, type FakeTwilioOptions } from './fake-twilio'
import { createHarness } from './harness'

const everyone = { target: 'community', eventId: null, testPhone: null } as const

export const phoneOf = (n: number) => `+1323555${String(n).padStart(4, '0')}`

export type Row = {
  id: number
  phone: string
  name: string
  status: DeliveryStatus
  skipReason: string | null
  code: number | null
  sid: string | null
  token: string | null
  attempts: number
  needsPerson: number
}

/** The app on a seeded Twilio. `settle` runs nudges and cron on the test's clock until nothing is left to do. */
export async function createSending(settings: Record<string, string> = {}, options: FakeTwilioOptions = {}) {
  const fakes: FakeTwilio[] = []
  const from = '+13236300201'
  const harness = await createHarness({ SEND_HOLD_SECONDS: '0', TWILIO_AUTH_TOKEN: 'fake-auth-token', ...settings }, (now) => {
    const fake = new FakeTwilio({ ...options, now })
    fakes.push(fake)
    const { accountSid, authToken, baseUrl } = fake
    return createTwilioProvider({ accountSid, authToken, baseUrl, from, timeoutMs: 15_000, fetch: fake.fetch, now })
  })
  const [twilio] = fakes
  if (!twilio) throw new Error('no fake was made')
  const { deps, nudges, clock } = harness

  async function addMembers(count: number) {
    const people = Array.from({ length: count }, (_, i) => [`Person ${String(i).padStart(5, '0')}`, phoneOf(i)])
    await deps.db.run(sql`
      INSERT INTO community_members (name, phone, created_at, updated_at)
      SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), 1, 1 FROM json_each(${JSON.stringify(people)})`)
  }

  async function blast(change: Partial<BlastDraft> = {}) {
    const { fingerprint } = await countAudience(deps.db, everyone)
    const excluded = { optedOut: 0, suppressed: 0, duplicates: 0 }
    const submissionId = deps.newToken()
    const draft = {
      messageBody: 'Hi {first_name}',
      audience: everyone,
      includeUnsubscribe: false,
      submissionId,
      fingerprint,
      excluded,
      createdBy: 'rosa',
      trail: () => [],
      ...change,
    }
    const result = await createBlast(deps, draft)
    if (result.kind === 'changed') throw new Error('the audience changed')
    return result.id
  }

  /** Runs every nudge that is due, then the next, moving the clock; `minutes` of cron afterwards. */
  async function settle(minutes = 1) {
    for (let minute = 0; minute <= minutes; minute++) {
      for (let ran = 0; nudges.length > 0; ran++) {
        if (ran > 1000) throw new Error('nudges never end')
        nudges.sort((a, b) => a.delayMs - b.delayMs)
        const nudge = nudges.shift()
        if (!nudge) break
        clock.now += Math.min(nudge.delayMs, 60_000)
        await runJob(deps, nudge.job)
      }
      if (minute === minutes) break
      clock.now += 60_000
      await runCron(deps)
    }
  }

  const rows = (id: number) =>
    deps.db.all<Row>(sql`
      SELECT id, phone, name, status, skip_reason AS "skipReason", error_code AS code, provider_sid AS sid, claim_token AS token, attempts,
        needs_person AS "needsPerson" FROM message_deliveries WHERE log_id = ${id} ORDER BY id`)
  const log = async (id: number) => {
    const row = await deps.db.query.messageLogs.findFirst({ where: (t, { eq }) => eq(t.id, id) })
    if (!row) throw new Error(`no blast ${id}`)
    return row
  }
  const phones = () => twilio.messages.map(({ to }) => to)

  return { ...harness, twilio, addMembers, blast, settle, rows, log, phones }
}
