import type { AlertKind } from '../db/schema'

/** What an alert tells of, for the security log. */
export const alertTopics: Record<AlertKind, string> = {
  lockout: 'locked out',
  password_changed: 'password changed',
  password_reset: 'new password from an admin',
  new_device: 'new browser',
}

const longestName = 40

/** One part of a text. No password, no link, no address: a phone lies about. `detail` is the browser. */
export function alertText(kind: AlertKind, username: string, detail: string, lockMinutes: number): string {
  const name = [...username].slice(0, longestName).join('')
  switch (kind) {
    case 'lockout':
      return `SMS Admin: too many wrong passwords for ${name}. Signing in is locked for ${lockMinutes} min. Not you? Tell an admin.`
    case 'password_changed':
      return `SMS Admin: the password of ${name} was changed. Not you? Tell an admin at once.`
    case 'password_reset':
      return `SMS Admin: ${name} was given a new password by an admin. Not asked for? Tell them at once.`
    case 'new_device':
      return `SMS Admin: ${name} signed in with ${detail}, for the first time. Not you? Change your password at once.`
  }
}
