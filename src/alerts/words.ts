import type { AlertKind } from '../db/schema'

/** What an alert tells of, for the security log. */
export const alertTopics: Record<AlertKind, string> = {
  lockout: 'locked out',
  code_lockout: 'locked out by wrong codes',
  password_changed: 'password changed',
  password_reset: 'new password from an admin',
  new_device: 'new browser',
  second_factor_on: 'sign-in code turned on',
  second_factor_off: 'sign-in code turned off',
  second_factor_reset: 'sign-in code taken away by an admin',
  recovery_code: 'recovery code used',
}

const longestName = 40

/** One part of a text. No password, no link, no address: a phone lies about. `detail` is the browser, or how many codes are left. */
export function alertText(kind: AlertKind, username: string, detail: string, lockMinutes: number): string {
  const name = [...username].slice(0, longestName).join('')
  switch (kind) {
    case 'lockout':
      return `SMS Admin: too many wrong passwords for ${name}. Signing in is locked for ${lockMinutes} min. Not you? Tell an admin.`
    case 'code_lockout':
      return `SMS Admin: the password of ${name} was right, then too many wrong codes. Not you? Change your password at once.`
    case 'password_changed':
      return `SMS Admin: the password of ${name} was changed. Not you? Tell an admin at once.`
    case 'password_reset':
      return `SMS Admin: ${name} was given a new password by an admin. Not asked for? Tell them at once.`
    case 'new_device':
      return `SMS Admin: ${name} signed in with ${detail}, for the first time. Not you? Change your password at once.`
    case 'second_factor_on':
      return `SMS Admin: ${name} now needs a code to sign in. Not you? Tell an admin at once.`
    case 'second_factor_off':
      return `SMS Admin: ${name} needs no code to sign in any more. Not you? Tell an admin at once.`
    case 'second_factor_reset':
      return `SMS Admin: an admin took the sign-in code of ${name} away. Not asked for? Tell them at once.`
    case 'recovery_code':
      return `SMS Admin: a recovery code of ${name} was used, ${detail} left. Not you? Change your password at once.`
  }
}
