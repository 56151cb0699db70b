import { auditOutcomes } from '../db/schema'
import { withoutPhones } from '../suppressions/words'
import { textOf, timeOf } from './source'
import { type Base, takeTable } from './take'

const longestValue = 40

/** The former app's trail. What it kept along may be long or hold a phone; neither belongs in ours. */
export const takeAudit = (base: Base): Promise<void> =>
  takeTable(base, {
    from: 'auth_events',
    into: 'audit_events',
    columns: ['event_type', 'outcome', 'user_id', 'username', 'address', 'subject', 'created_at'],
    same: null,
    links: { user_id: 'users' },
    read: (row, lookup) => ({
      take: {
        id: row.id,
        event_type: textOf(row.event_type).slice(0, 50),
        outcome: auditOutcomes.find((one) => one === row.outcome) ?? 'failure',
        user_id: lookup('users', row.user_id),
        username: textOf(row.username).slice(0, 100),
        address: textOf(row.client_ip),
        subject: subjectOf(textOf(row.metadata_json)),
        created_at: timeOf(row.created_at) ?? base.now(),
      },
    }),
  })

function subjectOf(metadata: string): string {
  let parsed: unknown = null
  try {
    parsed = JSON.parse(metadata || '{}')
  } catch {}
  const told = Object.entries(typeof parsed === 'object' && parsed !== null ? parsed : {}).flatMap(([name, value]) =>
    ['string', 'number', 'boolean'].includes(typeof value) && String(value).length <= longestValue ? `${name} ${value}` : [],
  )
  return withoutPhones(['in the former app', ...told].join(', ')).slice(0, 200)
}
