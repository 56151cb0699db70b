import * as z from 'zod'
import { maxPasswordLength } from '../auth/password-policy'

const code = (missing: string) => z.string(missing).trim().min(1, missing).max(100, 'That is longer than any code.')

export const codeForm = z.object({ code: code('Type the code.') })

/** What turning it on or off, and new recovery codes, ask for. */
export const proofForm = z.object({
  current_password: z
    .string('Type your current password.')
    .min(1, 'Type your current password.')
    .max(maxPasswordLength, 'This is not your current password.'),
  code: code('Type the six digits that your app shows.'),
})
