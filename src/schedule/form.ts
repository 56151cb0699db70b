import * as z from 'zod'
import { composeForm } from '../compose/form'

export const editScheduledForm = composeForm.extend({
  /** Of the text as it was when the form was filled (scheduled.ts); empty where that was never asked. */
  version: z
    .string()
    .regex(/^\d{1,15}$/)
    .catch(''),
})

export type EditScheduledFields = z.infer<typeof editScheduledForm>
