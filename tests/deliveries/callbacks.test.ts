import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { applyStatusCallback, type StatusCallback } from '../../src/deliveries/callbacks'
import { receiveInbound } from '../../src/deliveries/inbound'
import { runJob } from '../../src/jobs'
import { createSending, phoneOf } from '../support/sending'

async function sentTo(count: number) {
  const h = await createSending()
  await h.addMembers(count)
  const id = await h.blast()
  await h.settle(0)
  const [row] = await h.rows(id)
  if (!row?.token || !row.sid) throw new Error('not sent')
  const say = (status: StatusCallback['status'], change: Partial<StatusCallback> = {}) =>
    applyStatusCallback(h.deps, {
      deliveryId: row.id,
      attemptToken: row.token ?? '',
      sid: row.sid ?? '',
      status,
      errorCode: null,
      parts: null,
      ...change,
    })
  const state = async () => (await h.rows(id))[0]?.status
  return { h, id, row, say, state }
}

describe('a status callback', () => {
  it('moves a delivery forward: sent, delivered', async () => {
    const { say, state } = await sentTo(1)
    expect(await say('sent')).toBe('applied')
    expect(await state()).toBe('sent')
    expect(await say('delivered')).toBe('applied')
    expect(await state()).toBe('delivered')
  })

  it('never backwards, and twice is once', async () => {
    const { say, state } = await sentTo(1)
    await say('delivered')
    for (const status of ['sent', 'queued', 'undelivered', 'failed', 'delivered'] as const) {
      expect(await say(status)).toBe('ignored')
      expect(await state()).toBe('delivered')
    }
  })

  it('about the last one that nobody knew of finishes the blast at once, not with the next minute', async () => {
    const { h, id, row } = await sentTo(2)
    await h.deps.db.run(sql`UPDATE message_logs SET status = 'processing', finished_at = NULL`)
    await h.deps.db.run(sql`UPDATE message_deliveries SET status = 'unknown', provider_sid = NULL`)
    const tell = async (each: typeof row, sid: string) =>
      applyStatusCallback(h.deps, {
        deliveryId: each.id,
        attemptToken: each.token ?? '',
        sid,
        status: 'sent',
        errorCode: null,
        parts: null,
      })
    const [first, last] = await h.rows(id)
    if (!first || !last) throw new Error('not two')
    await tell(first, 'SM1')
    expect((await h.log(id))?.status).toBe('processing')
    await tell(last, 'SM2')
    expect(await h.log(id)).toMatchObject({ status: 'sent' })
  })

  it('about another one leaves a blast open that still asks after somebody', async () => {
    const { h, id } = await sentTo(2)
    const [one, asked] = await h.rows(id)
    if (!one || !asked) throw new Error('not two')
    await h.deps.db.run(sql`UPDATE message_logs SET status = 'processing', finished_at = NULL`)
    await h.deps.db.run(sql`UPDATE message_deliveries SET status = 'unknown', provider_sid = NULL WHERE id = ${asked.id}`)
    const word = { deliveryId: one.id, attemptToken: one.token ?? '', sid: one.sid ?? '', errorCode: null, parts: null }
    expect(await applyStatusCallback(h.deps, { ...word, status: 'delivered' })).toBe('applied')
    expect(await h.log(id)).toMatchObject({ status: 'processing', finishedAt: null })
  })

  it('of another attempt, another message or an unknown delivery changes nothing', async () => {
    const { say, state } = await sentTo(1)
    expect(await say('delivered', { attemptToken: 'another' })).toBe('ignored')
    expect(await say('delivered', { sid: 'SMother' })).toBe('ignored')
    expect(await say('delivered', { deliveryId: 999_999 })).toBe('ignored')
    expect(await state()).toBe('accepted')
  })

  it('proves acceptance where the answer was lost', async () => {
    const h = await createSending()
    await h.addMembers(1)
    h.twilio.script({ kind: 'drop', when: 'after' })
    const id = await h.blast()
    await runJob(h.deps, { type: 'send' })
    const [row] = await h.rows(id)
    expect(row?.status).toBe('unknown')
    const sid = h.twilio.messages[0]?.sid ?? ''
    await applyStatusCallback(h.deps, {
      deliveryId: row?.id ?? 0,
      attemptToken: row?.token ?? '',
      sid,
      status: 'delivered',
      errorCode: null,
      parts: null,
    })
    await h.settle(5)
    expect(await h.rows(id)).toMatchObject([{ status: 'delivered', sid }])
    expect(h.twilio.messages).toHaveLength(1)
  })

  it('finds its delivery even when it was queued again: it is not sent twice', async () => {
    const h = await createSending({ RECONCILE_GRACE_SECONDS: '1' }, { listDelayMs: 10_000_000 })
    await h.addMembers(1)
    h.twilio.script({ kind: 'drop', when: 'after' })
    const id = await h.blast()
    await runJob(h.deps, { type: 'send' })
    const [row] = await h.rows(id)
    h.nudges.length = 0
    await h.deps.db.run(sql`UPDATE message_deliveries SET status = 'queued' WHERE id = ${row?.id ?? 0}`)
    const sid = h.twilio.messages[0]?.sid ?? ''
    await applyStatusCallback(h.deps, {
      deliveryId: row?.id ?? 0,
      attemptToken: row?.token ?? '',
      sid,
      status: 'sent',
      errorCode: null,
      parts: null,
    })
    await h.settle(3)
    expect(h.twilio.messages).toHaveLength(1)
    expect(await h.rows(id)).toMatchObject([{ status: 'sent' }])
  })

  it('before the response: the response does not take it back', async () => {
    const h = await createSending()
    await h.addMembers(1)
    const id = await h.blast()
    const { send } = h.deps.sms
    h.deps.sms.send = async (request) => {
      const outcome = await send(request)
      const query = new URL(request.statusCallbackUrl).searchParams
      const sid = outcome.kind === 'accepted' ? outcome.sid : ''
      const callback = {
        deliveryId: Number(query.get('delivery')),
        attemptToken: query.get('attempt') ?? '',
        sid,
        errorCode: null,
        parts: null,
      }
      await applyStatusCallback(h.deps, { ...callback, status: 'delivered' })
      return outcome
    }
    await h.settle(0)
    expect(await h.rows(id)).toMatchObject([{ status: 'delivered' }])
  })

  it('undelivered three times on three days suppresses, not before', async () => {
    const h = await createSending()
    await h.addMembers(1)
    const blocked = async () => (await h.deps.db.all(sql`SELECT 1 FROM suppressed_contacts WHERE phone = ${phoneOf(0)}`)).length
    const miss = async () => {
      const id = await h.blast()
      await h.settle(0)
      const [row] = await h.rows(id)
      await applyStatusCallback(h.deps, {
        deliveryId: row?.id ?? 0,
        attemptToken: row?.token ?? '',
        sid: row?.sid ?? '',
        status: 'undelivered',
        errorCode: 30003,
        parts: null,
      })
    }
    await miss()
    await miss()
    await miss()
    expect(await blocked()).toBe(0)
    h.clock.now += 86_400_000
    await miss()
    expect(await blocked()).toBe(0)
    h.clock.now += 86_400_000
    await miss()
    expect(await blocked()).toBe(1)
  })
})

