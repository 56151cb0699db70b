import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/database'
import type { Role } from '../db/schema'
import { searchDigits } from '../sms/phone'
import type { ListingPage, ListingState } from '../web/listing'
import { contains } from '../web/search'
import type { User } from './users'

export const userSorts = ['username', 'role', 'created_at'] as const
export type UserSort = (typeof userSorts)[number]

const order: Record<UserSort, Record<'asc' | 'desc', SQL>> = {
  username: { asc: sql.raw('lower(username)'), desc: sql.raw('lower(username) DESC') },
  role: { asc: sql.raw('role, lower(username)'), desc: sql.raw('role DESC, lower(username)') },
  created_at: { asc: sql.raw('created_at, id'), desc: sql.raw('created_at DESC, id DESC') },
}

/** A scan: an office has a few dozen users at most. */
function conditions({ search, filters }: ListingState<UserSort>): SQL {
  const all = [sql`1`]
  const digits = searchDigits(search)
  const inPhone = digits ? sql` OR ${contains(sql.raw('phone'), digits)}` : sql``
  if (search !== '') all.push(sql`(${contains(sql.raw('username'), search)}${inPhone})`)
  if (filters.role) all.push(sql`role = ${filters.role}`)
  return sql.join(all, sql` AND `)
}

export async function listUsers(db: Db, state: ListingState<UserSort>): Promise<ListingPage<User>> {
  const where = conditions(state)
  const [rows, total] = await Promise.all([
    db.all<Omit<User, 'mustChangePassword'> & { mustChangePassword: number }>(sql`
      SELECT id, username, role, phone, must_change_password AS "mustChangePassword", second_factor_at AS "secondFactorAt",
        created_at AS "createdAt"
      FROM users WHERE ${where} ORDER BY ${order[state.sort][state.dir]}
      LIMIT ${state.pageSize} OFFSET ${(state.page - 1) * state.pageSize}`),
    db.get<{ n: number }>(sql`SELECT count(*) AS n FROM users WHERE ${where}`),
  ])
  return { rows: rows.map((row) => ({ ...row, mustChangePassword: row.mustChangePassword === 1 })), total: total?.n ?? 0 }
}

export type UserCounts = Record<Role, number>

export async function countUsers(db: Db): Promise<UserCounts> {
  const rows = await db.all<{ role: Role; n: number }>(sql`SELECT role, count(*) AS n FROM users GROUP BY role`)
  const of = (role: Role) => rows.find((row) => row.role === role)?.n ?? 0
  return { admin: of('admin'), social_manager: of('social_manager') }
}
