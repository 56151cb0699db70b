import type { Context } from 'hono'
import * as z from 'zod'
import { auditOutcomes } from '../db/schema'
import { resolveWallTime } from '../schedule/wall-time'
import type { FormState } from '../web/form'
import { readListing } from '../web/listing'
import { type AuditState, auditSorts } from './queries'
import { auditTypeNames } from './types'

const typed = z.string().trim().max(100).catch('')

const dayMs = 86_400_000

/** UTC ms at which a day, YYYY-MM-DD, begins in `timeZone`; null for what is no day. */
function startOfDay(date: string, timeZone: string): number | null {
  const start = resolveWallTime({ date, time: '00:00' }, timeZone, 'first', Number.NEGATIVE_INFINITY)
  return 'at' in start ? start.at : null
}

const dayAfter = (date: string): string => new Date(Date.parse(`${date}T00:00:00Z`) + dayMs).toISOString().slice(0, 10)

const noDay = 'This is no day. Write it like 2026-11-30.'

/** What the list is narrowed to: `form` holds it as it was typed, `state` as it is looked for. Days are those of `timeZone`, both ends with them. */
export function readAuditListing(c: Context, timeZone: string): { state: AuditState; form: FormState } {
  const listing = readListing(c, {
    sorts: auditSorts,
    defaultDir: 'desc',
    filters: { event_type: auditTypeNames, outcome: auditOutcomes },
  })
  const query = c.req.query()
  const [username, dateFrom, dateTo] = [typed.parse(query.username), typed.parse(query.date_from), typed.parse(query.date_to)]
  const from = dateFrom === '' ? null : startOfDay(dateFrom, timeZone)
  const last = dateTo === '' ? null : startOfDay(dateTo, timeZone)
  const before = last === null ? null : startOfDay(dayAfter(dateTo), timeZone)

  const faults: FormState['faults'] = {}
  if (dateFrom !== '' && from === null) faults.date_from = noDay
  if (dateTo !== '' && before === null) faults.date_to = noDay
  if (from !== null && last !== null && last < from) faults.date_to = 'The last day is before the first. Swap them.'
  const values = { ...listing.filters, username, date_from: dateFrom, date_to: dateTo }
  const filters = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''))
  // There is nothing to search but the name, which has a field of its own.
  return { state: { ...listing, search: '', path: '/security/events', filters, from, before }, form: { values, faults } }
}
