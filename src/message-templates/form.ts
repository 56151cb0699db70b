import * as z from 'zod'
import { readBody } from '../compose/draft'
import { nothingWithoutName } from '../compose/prepare'
import { checkLength, render, type Template } from '../sms/text'
import { maxNameLength } from './message-templates'

/** Control characters are spaces: a name is one line. */
const nameField = z
  .string()
  .default('')
  .transform((name) => name.replace(/[\p{Cc}\s]+/gu, ' ').trim())
  .refine((name) => name !== '', 'Give it a name: staff choose it by that when they write.')
  .refine((name) => name.length <= maxNameLength, `The name is longer than ${maxNameLength} characters.`)

/** The rules of compose, for somebody without a name. Whether the STOP line still fits is asked where it is chosen. */
const textField = z
  .string()
  .default('')
  .transform((written, context) => {
    const body = readBody({ message_body: written, include_unsubscribe: false })
    const fault = body.ok ? lengthFault(body.template) : body.fault
    if (body.ok && fault === null) return body.written
    context.addIssue({ code: 'custom', message: fault ?? '' })
    return z.NEVER
  })

function lengthFault(template: Template): string | null {
  const text = render(template, '')
  if (text.trim() === '') return nothingWithoutName
  const length = checkLength(text)
  return length.ok ? null : length.message
}

export const templateForm = z.object({ name: nameField, message_body: textField })

/** A text from the compose form, before it has a name. */
export const keepForm = z.object({ message_body: textField })
