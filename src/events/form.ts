import * as z from 'zod'
import { maxTitleLength } from './events'

/** Control characters are spaces: a title is one line. */
const titleField = z
  .string()
  .default('')
  .transform((title) => title.replace(/[\p{Cc}\s]+/gu, ' ').trim())
  .refine((title) => title !== '', 'Give it a title: staff choose it by that when they write.')
  .refine((title) => title.length <= maxTitleLength, `The title is longer than ${maxTitleLength} characters.`)

/** A year outside is a slip of the finger: date pickers take 0026. */
const firstDay = '2000-01-01'
const lastDay = '2099-12-31'

const dateField = z
  .string()
  .default('')
  .transform((text, context) => {
    const day = text.trim()
    if (day === '') return null
    const fault = faultOfDay(day)
    if (fault === null) return day
    context.addIssue({ code: 'custom', message: fault })
    return z.NEVER
  })

function faultOfDay(day: string): string | null {
  if (!/^\d{4,6}-\d\d-\d\d$/.test(day)) return 'This is not a date. Write it like 2026-11-22, or leave it empty.'
  if (day.length > 10 || day < firstDay || day > lastDay) return 'This year cannot be right. Look at its four digits.'
  const at = new Date(`${day}T00:00:00Z`)
  const real = !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day)
  return real ? null : 'There is no such day. Look at the month and the day.'
}

export const eventForm = z.object({ title: titleField, date: dateField })