describe('the webhooks', () => {
  const statusPath = (delivery: number, attempt: string) => `/webhooks/twilio/status?delivery=${delivery}&attempt=${attempt}`

  it('take what Twilio signed and refuse everything else', async () => {
    const { h, row, state } = await sentTo(1)
    const path = statusPath(row.id, row.token ?? '')
    const params = { MessageSid: row.sid ?? '', MessageStatus: 'delivered' }
    const { getExpectedTwilioSignature } = await import('twilio/lib/webhooks/webhooks.js')
    const signature = getExpectedTwilioSignature('fake-auth-token', `http://127.0.0.1:8787${path}`, params)
    const post = (headers: Record<string, string>, fields: Record<string, string> = params, to = path) =>
      h.app.request(`http://127.0.0.1:8787${to}`, { method: 'POST', headers, body: new URLSearchParams(fields) })
    expect((await post({})).status).toBe(403)
    expect((await post({ 'x-twilio-signature': 'AAAA' })).status).toBe(403)
    expect((await post({ 'x-twilio-signature': signature }, { ...params, MessageStatus: 'failed' })).status).toBe(403)
    expect((await post({ 'x-twilio-signature': signature }, params, statusPath(row.id + 1, row.token ?? ''))).status).toBe(403)
    expect(await state()).toBe('accepted')
    expect((await post({ 'x-twilio-signature': signature })).status).toBe(204)
    expect(await state()).toBe('delivered')
  })

  it('answer 204 for a delivery that is gone', async () => {
    const h = await createSending({ TWILIO_VALIDATE_SIGNATURE: '0' })
    const body = new URLSearchParams({ MessageSid: 'SM1', MessageStatus: 'delivered' })
    const answer = await h.app.request(`http://127.0.0.1:8787${statusPath(77, 'x')}`, { method: 'POST', body })
    expect(answer.status).toBe(204)
  })

  it('store STOP, answer with empty TwiML, and START brings back', async () => {
    const h = await createSending({ TWILIO_VALIDATE_SIGNATURE: '0' })
    await h.addMembers(1)
    const text = (Body: string, sid: string) =>
      h.app.request('http://127.0.0.1:8787/webhooks/twilio/inbound', {
        method: 'POST',
        body: new URLSearchParams({ From: phoneOf(0), To: '+13236300201', Body, MessageSid: sid }),
      })
    const optedOut = async () => (await h.deps.db.all(sql`SELECT 1 FROM unsubscribed_contacts WHERE phone = ${phoneOf(0)}`)).length
    await text('STOP this bill', 'SM0')
    expect(await optedOut()).toBe(0)
    const answer = await text(' stop. ', 'SM1')
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      200,
      'text/xml; charset=utf-8',
      '<?xml version="1.0" encoding="UTF-8"?><Response/>',
    ])
    expect(await optedOut()).toBe(1)
    await text('START', 'SM2')
    expect(await optedOut()).toBe(0)
  })

  it('a STOP told twice counts once: told again after START it changes nothing', async () => {
    const h = await createSending()
    const text = (body: string, messageSid: string) => receiveInbound(h.deps, { from: phoneOf(0), body, messageSid })
    const optedOut = async () => (await h.deps.db.all(sql`SELECT 1 FROM unsubscribed_contacts WHERE phone = ${phoneOf(0)}`)).length
    await text('STOP', 'SM1')
    await text('STOP', 'SM1')
    expect(await optedOut()).toBe(1)
    await text('START', 'SM2')
    await text('STOP', 'SM1')
    expect(await optedOut()).toBe(0)
    await text('START', 'SM2')
    await text('STOP', 'SM3')
    await text('START', 'SM2')
    expect(await optedOut()).toBe(1)
  })

  it("Twilio's own reading wins over ours", async () => {
    const h = await createSending()
    await receiveInbound(h.deps, { from: phoneOf(0), body: 'alto', messageSid: 'SM1', optOutType: 'STOP' })
    expect(await h.deps.db.all(sql`SELECT 1 FROM unsubscribed_contacts`)).toHaveLength(1)
  })
})
