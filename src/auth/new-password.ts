import { type SQL, sql } from 'drizzle-orm'
import type { Trail } from '../audit/audit'
import type { Deps } from '../deps'
import { verifyPassword } from './passwords'

type Change = {
  userId: number
  /** The new one, as it is stored. */
  passwordHash: string
  /** The UPDATE that stores it, and its condition on the row of `users`: what else happens, happens only if it holds. */
  update: SQL
  guard: SQL
  trail: Trail
}

/**
 * The statements of one `atomically` by which a user gets another password: the old one joins the former ones, of which the newest
 * PASSWORD_HISTORY_COUNT stay, every session ends and every device is forgotten. The update's own result is the second.
 */
export function changePasswordStatements({ now, config }: Pick<Deps, 'now' | 'config'>, change: Change): SQL[] {
  const { userId, passwordHash, update, guard, trail } = change
  const done = sql`EXISTS (SELECT 1 FROM users WHERE id = ${userId} AND password_hash = ${passwordHash})`
  return [
    sql`INSERT INTO password_history (user_id, password_hash, created_at)
      SELECT id, password_hash, ${now()} FROM users WHERE id = ${userId} AND ${guard}`,
    update,
    ...trail,
    sql`DELETE FROM password_history WHERE user_id = ${userId} AND id NOT IN (
      SELECT id FROM password_history WHERE user_id = ${userId} ORDER BY id DESC LIMIT ${config.auth.passwordHistoryCount})`,
    sql`DELETE FROM sessions WHERE user_id = ${userId} AND ${done}`,
    sql`DELETE FROM remembered_devices WHERE user_id = ${userId} AND ${done}`,
  ]
}

/** Whether it is one of the user's last PASSWORD_HISTORY_COUNT passwords, the current one aside. As slow as that many sign-ins. */
export async function isFormerPassword(deps: Deps, userId: number, password: string): Promise<boolean> {
  const former = await deps.db.all<{ hash: string }>(sql`
    SELECT password_hash AS hash FROM password_history WHERE user_id = ${userId}
    ORDER BY id DESC LIMIT ${deps.config.auth.passwordHistoryCount}`)
  for (const { hash } of former) if (await verifyPassword(deps, password, hash)) return true
  return false
}
