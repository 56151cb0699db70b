import { eq, sql } from 'drizzle-orm'
import { type Role, users } from '../db/schema'
import type { Deps } from '../deps'
import { hashOfNobody, hashPassword, verifyPassword } from './passwords'

export type SignedIn = { id: number; username: string; role: Role; mustChangePassword: boolean }

const columns = { id: users.id, username: users.username, role: users.role, mustChangePassword: users.mustChangePassword }

/** The user, or null for an unknown name and a wrong password alike, after the same work. */
export async function checkSignIn(deps: Deps, username: string, password: string): Promise<SignedIn | null> {
  const [user] = await deps.db
    .select({ ...columns, passwordHash: users.passwordHash })
    .from(users)
    .where(sql`lower(${users.username}) = ${username.trim().toLowerCase()}`)
  const valid = await verifyPassword(deps, password, user?.passwordHash ?? hashOfNobody)
  if (!user || !valid) return null
  const { passwordHash: _, ...signedIn } = user
  return signedIn
}

export async function findUser(deps: Pick<Deps, 'db'>, id: number): Promise<SignedIn | null> {
  const [user] = await deps.db.select(columns).from(users).where(eq(users.id, id))
  return user ?? null
}

/**
 * The first admin, from ADMIN_USERNAME and ADMIN_PASSWORD, only while there are no users.
 * `missing` when there is nobody and no password was set: nobody could sign in.
 */
export async function createFirstAdmin(deps: Deps): Promise<'created' | 'exists' | 'missing'> {
  const [anyone] = await deps.db.select({ id: users.id }).from(users).limit(1)
  if (anyone) return 'exists'
  const { adminUsername, adminPassword } = deps.config
  if (adminPassword === '') return 'missing'
  const passwordHash = await hashPassword(deps, adminPassword)
  const now = deps.now()
  // Two processes starting at once: the second finds somebody.
  const made = await deps.db.all(sql`
    INSERT INTO users (username, password_hash, role, must_change_password, created_at, updated_at)
    SELECT ${adminUsername}, ${passwordHash}, 'admin', 0, ${now}, ${now} WHERE NOT EXISTS (SELECT 1 FROM users)
    RETURNING id`)
  return made.length > 0 ? 'created' : 'exists'
}
