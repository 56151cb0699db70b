import { z } from 'zod'
import type { FormValues } from '../web/form'
import type { Dials } from './dials'
import { presets } from './presets'

const number = (what: string, max: number, unit: string) =>
  z
    .string()
    .default('')
    .transform((text, context) => {
      const value = Number(text.trim().replace(',', '.'))
      if (text.trim() !== '' && Number.isFinite(value) && value >= 0 && value <= max) return value
      context.addIssue({ code: 'custom', message: `${what} is a number from 0 to ${max} ${unit}.` })
      return z.NEVER
    })

const share = (what: string) => number(what, 100, 'per cent')
const tick = z
  .string()
  .optional()
  .transform((value) => value !== undefined)

const custom = z
  .object({
    preset: z.literal('custom'),
    latency_ms: number('The answer time', 60_000, 'milliseconds'),
    unreachable: share('“Never reaches Twilio”'),
    lost_before: share('“Lost on the way there”'),
    lost_after: share('“Answer lost”'),
    server_errors: share('“Server error”'),
    undeliverable: share('“Not delivered”'),
    busy_seconds: number('“Too busy”', 3600, 'seconds'),
    receipt_seconds: number('The delay of receipts', 3600, 'seconds'),
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
