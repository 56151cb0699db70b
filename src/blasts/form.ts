import * as z from 'zod'
import type { Decision } from '../deliveries/decisions'

const decisions = ['arrived', 'again', 'gave_up'] as const satisfies readonly Decision[]

export const decisionForm = z.object({ decision: z.enum(decisions, 'Choose one: it arrived, send again, or give up.') })

export const clearForm = z.object({ admin_password: z.string('Type your password.').min(1, 'Type your password.') })
