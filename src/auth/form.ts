import * as z from 'zod'
import { box } from '../web/form'
import { maxPasswordLength } from './password-policy'

export const signInForm = z.object({
  username: z.string('Type your username.').trim().min(1, 'Type your username.').max(100, 'That is longer than any username.'),
  password: z.string('Type your password.').min(1, 'Type your password.').max(maxPasswordLength, 'That is longer than any password.'),
  remember: box,
  next: z.string().optional(),
})

/** Only a path of our own, as the browser would read it: `//x`, `/\x` and control characters lead elsewhere. */
export function ownPath(next: string | undefined): string {
  if (!next || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(next)) return '/dashboard'
  const base = 'http://own.invalid'
  try {
    const url = new URL(next, base)
    // Without its dots `/.//x` is `//x`.
    return url.origin === base && !url.pathname.startsWith('//') ? url.pathname + url.search : '/dashboard'
  } catch {
    return '/dashboard'
  }
}
