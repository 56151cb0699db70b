import { type SQL, sql } from 'drizzle-orm'
import { isReadableHash } from '../auth/passwords'
import { recordConsent } from '../consents/consents'
import { type Role, roles } from '../db/schema'
import { maxNameLength } from '../members/members'
import { cleanName } from '../sms/text'
import { readPhone } from './phones'
import { textOf, timeOf } from './source'
import { type Base, type Reading, type Take, takeTable } from './take'

export const broughtAlong = 'Import from the former app'
export const oddPhone = 'kept as it is, though there is no such number by libphonenumber'

export const nameOf = (value: unknown): string => cleanName(textOf(value)).slice(0, maxNameLength)

/** A row by its phone, with what is to be told of it. */
export function withPhone(value: unknown, row: (phone: string) => Omit<Extract<Reading, { take: unknown }>, 'kept'>): Reading {
  const read = readPhone(textOf(value))
  if ('fault' in read) return { refuse: `no phone: ${read.fault}` }
  return { ...row(read.phone), ...(read.odd ? { kept: oddPhone } : {}) }
}

/** Staff with their passwords, of which the hashes are replaced when they sign in (auth/sign-in.ts). */
export async function takeUsers(base: Base): Promise<void> {
  const { now } = base
  await takeTable(base, {
    from: 'users',
    into: 'users',
    columns: ['username', 'password_hash', 'role', 'phone', 'must_change_password', 'created_at', 'updated_at'],
    same: `lower(t.username) = lower(v.value ->> 'username')`,
    key: ({ username }) => String(username).toLowerCase(),
    read: (row) => {
      const username = textOf(row.username)
      if (username === '') return { refuse: 'no username' }
      const hash = textOf(row.password_hash)
      const phone = textOf(row.phone) === '' ? null : readPhone(textOf(row.phone))
      const role: Role | undefined = roles.find((one) => one === row.role)
      const kept = [
        ...(isReadableHash(hash) ? [] : ['password cannot be read, give a new one with --reset-password']),
        ...(role ? [] : ['role is unknown here, a social manager now']),
        ...(phone && 'fault' in phone ? ['phone is none, left out'] : phone?.odd ? [`phone ${oddPhone}`] : []),
      ]
      const created = timeOf(row.created_at) ?? now()
      const take = {
        id: row.id,
        username,
        password_hash: hash,
        role: role ?? 'social_manager',
        phone: phone && 'phone' in phone ? phone.phone : null,
        must_change_password: row.must_change_password ? 1 : 0,
        created_at: created,
        updated_at: created,
      }
      return { take, ...(kept.length > 0 ? { kept: kept.join('; ') } : {}) }
    },
  })
  await takeTable(base, {
    from: 'user_password_history',
    into: 'password_history',
    columns: ['user_id', 'password_hash', 'created_at'],
    same: null,
    links: { user_id: 'users' },
    read: (row, lookup) => {
      const userId = lookup('users', row.user_id)
      if (userId === null) return { refuse: 'of a user who is not here' }
      return {
        take: { id: row.id, user_id: userId, password_hash: textOf(row.password_hash), created_at: timeOf(row.created_at) ?? now() },
      }
    },
  })
}

/** The consent record of whoever is new in a list. */
const recorded =
  (now: () => number, eventId?: SQL): Take['before'] =>
  ({ fresh }) => [
    recordConsent(
      { kind: 'added', how: 'import', detail: broughtAlong, eventId, now: now() },
      sql`SELECT v.value ->> 'phone' AS phone, v.value ->> 'event_id' AS event_id FROM ${fresh}`,
    ),
  ]

export const takeMembers = (base: Base): Promise<void> =>
  takeTable(base, {
    from: 'community_members',
    into: 'community_members',
    columns: ['name', 'phone', 'created_at', 'updated_at'],
    same: `t.phone = v.value ->> 'phone'`,
    key: ({ phone }) => String(phone),
    read: (row) =>
      withPhone(row.phone, (phone) => {
        const created = timeOf(row.created_at) ?? base.now()
        return { take: { id: row.id, name: nameOf(row.name), phone, created_at: created, updated_at: created } }
      }),
    before: recorded(base.now),
  })

export const takeEvents = (base: Base): Promise<void> =>
  takeTable(base, {
    from: 'events',
    into: 'events',
    columns: ['title', 'date', 'created_at', 'updated_at'],
    same: null,
    read: (row) => {
      const title = textOf(row.title)
      if (title === '') return { refuse: 'no title' }
      const created = timeOf(row.created_at) ?? base.now()
      const date = /^\d{4}-\d\d-\d\d/.exec(textOf(row.date))?.[0] ?? null
      return { take: { id: row.id, title, date, created_at: created, updated_at: created } }
    },
  })

export const takeRegistrations = (base: Base): Promise<void> =>
  takeTable(base, {
    from: 'event_registrations',
    into: 'event_registrations',
    columns: ['event_id', 'name', 'phone', 'created_at', 'updated_at'],
    same: `t.event_id = v.value ->> 'event_id' AND t.phone = v.value ->> 'phone'`,
    key: ({ event_id, phone }) => `${event_id} ${phone}`,
    links: { event_id: 'events' },
    read: (row, lookup) => {
      const eventId = lookup('events', row.event_id)
      if (eventId === null) return { refuse: 'its event is not here' }
      return withPhone(row.phone, (phone) => {
        const created = timeOf(row.created_at) ?? base.now()
        return { take: { id: row.id, event_id: eventId, name: nameOf(row.name), phone, created_at: created, updated_at: created } }
      })
    },
    before: recorded(base.now, sql.raw('event_id')),
  })
