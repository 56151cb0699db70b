import { eq, sql } from 'drizzle-orm'
import { raiseAlert } from '../alerts/alerts'
import { trailOf } from '../audit/audit'
import { atomically } from '../db/database'
import { type Role, users } from '../db/schema'
import type { Deps } from '../deps'
import { findDevice } from './devices'
import { forgiveTries, takeBackTry, takeTry } from './lockouts'
import { hashOfNobody, hashPassword, isForeignHash, verifyPassword } from './passwords'

export type SignedIn = { id: number; username: string; role: Role; mustChangePassword: boolean; hasSecondFactor: boolean }

/**
 * `proven`: the password is right, which signs nobody in who has a second factor. `passwordHash` is the one that it was proven against: what
 * follows from the proof must not outlive it.
 */
export type SignInResult =
  | { kind: 'proven'; user: SignedIn; passwordHash: string }
  | { kind: 'wrong'; lockedUntil: number | null }
  | { kind: 'locked'; until: number }

type Credentials = { username: string; password: string }

/** Where they come from; `deviceTokens` are those of its cookie, whoever's they are. */
export type Origin = { address: string; deviceTokens: readonly string[] }

const columns = {
  id: users.id,
  username: users.username,
  role: users.role,
  mustChangePassword: users.mustChangePassword,
  hasSecondFactor: sql`${users.secondFactorSecret} IS NOT NULL`.mapWith(Boolean),
}

/**
 * A user name and a password, counted: too many wrong ones lock, and then the right one is refused too. An unknown name gets the same
 * answers after the same work.
 */
export async function trySignIn(deps: Deps, typed: Credentials, { address, deviceTokens }: Origin): Promise<SignInResult> {
  const deviceId = await findDevice(deps, typed.username, deviceTokens)
  const taken = await takeTry(deps, { username: typed.username, address, deviceId })
  if (taken.kind === 'locked') return taken
  const found = await findByPassword(deps, typed)
  if (!found) {
    if (taken.lockedIfWrong !== null) await raiseAlert(deps, { username: typed.username }, 'lockout')
    return { kind: 'wrong', lockedUntil: taken.lockedIfWrong }
  }
  const { passwordHash: proven, ...user } = found
  await (user.hasSecondFactor ? takeBackTry(deps, taken.id) : forgiveTries(deps, typed.username, deviceId))
  const passwordHash = isForeignHash(proven) ? await replaceHash(deps, user.id, proven, typed.password) : proven
  return { kind: 'proven', user, passwordHash }
}

/** The same password, hashed our way. Answers the hash it is proven against: the old one still, where another password came meanwhile. */
async function replaceHash({ db, scrypt }: Deps, userId: number, proven: string, password: string): Promise<string> {
  const hash = await hashPassword({ scrypt }, password)
  const replaced = await db.all(sql`
    UPDATE users SET password_hash = ${hash} WHERE id = ${userId} AND password_hash = ${proven} RETURNING id`)
  return replaced.length > 0 ? hash : proven
}

/** The same work for an unknown name as for a wrong password. */
async function findByPassword(deps: Deps, { username, password }: Credentials) {
  const [user] = await deps.db
    .select({ ...columns, passwordHash: users.passwordHash })
    .from(users)
    // SQLite's lower() knows ASCII only; it must do both sides, or "Élodie" never matches herself.
    .where(sql`lower(${users.username}) = lower(${username.trim()})`)
  const valid = await verifyPassword(deps, password, user?.passwordHash ?? hashOfNobody)
  return user && valid ? user : null
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
  const [made] = await atomically(deps.db, [
    sql`
    INSERT INTO users (username, password_hash, role, must_change_password, created_at, updated_at)
    SELECT ${adminUsername}, ${passwordHash}, 'admin', 0, ${now}, ${now} WHERE NOT EXISTS (SELECT 1 FROM users)
    RETURNING id`,
    ...trailOf(deps, { type: 'user_created', by: null, address: '', subject: `user ${adminUsername}, admin` }),
  ])
  return made?.rows.length === 1 ? 'created' : 'exists'
}
