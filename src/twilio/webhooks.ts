import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { createMiddleware } from 'hono/factory'
import * as z from 'zod'
import { applyStatusCallback } from '../deliveries/callbacks'
import { receiveInbound } from '../deliveries/inbound'
import { providerStatuses } from '../sms/provider'
import type { AppEnv } from '../web/env'
import { isSignedByTwilio } from './signature'

const maxWebhookBytes = 100_000
const emptyTwiml = '<?xml version="1.0" encoding="UTF-8"?><Response/>'

type WebhookEnv = { Variables: AppEnv['Variables'] & { received: URLSearchParams } }

/** Twilio signs the public URL, not the proxied one, and every parameter. Whatever else comes is refused before it is read. */
const signedOnly = createMiddleware<WebhookEnv>(async (c, next) => {
  const { config } = c.var.deps
  const received = new URLSearchParams(new TextDecoder().decode(await c.req.arrayBuffer()))
  c.set('received', received)
  const { search } = new URL(c.req.url)
  const signed = isSignedByTwilio({
    authToken: config.twilio.authToken,
    signature: c.req.header('x-twilio-signature'),
    url: `${config.publicUrl}${c.req.path}${search}`,
    params: received,
  })
  if (config.twilio.validateSignature && !signed) return c.text('The signature does not match.', 403)
  return next()
})

const statusCallback = z.object({
  delivery: z.coerce.number().int().positive(),
  attempt: z.string().min(1).max(100),
  MessageSid: z.string().regex(/^[A-Za-z0-9]{1,64}$/),
  MessageStatus: z.enum(providerStatuses),
  ErrorCode: z.coerce.number().int().positive().optional().catch(undefined),
})

const inbound = z.object({
  From: z.string().regex(/^\+\d{6,15}$/),
  Body: z.string().max(10_000).default(''),
  MessageSid: z.string().regex(/^[A-Za-z0-9]{1,64}$/),
  OptOutType: z.string().max(20).optional(),
})

export const webhookRoutes = new Hono<WebhookEnv>()
  .use(bodyLimit({ maxSize: maxWebhookBytes, onError: (c) => c.text('Too large.', 413) }))
  .use(signedOnly)
  .post('/status', async (c) => {
    const parsed = statusCallback.safeParse({ ...c.req.query(), ...Object.fromEntries(c.var.received) })
    // A status that is not ours to read is acknowledged: Twilio would only send it again.
    if (parsed.success) {
      const { delivery, attempt, MessageSid, MessageStatus, ErrorCode } = parsed.data
      const callback = { deliveryId: delivery, attemptToken: attempt, sid: MessageSid, status: MessageStatus, errorCode: ErrorCode ?? null }
      await applyStatusCallback(c.var.deps, { ...callback, parts: null })
    }
    return c.body(null, 204)
  })
  .post('/inbound', async (c) => {
    const parsed = inbound.safeParse(Object.fromEntries(c.var.received))
    if (parsed.success) {
      const { From, Body, MessageSid, OptOutType } = parsed.data
      await receiveInbound(c.var.deps, { from: From, body: Body, messageSid: MessageSid, optOutType: OptOutType })
    }
    return c.body(emptyTwiml, 200, { 'content-type': 'text/xml; charset=utf-8' })
  })
