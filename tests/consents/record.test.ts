import { describe, expect, it } from 'vitest'
import { applyStatusCallback } from '../../src/deliveries/callbacks'
import { seedBlast } from '../blasts/seed'
import { createBlocked, maria, tom } from '../suppressions/blocked'

describe('the consent record of a phone', () => {
  it('tells how it came to the members, and how it left', async () => {
    const h = await createBlocked()
    await h.admin.post('/community/add', { name: 'Maria', phone: maria })
    await h.admin.post('/community/1/edit', { name: 'Mary', phone: maria })
    await h.admin.post('/community/1/edit', { name: 'Mary', phone: tom })
    await h.admin.post('/community/bulk-delete', { member_ids: '1' })
    expect(await h.record(maria)).toEqual(['added form rosa', 'removed form rosa'])
    expect(await h.record(tom)).toEqual(['added form rosa', 'removed form rosa'])
  })

  it('has no line of what did not happen', async () => {
    const h = await createBlocked()
    await h.admin.post('/community/add', { name: 'Maria', phone: maria })
    expect((await h.admin.post('/community/add', { name: 'Other', phone: maria })).status).toBe(422)
    expect((await h.admin.post('/community/9/edit', { name: 'Other', phone: tom })).status).toBe(404)
    await h.admin.post('/community/add', { name: 'Tom', phone: tom })
    expect((await h.admin.post('/community/2/edit', { name: 'Tom', phone: maria })).status).toBe(422)
    expect(await h.record(maria)).toEqual(['added form rosa'])
    expect(await h.record(tom)).toEqual(['added form rosa'])
  })

  it('tells of STOP and START, once each however often the webhook comes', async () => {
    const h = await createBlocked()
    await h.text(maria, 'STOP')
    await h.text(maria, 'stop.')
    await h.text(maria, 'START')
    await h.text(maria, 'Hello')
    expect(await h.record(maria)).toEqual(['opted_out keyword Replied STOP', 'opted_in keyword Texted START'])
  })

  it('tells what the provider said of it', async () => {
    const h = await createBlocked()
    const blast = await seedBlast(h, { status: 'sent' }, [
      { phone: maria, status: 'sent', providerSid: 'SM1' },
      { phone: tom, status: 'sent', providerSid: 'SM2' },
    ])
    await h.d1.prepare(`UPDATE message_deliveries SET claim_token = 'token'`).run()
    const callback = { attemptToken: 'token', status: 'undelivered', parts: null } as const
    await applyStatusCallback(h.deps, { ...callback, deliveryId: 1, sid: 'SM1', errorCode: 30005 })
    await applyStatusCallback(h.deps, { ...callback, deliveryId: 2, sid: 'SM2', errorCode: 21610 })
    expect(await h.record(maria)).toEqual(['suppressed provider Number does not exist, or no longer'])
    expect(await h.record(tom)).toEqual(['opted_out provider Had replied STOP to our number'])
    expect(await h.admin.text(`/contacts?phone=${encodeURIComponent(maria)}`)).toContain(`Twilio’s answer to <a href="/logs/${blast}">`)
  })

  it('begins anew with staff’s opt-out of a member', async () => {
    const h = await createBlocked()
    await h.addMember('Maria', maria)
    await h.admin.post('/community/1/unsubscribe')
    await h.admin.post('/community/1/unsubscribe')
    expect(await h.record(maria)).toEqual(['opted_out form rosa Asked a member of staff'])
  })
})
