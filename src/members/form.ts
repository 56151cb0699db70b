import * as z from 'zod'
import { parsePhone } from '../sms/phone'
import { maxNameLength } from './members'

/** Control characters are spaces: a name is one line. */
const nameField = z
  .string()
  .default('')
  .transform((name) => name.replace(/[\p{Cc}\s]+/gu, ' ').trim())
  .refine((name) => name.length <= maxNameLength, `The name is longer than ${maxNameLength} characters.`)

const phoneField = z
  .string()
  .default('')
  .transform((text, context) => {
    const parsed = parsePhone(text)
    if (parsed.ok) return parsed.phone
    context.addIssue({ code: 'custom', message: parsed.fix ? `${parsed.reason} ${parsed.fix}` : parsed.reason })
    return z.NEVER
  })

/** A person: `name` may be empty, `phone` becomes E.164. Members and registrations share it. */
export const personForm = z.object({ name: nameField, phone: phoneField })
