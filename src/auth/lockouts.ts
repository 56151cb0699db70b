import { lt, type SQL, sql } from 'drizzle-orm'
import { atomically } from '../db/database'
import { loginAttempts } from '../db/schema'
import type { Deps } from '../deps'

type Base = Pick<Deps, 'db' | 'now' | 'config'>

/** Who is at the door: a user name as typed, the client's address, and the remembered device of that user it comes from. */
export type Visitor = { username: string; address: string; deviceId: number | null }

/**
 * `allowed`: one password or code may be checked; should it be wrong, the door is shut until `lockedIfWrong` (UTC ms). `locked`: none may, until then.
 */
export type Try = { kind: 'allowed'; id: number; lockedIfWrong: number | null } | { kind: 'locked'; until: number }

/**
 * Takes one try before the password, or the code, is looked at, so that a hundred requests at once get no more tries than a hundred in a row. It counts
 * as a failure until `forgiveTries`. Whether the user exists plays no part: a name that nobody has is locked alike, and as fast.
 */
export async function takeTry(deps: Base, visitor: Visitor): Promise<Try> {
  const now = deps.now()
  const key = { ...visitor, username: keyOf(visitor.username), address: network(visitor.address) }
  const lock = lockedUntil(deps.config.auth, key, now)
  const [before, taken, after] = await atomically<{ until: number | null; id: number }>(deps.db, [
    lock,
    sql`INSERT INTO login_attempts (username, address, device_id, attempted_at)
      SELECT ${key.username}, ${key.address}, ${key.deviceId}, ${now} WHERE (${lock}) IS NULL RETURNING id`,
    lock,
  ])
  const until = before?.rows[0]?.until
  if (until) return { kind: 'locked', until }
  return { kind: 'allowed', id: taken?.rows[0]?.id ?? 0, lockedIfWrong: after?.rows[0]?.until ?? null }
}

/** The right password where a code is still to come: no failure, and no reason to forgive wrong codes, or they could be guessed without end. */
export async function takeBackTry({ db }: Pick<Deps, 'db'>, id: number): Promise<void> {
  await db.run(sql`DELETE FROM login_attempts WHERE id = ${id}`)
}

/**
 * After the right password, and the code where there is one: nothing counts against this user any more. What was tried on others from the same address still does, and after
 * the right one on a remembered device, so does what somebody else tried elsewhere.
 */
export async function forgiveTries({ db }: Pick<Deps, 'db'>, username: string, deviceId: number | null = null): Promise<void> {
  const whose = deviceId === null ? sql`username = ${keyOf(username)}` : sql`device_id = ${deviceId}`
  await db.run(sql`DELETE FROM login_attempts WHERE ${whose}`)
}

/** UTC ms. `everywhere`: from wherever no remembered device is; else only where the tries came from. */
export type Lock = { until: number; everywhere: boolean }

/** The longest lock of a user that holds now. */
export async function lockOf({ db, now, config }: Base, name: string): Promise<Lock | null> {
  const limits = config.auth
  const username = keyOf(name)
  const strangers = sql`username = ${username} AND device_id IS NULL`
  const [all, some] = await Promise.all(
    [
      [fullWindow(limits, strangers, limits.maxAttemptsAccount, now())],
      [
        fullWindow(limits, strangers, limits.maxAttemptsAddressAccount, now(), 'address'),
        fullWindow(limits, sql`username = ${username} AND device_id IS NOT NULL`, limits.maxAttemptsAddressAccount, now(), 'device_id'),
      ],
    ].map((rules) => db.get<{ until: number | null }>(longest(rules, now()))),
  )
  if (all?.until) return { until: all.until, everywhere: true }
  return some?.until ? { until: some.until, everywhere: false } : null
}

/** Deletes the tries that can lock nobody any more. */
export async function pruneTries({ db, now, config }: Base): Promise<void> {
  await db.delete(loginAttempts).where(lt(loginAttempts.attemptedAt, now() - config.auth.attemptWindowMs - config.auth.lockoutMs))
}

type Limits = Base['config']['auth']

const keyOf = (username: string): string => username.trim().toLowerCase()

/**
 * One row: the end of the longest lock that holds now, or null. A remembered device is counted by itself, so that nobody elsewhere, or behind
 * the same address, locks its user out; and it counts against nobody else.
 */
function lockedUntil(limits: Limits, { username, address, deviceId }: Visitor, now: number): SQL {
  if (deviceId !== null) return longest([fullWindow(limits, sql`device_id = ${deviceId}`, limits.maxAttemptsAddressAccount, now)], now)
  const rules: [SQL, number][] = [
    [sql`username = ${username} AND address = ${address}`, limits.maxAttemptsAddressAccount],
    [sql`username = ${username}`, limits.maxAttemptsAccount],
    [sql`address = ${address}`, limits.maxAttemptsAddress],
  ]
  return longest(
    rules.map(([whose, most]) => fullWindow(limits, sql`${whose} AND device_id IS NULL`, most, now)),
    now,
  )
}

const longest = (ends: SQL[], now: number): SQL =>
  sql`SELECT max(until) AS until FROM (${sql.join(ends, sql` UNION ALL `)}) WHERE until > ${now}`

/**
 * The end of the lock that the newest `most` tries make, if they lie within one window; of each address or device by itself, if asked.
 * Nothing is stored while locked, so the newest try of a full window is the one that locked, and a lock is no longer for being knocked at.
 */
function fullWindow(limits: Limits, whose: SQL, most: number, now: number, each?: 'address' | 'device_id'): SQL {
  const one = each ? sql.raw(each) : sql`NULL`
  return sql`
    SELECT max(attempted_at) + ${limits.lockoutMs} AS until
    FROM (SELECT attempted_at, ${one} AS one, row_number() OVER (${each ? sql`PARTITION BY ${one} ` : sql``}ORDER BY attempted_at DESC) AS nth
      FROM login_attempts WHERE ${whose} AND attempted_at > ${now - limits.attemptWindowMs - limits.lockoutMs})
    WHERE nth <= ${most} GROUP BY one
    HAVING count(*) = ${most} AND max(attempted_at) - min(attempted_at) <= ${limits.attemptWindowMs}`
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
