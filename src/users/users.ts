import { eq, type SQL, sql } from 'drizzle-orm'
import { raiseAlert } from '../alerts/alerts'
import type { Trail } from '../audit/audit'
import { forgiveTries } from '../auth/lockouts'
import { changePasswordStatements } from '../auth/new-password'
import { hashPassword } from '../auth/passwords'
import { atomically, isUniqueFault } from '../db/database'
import { type Role, users } from '../db/schema'
import type { Deps } from '../deps'
import { NotFound } from '../faults'

export type User = {
  id: number
  username: string
  role: Role
  phone: string | null
  mustChangePassword: boolean
  /** When the second factor was set up; null where there is none. */
  secondFactorAt: number | null
  createdAt: number
}

/** `phone` is E.164. An empty `password` leaves it as it is. */
export type UserInput = { username: string; role: Role; phone: string | null; mustChangePassword: boolean; password: string }

/** `taken`: somebody else has this username, in whatever case. `last_admin`: nobody could manage staff any more. */
export type EditResult = 'saved' | 'taken' | 'last_admin'

const { id, username, role, phone, mustChangePassword, secondFactorAt, createdAt } = users

/** Throws NotFound. */
export async function findUserById({ db }: Pick<Deps, 'db'>, wanted: number): Promise<User> {
  const [user] = await db
    .select({ id, username, role, phone, mustChangePassword, secondFactorAt, createdAt })
    .from(users)
    .where(eq(id, wanted))
  if (!user) throw new NotFound()
  return user
}

export async function addUser(deps: Deps, input: UserInput, trail: Trail): Promise<'saved' | 'taken'> {
  const { password, ...row } = input
  const passwordHash = await hashPassword(deps, password)
  const now = deps.now()
  return unlessTaken(async () => {
    await atomically(deps.db, [
      deps.db
        .insert(users)
        .values({ ...row, passwordHash, createdAt: now, updatedAt: now })
        .getSQL(),
      ...trail,
    ])
    return 'saved' as const
  })
}

/**
 * Another role counts from the user's next request on. A password set here is known to the admin who set it: it ends the user's sessions,
 * and their lock, whose tries were on another one; it has to be changed first of all, and the user is told. Throws NotFound.
 */
export async function editUser(deps: Deps, userId: number, input: UserInput, trail: Trail): Promise<EditResult> {
  const passwordHash = input.password === '' ? null : await hashPassword(deps, input.password)
  const guard = sql`(${input.role} = 'admin' OR ${notTheLastAdmin(userId)})`
  const update = sql`
    UPDATE users SET username = ${input.username}, role = ${input.role}, phone = ${input.phone}, updated_at = ${deps.now()},
      must_change_password = ${input.mustChangePassword || passwordHash !== null ? 1 : 0},
      password_hash = coalesce(${passwordHash}, password_hash)
    WHERE id = ${userId} AND ${guard} RETURNING id`
  const statements =
    passwordHash === null ? [update, ...trail] : changePasswordStatements(deps, { userId, passwordHash, update, guard, trail })
  const result = await unlessTaken(async () => {
    const done = await atomically(deps.db, statements)
    return done.some(({ rows }) => rows.length > 0) ? ('saved' as const) : ('last_admin' as const)
  })
  if (result === 'last_admin') await findUserById(deps, userId)
  if (result === 'saved' && passwordHash !== null) {
    await forgiveTries(deps, input.username)
    await raiseAlert(deps, { id: userId }, 'password_reset')
  }
  return result
}

/** Their sessions go with them; what they sent stays. Throws NotFound. */
export async function deleteUser(
  { db }: Pick<Deps, 'db'>,
  userId: number,
  by: { id: number },
  trail: Trail,
): Promise<'deleted' | 'self' | 'last_admin'> {
  if (userId === by.id) return 'self'
  const [gone] = await atomically(db, [sql`DELETE FROM users WHERE id = ${userId} AND ${notTheLastAdmin(userId)} RETURNING id`, ...trail])
  if (gone?.rows.length === 1) return 'deleted'
  await findUserById({ db }, userId)
  return 'last_admin'
}

/** Asked by the statement that writes: two admins who remove each other at once leave one. */
const notTheLastAdmin = (userId: number): SQL =>
  sql`(role <> 'admin' OR EXISTS (SELECT 1 FROM users AS other WHERE other.role = 'admin' AND other.id <> ${userId}))`

async function unlessTaken<Result>(write: () => Promise<Result>): Promise<Result | 'taken'> {
  try {
    return await write()
  } catch (fault) {
    if (isUniqueFault(fault)) return 'taken'
    throw fault
  }
}
