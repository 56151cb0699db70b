import { sql } from 'drizzle-orm'
import { lastGivenBack } from '../consents/consents'
import { classify } from '../sms/outcome'
import { type OptOutSource, onOptedOutAlready, optOutSources } from '../suppressions/opt-outs'
import { codeIn } from './codes'
import { nameOf, withPhone } from './people'
import { readPhoneFast } from './phones'
import { type LegacyRow, textOf, timeOf } from './source'
import { type Base, type Take, takeTable } from './take'

/** Seen by staff in the lists, and in the consent record, which a trigger writes. */
const reasonOf = (value: unknown): string => [textOf(value), '(from the former app)'].filter(Boolean).join(' ')

const sourceOf = (value: unknown): OptOutSource =>
  optOutSources.find((source) => source === value) ?? (textOf(value).includes('import') ? 'import' : 'staff')

/** The one time that counts more than the former app's word: a way back that was recorded here since. */
async function isGivenBack({ db }: Base, kind: 'opted_in' | 'lifted', row: LegacyRow): Promise<boolean> {
  const phone = readPhoneFast(textOf(row.phone))
  const at = timeOf(row.created_at)
  if (phone === null || at === null) return false
  const found = await db.get<{ at: number }>(sql`SELECT ${lastGivenBack(kind, sql`${phone}`)} AS at`)
  return (found?.at ?? 0) > at
}

const optOutColumns = ['phone', 'name', 'reason', 'source', 'log_id', 'created_at']

/** Who is opted out here keeps that, unless the person's own word comes. */
const strongerWord: Take['after'] = ({ rows }) => [
  sql`
    INSERT INTO unsubscribed_contacts (${sql.raw(optOutColumns.join(', '))})
    SELECT ${sql.raw(optOutColumns.map((column) => `v.value ->> '${column}'`).join(', '))} FROM ${rows} v WHERE true ${onOptedOutAlready}`,
]

export const takeOptOuts = (base: Base): Promise<void> =>
  takeTable(base, {
    from: 'unsubscribed_contacts',
    into: 'unsubscribed_contacts',
    columns: optOutColumns,
    same: `t.phone = v.value ->> 'phone'`,
    key: ({ phone }) => String(phone),
    read: async (row) => {
      if (await isGivenBack(base, 'opted_in', row)) return { refuse: 'opted in again here since' }
      const created_at = timeOf(row.created_at) ?? base.now()
      const rest = { name: nameOf(row.name), reason: reasonOf(row.reason), source: sourceOf(row.source), log_id: null, created_at }
      return withPhone(row.phone, (phone) => ({ take: { id: row.id, phone, ...rest } }))
    },
    after: strongerWord,
  })

/** Faults of ours, by our table: the former app blocked people for them, and deleted them. */
const ours = new Set(['sender_config', 'account', 'geo', 'content', 'retryable', 'info'])

export const takeSuppressions = (base: Base): Promise<void> =>
  takeTable(base, {
    from: 'suppressed_contacts',
    into: 'suppressed_contacts',
    columns: ['phone', 'category', 'reason', 'error_code', 'source', 'log_id', 'created_at'],
    same: `t.phone = v.value ->> 'phone'`,
    key: ({ phone }) => String(phone),
    links: { source_message_log_id: 'message_logs' },
    read: async (row, lookup) => {
      const code = codeIn(textOf(row.reason))
      if (ours.has(classify(code))) return { refuse: `blocked for ${code}, which is no fault of the number` }
      if (await isGivenBack(base, 'lifted', row)) return { refuse: 'lifted here since' }
      const rest = {
        category: textOf(row.category) || 'hard_fail',
        reason: reasonOf(row.reason),
        error_code: code,
        opted_out: classify(code) === 'opted_out' || /^opt/.test(textOf(row.category)) ? 1 : 0,
        source: textOf(row.source) || 'message_failure',
        log_id: lookup('message_logs', row.source_message_log_id),
        created_at: timeOf(row.created_at) ?? base.now(),
      }
      return withPhone(row.phone, (phone) => ({ take: { id: row.id, phone, ...rest } }))
    },
    // What the provider said of these is the person's own word.
    after: ({ rows }) => [
      sql`
        INSERT INTO unsubscribed_contacts (phone, reason, source, log_id, created_at)
        SELECT v.value ->> 'phone', v.value ->> 'reason', 'message_failure', v.value ->> 'log_id', v.value ->> 'created_at'
        FROM ${rows} v WHERE v.value ->> 'opted_out' = 1 ${onOptedOutAlready}`,
    ],
  })
