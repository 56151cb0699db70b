import { zValidator } from '@hono/zod-validator'
import * as z from 'zod'
import { maxPasswordLength, type PasswordPolicy, passwordFault } from '../auth/password-policy'
import { samePassword } from '../auth/passwords'
import { NotFound } from '../faults'

/** A new password by the policy; anything but a former one. */
export const newPasswordField = (policy: PasswordPolicy) =>
  z
    .string()
    .default('')
    .check((context) => {
      const tooLong = context.value.length > maxPasswordLength
      const message = tooLong ? `Use no more than ${maxPasswordLength} characters.` : passwordFault(context.value, policy)
      if (message) context.issues.push({ code: 'custom', message, input: context.value })
    })

export const passwordForm = (policy: PasswordPolicy) =>
  z
    .object({
      current_password: z.string('Type your current password.').min(1, 'Type your current password.').max(maxPasswordLength, wrongPassword),
      new_password: newPasswordField(policy),
      confirm_password: z.string().default(''),
    })
    .refine((typed) => samePassword(typed.new_password ?? '', typed.confirm_password ?? ''), {
      path: ['confirm_password'],
      message: 'This is not the same as the new one. Type it again.',
      // All faults at once, not this one only after the others are mended.
      when: () => true,
    })

export const wrongPassword = 'This is not your current password.'

/** 256 bits in hex, as auth/sessions.ts hashes them. */
export const sessionParam = zValidator('param', z.object({ id: z.string().regex(/^[0-9a-f]{64}$/) }), (result) => {
  if (!result.success) throw new NotFound()
})
