import { type Role, roleName } from '../places'

export const roleLabel = roleName

/** `admin` → `Admin`, `social_manager` → `Social manager`. */
export const roleTitle = (role: Role): string => roleName(role).replace(/^./, (letter) => letter.toUpperCase())

type Told = { username: string; role: Role; phone: string | null; mustChangePassword: boolean }

/** What an edit changed, for the audit trail: never the phone itself. Empty where nothing did. */
export function changesOf(before: Told, after: Told): string {
  const changes = [
    before.username === after.username ? '' : `now called ${after.username}`,
    before.role === after.role ? '' : `${roleName(before.role)} to ${roleName(after.role)}`,
    before.phone === after.phone ? '' : 'phone changed',
    before.mustChangePassword === after.mustChangePassword ? '' : `has to change the password: ${after.mustChangePassword ? 'yes' : 'no'}`,
  ]
  return changes.filter((change) => change !== '').join(', ')
}
