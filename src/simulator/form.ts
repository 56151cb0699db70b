import * as z from 'zod'
import type { FormValues } from '../web/form'
import type { Dials } from './dials'
import { presets } from './presets'

const number = (label: string, max: number) =>
  z
    .string()
    .default('')
    .transform((text, context) => {
      const value = Number(text.trim().replace(',', '.'))
      if (text.trim() !== '' && Number.isFinite(value) && value >= 0 && value <= max) return value
      context.addIssue({ code: 'custom', message: `“${label}” is a number from 0 to ${max}.` })
      return z.NEVER
    })

const share = (label: string) => number(label, 100)
const tick = z
  .string()
  .optional()
  .transform((value) => value !== undefined)

const custom = z
  .object({
    preset: z.literal('custom'),
    latency_ms: number('Answers after', 60_000),
    unreachable: share('Never reaches Twilio'),
    lost_before: share('Lost on the way there'),
    lost_after: share('Taken, but the answer gets lost'),
    server_errors: share('Server error'),
    undeliverable: share('Taken, but not delivered'),
    busy_seconds: number('Too busy for', 3600),
    receipt_seconds: number('Last receipt after', 3600),
    receipts: z.enum(['in_order', 'shuffled', 'none'], 'Choose how receipts come.'),
    doubled: tick,
    refuses_sender: tick,
  })
  .superRefine((dials, context) => {
    if (dials.unreachable + dials.lost_before + dials.lost_after + dials.server_errors <= 100) return
    const message = 'The four shares of requests come to more than 100 per cent. Lower one.'
    context.addIssue({ code: 'custom', path: ['unreachable'], message })
  })

/** A preset by its name, or every dial by itself. */
export const dialsForm = z.discriminatedUnion('preset', [custom, z.object({ preset: z.enum(presets) })], 'Choose what Twilio does next.')

export type CustomDials = z.infer<typeof custom>

export function toDials(form: CustomDials, now: number): Dials {
  return {
    preset: 'custom',
    latencyMs: form.latency_ms,
    unreachable: form.unreachable,
    lostBefore: form.lost_before,
    lostAfter: form.lost_after,
    serverErrors: form.server_errors,
    undeliverable: form.undeliverable,
    busyUntil: form.busy_seconds === 0 ? 0 : now + form.busy_seconds * 1000,
    refusesSender: form.refuses_sender,
    receiptDelaySeconds: form.receipt_seconds,
    receipts: form.receipts,
    doubled: form.doubled,
  }
}

export function toValues(dials: Dials, now: number): FormValues {
  return {
    latency_ms: String(dials.latencyMs),
    unreachable: String(dials.unreachable),
    lost_before: String(dials.lostBefore),
    lost_after: String(dials.lostAfter),
    server_errors: String(dials.serverErrors),
    undeliverable: String(dials.undeliverable),
    busy_seconds: String(Math.max(0, Math.ceil((dials.busyUntil - now) / 1000))),
    receipt_seconds: String(dials.receiptDelaySeconds),
    receipts: dials.receipts,
    ...(dials.doubled ? { doubled: '1' } : {}),
    ...(dials.refusesSender ? { refuses_sender: '1' } : {}),
  }
}

/** A text that a phone writes; the length Twilio takes. */
export const replyForm = z.object({
  body: z
    .string()
    .default('')
    .refine((body) => body.trim() !== '', 'Write something first, or press one of the words.')
    .refine((body) => body.length <= 1600, 'Longer than 1600 characters. No phone sends that in one text.'),
  search: z.string().max(100).default(''),
})
