import { lt, type SQL, sql } from 'drizzle-orm'
import { atomically } from '../db/database'
import { loginAttempts } from '../db/schema'
import type { Deps } from '../deps'

type Base = Pick<Deps, 'db' | 'now' | 'config'>

/** Who is at the door: a user name as typed, and the client's address. */
export type Visitor = { username: string; address: string }

/** `allowed`: one password may be checked; should it be wrong, the door is shut until `lockedIfWrong` (UTC ms). `locked`: none may, until then. */
export type Try = { kind: 'allowed'; lockedIfWrong: number | null } | { kind: 'locked'; until: number }

/**
 * Takes one try before the password is looked at, so that a hundred requests at once get no more tries than a hundred in a row. It counts
 * as a failure until `forgiveTries`. Whether the user exists plays no part: a name that nobody has is locked alike, and as fast.
 */
export async function takeTry(deps: Base, visitor: Visitor): Promise<Try> {
  const now = deps.now()
  const key = { username: visitor.username.trim().toLowerCase(), address: network(visitor.address) }
  const lock = lockedUntil(deps.config.auth, key, now)
  const [before, , after] = await atomically<{ until: number | null }>(deps.db, [
    lock,
    sql`INSERT INTO login_attempts (username, address, attempted_at)
      SELECT ${key.username}, ${key.address}, ${now} WHERE (${lock}) IS NULL`,
    lock,
  ])
  const until = before?.rows[0]?.until
  if (until) return { kind: 'locked', until }
  return { kind: 'allowed', lockedIfWrong: after?.rows[0]?.until ?? null }
}

/** After the right password: nothing counts against this user any more. What was tried on others from the same address still does. */
export async function forgiveTries({ db }: Pick<Deps, 'db'>, username: string): Promise<void> {
  await db.delete(loginAttempts).where(sql`${loginAttempts.username} = ${username.trim().toLowerCase()}`)
}

/** Deletes the tries that can lock nobody any more. */
export async function pruneTries({ db, now, config }: Base): Promise<void> {
  await db.delete(loginAttempts).where(lt(loginAttempts.attemptedAt, now() - config.auth.attemptWindowMs - config.auth.lockoutMs))
}

type Limits = Base['config']['auth']

/**
 * One row: the end of the longest lock that holds now, or null. Nothing is stored while locked, so the newest try of a full window
 * is the one that locked, and a lock is no longer for being knocked at.
 */
function lockedUntil(limits: Limits, { username, address }: Visitor, now: number): SQL {
  const rules: [SQL, number][] = [
    [sql`username = ${username} AND address = ${address}`, limits.maxAttemptsAddressAccount],
    [sql`username = ${username}`, limits.maxAttemptsAccount],
    [sql`address = ${address}`, limits.maxAttemptsAddress],
  ]
  const ends = rules.map(
    ([whose, most]) => sql`
      SELECT max(attempted_at) + ${limits.lockoutMs} AS until
      FROM (SELECT attempted_at FROM login_attempts WHERE ${whose} AND attempted_at > ${now - limits.attemptWindowMs - limits.lockoutMs}
        ORDER BY attempted_at DESC LIMIT ${most})
      HAVING count(*) = ${most} AND max(attempted_at) - min(attempted_at) <= ${limits.attemptWindowMs}`,
  )
  return sql`SELECT max(until) AS until FROM (${sql.join(ends, sql` UNION ALL `)}) WHERE until > ${now}`
}

/** An IPv6 client has a whole /64 to call from, so that counts as one address; IPv4 written as IPv6 is IPv4. */
function network(address: string): string {
  if (!address.includes(':')) return address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (mapped?.[1]) return mapped[1]
  const [front = '', back] = address.toLowerCase().replace(/%.*$/, '').split('::')
  const head = front.split(':').filter((group) => group !== '')
  const tail = (back ?? '').split(':').filter((group) => group !== '')
  const zeros = back === undefined ? 0 : Math.max(0, 8 - head.length - tail.length)
  const groups = [...head, ...Array<string>(zeros).fill('0'), ...tail].slice(0, 4)
  return `${groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`
}
