import type { ScheduledStatus } from '../schedule/scheduled'
import { compileTemplate } from '../sms/text'
import { targetOf } from './blasts'
import { flagOf, textOf, timeOf } from './source'
import { type Base, type Reading, takeTable } from './take'

const over: readonly ScheduledStatus[] = ['sent', 'failed', 'expired', 'cancelled']

type Options = { timeZone: string }

/** What is ahead waits here too; what is over is history. Nothing that was due before now is ever sent. */
export const takeScheduled = (base: Base, { timeZone }: Options): Promise<void> =>
  takeTable(base, {
    from: 'scheduled_messages',
    into: 'scheduled_messages',
    columns: [
      ...['status', 'reason', 'message_body', 'target', 'event_id', 'test_mode', 'submission_id', 'time_zone', 'due_at', 'log_id'],
      ...['created_at', 'updated_at'],
    ],
    same: `t.submission_id = v.value ->> 'submission_id'`,
    links: { event_id: 'events', message_log_id: 'message_logs' },
    read: (row, lookup): Reading => {
      const due = timeOf(row.scheduled_at)
      if (due === null) return { refuse: 'no time' }
      const target = targetOf(row.target) ?? 'community'
      const eventId = lookup('events', row.event_id)
      const logId = lookup('message_logs', row.message_log_id)
      const ahead = row.status === 'pending' && due > base.now()
      if (ahead && target === 'event' && eventId === null) return { refuse: 'its event is not here' }
      const template = compileTemplate(textOf(row.message_body))
      if (ahead && !template.ok) return { refuse: `its text cannot be sent: ${template.message}` }
      const status = ahead ? 'pending' : statusOf(row.status, logId)
      const created = timeOf(row.created_at) ?? base.now()
      const take = {
        id: row.id,
        status,
        reason: status === 'expired' ? 'late' : '',
        message_body: textOf(row.message_body),
        target,
        event_id: eventId,
        test_mode: flagOf(row.test_mode),
        submission_id: `legacy-${base.source.origin}-${row.id}`,
        time_zone: timeZone,
        due_at: due,
        log_id: logId,
        created_at: created,
        updated_at: timeOf(row.sent_at) ?? created,
      }
      return { take, ...(ahead ? { kept: 'still ahead: goes out from here when it is due, so the former app must not run any more' } : {}) }
    },
  })

/** Of one that is not to be sent any more: due while nothing ran, or under way when the former app stopped. */
function statusOf(status: unknown, logId: number | null): ScheduledStatus {
  return over.find((one) => one === status) ?? (logId === null ? 'expired' : 'sent')
}
