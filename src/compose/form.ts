import * as z from 'zod'
import { repeatFields, weekdayBoxes, whenFields } from '../schedule/later'
import type { FormValues } from '../web/form'
import { box } from '../web/form'

const written = z.string().default('')

const page = z
  .string()
  .regex(/^[1-9]\d{0,4}$/)
  .transform(Number)
  .nullable()
  .catch(null)

/** The compose form and all that the review page sends back with it. What the fields mean is checked by draft.ts. */
export const composeForm = z.object({
  message_body: written,
  target: written,
  event_id: written,
  test_mode: box,
  include_unsubscribe: box,
  schedule_later: box,
  schedule_date: written,
  schedule_time: written,
  client_timezone: written,
  schedule_fold: written,
  repeat: written,
  repeat_month_day: written,
  repeat_until: written,
  repeat_count: written,
  repeat_1: box,
  repeat_2: box,
  repeat_3: box,
  repeat_4: box,
  repeat_5: box,
  repeat_6: box,
  repeat_7: box,
  /** The template that the text began with, whatever became of it since. */
  template_id: written,
  /** What is chosen in the picker, used or not. */
  template: written,
  /** Of the form, and its review: a second press is the same blast. Empty when it is no id of ours, or one that scheduled messages make blasts with. */
  submission_id: z
    .string()
    .regex(/^(?!scheduled-|series-)[\w-]{6,64}$/)
    .catch(''),
  review_token: written,
  /** The counts that were reviewed (changes.ts). */
  seen: written,
  /** Which of the final texts are looked at. */
  search: written.transform((text) =>
    text
      .replace(/\p{Cc}/gu, ' ')
      .trim()
      .slice(0, 100),
  ),
  /** Null where none was asked for. */
  page,
  /** `quiet`: only those whom it reaches in quiet hours. */
  only: written,
})

/** Of the way back to the form. */
export const editForm = composeForm.extend({
  /** The text with plain characters. */
  plain: box,
  /** Put it into the box: `empty` asks before it takes the place of another text, `replace` does it. */
  use_template: written,
})

/** Of the live preview. */
export const previewForm = composeForm.extend({
  person: z
    .string()
    .regex(/^\d{1,3}$/)
    .transform(Number)
    .catch(0),
  next: box,
})

export type EditFields = z.infer<typeof editForm>
export type ComposeFields = z.infer<typeof composeForm>

export const freshValues: FormValues = { message_body: '', target: 'community', include_unsubscribe: '1' }
export const testValues: FormValues = { ...freshValues, message_body: 'This is a test. If you read it, our texts arrive.', test_mode: '1' }

const kept = ['message_body', 'target', 'event_id', 'template_id', 'template', 'submission_id', ...whenFields, ...repeatFields] as const
const boxes = ['test_mode', 'include_unsubscribe', 'schedule_later', ...weekdayBoxes] as const

/** The fields as they are shown again: what was typed, and boxes as `1` or nothing. */
export function shownValues(fields: ComposeFields): FormValues {
  const values: FormValues = {}
  for (const name of kept) if (fields[name] !== '') values[name] = fields[name]
  for (const name of boxes) if (fields[name]) values[name] = '1'
  return values
}

/** All but the text, of a form that is on its way through another page. */
export function keptValues(posted: FormValues): FormValues {
  const { message_body: _, ...choices } = shownValues(composeForm.parse(posted))
  return choices
}

/** Longer than any choice that could be kept; an address has to stay short. */
const longestChoice = 100

/** The compose form with the text of a template, and with the choices of `posted`, where there are any. */
export function composeUrl(templateId: number, posted: FormValues = {}): string {
  const choices = Object.entries(keptValues(posted)).filter(
    ([name, value]) => !name.startsWith('template') && name !== 'submission_id' && value.length <= longestChoice,
  )
  return `/dashboard?${new URLSearchParams([['template', String(templateId)], ...choices])}`
}
