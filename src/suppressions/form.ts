import * as z from 'zod'
import { personForm } from '../members/form'
import { longestReason } from './opt-outs'

const words = z
  .string()
  .default('')
  .transform((text) => text.replace(/[\p{Cc}\s]+/gu, ' ').trim())
  .refine((text) => text.length <= longestReason, `Say it in ${longestReason} characters.`)

/** An empty reason is that they asked us. */
export const optOutForm = personForm.extend({ reason: words.transform((text) => text || 'Asked a member of staff') })

/** The page asks why; a script that does not say it is recorded as such. */
export const whyForm = z.object({
  reason: z.preprocess(
    (given) => given ?? 'No reason given',
    words.refine((text) => text !== '', 'Say why. It stays in the record of the number.'),
  ),
})
