import * as z from 'zod'
import { personForm } from '../members/form'

const longest = 200
const words = z
  .string()
  .default('')
  .transform((text) => text.replace(/[\p{Cc}\s]+/gu, ' ').trim())
  .refine((text) => text.length <= longest, `Say it in ${longest} characters.`)

/** An empty reason is that they asked us. */
export const optOutForm = personForm.extend({ reason: words.transform((text) => text || 'Asked a member of staff') })

export const whyForm = z.object({ reason: words.refine((text) => text !== '', 'Say why. It stays in the record of the number.') })

export const backfillForm = z.object({ confirm: z.string().optional() })
