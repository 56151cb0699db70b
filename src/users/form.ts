import * as z from 'zod'
import { maxPasswordLength, passwordFault } from '../auth/password-policy'
import { roles } from '../db/schema'
import { parsePhone } from '../sms/phone'
import { box } from '../web/form'

/** One line, without what cannot be seen: two names that look alike are alike. */
const usernameField = z
  .string()
  .default('')
  .transform((name) =>
    name
      .normalize('NFC')
      .replace(/\p{Cf}/gu, '')
      .replace(/[\p{Cc}\s]+/gu, ' ')
      .trim(),
  )
  .pipe(z.string().min(2, 'Type a username of at least 2 characters.').max(100, 'The username is longer than 100 characters.'))

const phoneField = z
  .string()
  .default('')
  .transform((text, context) => {
    if (text.trim() === '') return null
    const parsed = parsePhone(text)
    if (parsed.ok) return parsed.phone
    context.addIssue({ code: 'custom', message: parsed.fix ? `${parsed.reason} ${parsed.fix}` : parsed.reason })
    return z.NEVER
  })

type Options = {
  minLength: number
  /** `optional`: empty leaves the password as it is. `none`: nobody changes their own here. */
  password: 'required' | 'optional' | 'none'
}

/** A user as an admin types one in. `password` is empty or by the policy; `phone` E.164 or null. */
export const userForm = ({ minLength, password: wants }: Options) => {
  const faultOf = (typed: unknown) => {
    const { username = '', password = '' } = typed as { username?: string; password?: string }
    if (password === '' && wants !== 'required') return null
    if (wants === 'none') return 'Your own password is changed under Password, where you prove that you know it.'
    if (password.length > maxPasswordLength) return `Use no more than ${maxPasswordLength} characters.`
    return passwordFault(password, { minLength, username })
  }
  return z
    .object({
      username: usernameField,
      role: z.enum(roles, 'Choose a role.'),
      password: z.string().default(''),
      phone: phoneField,
      must_change_password: box,
    })
    .refine((typed) => faultOf(typed) === null, {
      path: ['password'],
      error: ({ input }) => faultOf(input) ?? undefined,
      // All faults at once, not this one only after the others are mended.
      when: () => true,
    })
}
