import { messageDirections } from '../db/schema'
import { codeIn } from './codes'
import { nameOf, withPhone } from './people'
import { flagOf, numberOf, textOf, timeOf } from './source'
import { type Base, takeTable } from './take'

/** Capitals, white space collapsed: as texts are compared with it. */
export const keywordOf = (value: unknown): string => textOf(value).toUpperCase().replace(/\s+/g, ' ')

const takeThreads = (base: Base): Promise<void> =>
  takeTable(base, {
    from: 'inbox_threads',
    into: 'inbox_threads',
    columns: ['phone', 'name', 'unread', 'preview', 'last_direction', 'last_message_at', 'created_at', 'updated_at'],
    same: `t.phone = v.value ->> 'phone'`,
    key: ({ phone }) => String(phone),
    read: (row) =>
      withPhone(row.phone, (phone) => {
        const created_at = timeOf(row.created_at) ?? base.now()
        const last_message_at = timeOf(row.last_message_at) ?? created_at
        const rest = { preview: textOf(row.last_message_preview), last_direction: textOf(row.last_direction) || null, last_message_at }
        const updated_at = timeOf(row.updated_at) ?? last_message_at
        return {
          take: { id: row.id, phone, name: nameOf(row.contact_name), unread: numberOf(row.unread_count), ...rest, created_at, updated_at },
        }
      }),
  })

const takeMessages = (base: Base): Promise<void> =>
  takeTable(base, {
    from: 'inbox_messages',
    into: 'inbox_messages',
    columns: [
      ...['thread_id', 'direction', 'message_body', 'message_sid', 'automation', 'automation_id', 'keyword', 'status', 'error_code'],
      ...['error', 'payload', 'created_at'],
    ],
    same: `t.message_sid = v.value ->> 'message_sid'`,
    key: ({ message_sid }) => String(message_sid ?? ''),
    links: { thread_id: 'inbox_threads' },
    read: (row, lookup) => {
      const threadId = lookup('inbox_threads', row.thread_id)
      if (threadId === null) return { refuse: 'its conversation is not here' }
      const direction = messageDirections.find((one) => one === row.direction)
      if (!direction) return { refuse: 'neither from nor to anybody' }
      return {
        take: {
          id: row.id,
          thread_id: threadId,
          direction,
          message_body: String(row.body ?? ''),
          message_sid: textOf(row.message_sid) || null,
          automation: textOf(row.automation_source),
          automation_id: numberOf(row.automation_source_id) || null,
          keyword: textOf(row.matched_keyword),
          status: textOf(row.delivery_status),
          error_code: codeIn(textOf(row.delivery_error)),
          error: textOf(row.delivery_error),
          payload: textOf(row.raw_payload),
          created_at: timeOf(row.created_at) ?? base.now(),
        },
      }
    },
  })

const takeKeywords = (base: Base): Promise<void> =>
  takeTable(base, {
    from: 'keyword_automation_rules',
    into: 'keyword_rules',
    columns: ['keyword', 'response', 'active', 'matches', 'last_matched_at', 'created_at', 'updated_at'],
    same: `t.keyword = v.value ->> 'keyword'`,
    key: ({ keyword }) => String(keyword),
    read: (row) => {
      const keyword = keywordOf(row.keyword)
      if (keyword === '') return { refuse: 'no keyword' }
      const created_at = timeOf(row.created_at) ?? base.now()
      const times = { last_matched_at: timeOf(row.last_matched_at), created_at, updated_at: timeOf(row.updated_at) ?? created_at }
      const response = String(row.response_body ?? '')
      return { take: { id: row.id, keyword, response, active: flagOf(row.is_active), matches: numberOf(row.match_count), ...times } }
    },
  })

export async function takeInbox(base: Base): Promise<void> {
  await takeThreads(base)
  await takeMessages(base)
  await takeKeywords(base)
}
