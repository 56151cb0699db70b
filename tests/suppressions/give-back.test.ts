import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { reinstate, optOut as storeOptOut } from '../../src/suppressions/opt-outs'
import { aisha, createBlocked, maria, tom } from './blocked'

const why = { reason: 'She called and asked, 323-555-0142' }

describe('texting somebody again whom staff opted out', () => {
  it('asks why, and keeps the answer in the record and in the trail', async () => {
    const h = await createBlocked()
    await h.optOut(maria, 'staff', { name: 'Maria' })
    expect(await h.admin.text('/unsubscribed/1/delete')).toContain('Why may we text them again?')
    const asked = await h.admin.post('/unsubscribed/1/delete', { reason: ' ' })
    expect(asked.status).toBe(422)
    expect(await asked.text()).toContain('Say why.')
    expect(await h.optOuts()).toHaveLength(1)

    const answer = await h.admin.post('/unsubscribed/1/delete', why)
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/unsubscribed'])
    expect(await h.optOuts()).toEqual([])
    expect((await h.record(maria)).at(-1)).toBe(`opted_in form rosa ${why.reason}`)
    expect(await h.audited()).toContainEqual({
      type: 'opt_outs_reinstated',
      subject: 'opt-out 1: She called and asked, …0142',
      username: 'rosa',
    })
    expect((await h.admin.post('/unsubscribed/1/delete', why)).status).toBe(404)
  })

  it.each([
    ['', 422],
    ['   ', 422],
    ['x'.repeat(201), 422],
  ])('takes no reason like %j', async (reason, status) => {
    const h = await createBlocked()
    await h.optOut(maria)
    expect((await h.admin.post('/unsubscribed/1/delete', { reason })).status).toBe(status)
    expect(await h.optOuts()).toHaveLength(1)
  })
})

describe('a STOP', () => {
  it.each(['inbound', 'message_failure'] as const)('(%s) is the person’s alone to take back', async (source) => {
    const h = await createBlocked()
    await h.optOut(maria, source, { name: 'Maria' })
    const page = await h.admin.text('/unsubscribed/1/delete')
    expect(page).toContain('Only Maria can undo this')
    expect(page).not.toContain('name="reason"')
    expect(await h.admin.text('/unsubscribed')).not.toContain('name="unsubscribed_ids"')
    for (const fields of [{}, why]) {
      const answer = await h.admin.post('/unsubscribed/1/delete', fields)
      expect(answer.status).toBe(409)
      expect(await answer.text()).toContain('texts go to them again when they text START')
    }
    expect(await h.optOuts()).toHaveLength(1)
    await h.text(maria, 'START')
    expect(await h.optOuts()).toEqual([])
    expect((await h.record(maria)).at(-1)).toBe('opted_in keyword Texted START')
  })

  it('that comes after staff opted them out makes it theirs', async () => {
    const h = await createBlocked()
    await h.optOut(maria, 'staff')
    await h.text(maria, 'STOP')
    expect(await h.optOuts()).toEqual([{ phone: maria, source: 'inbound', reason: 'Replied STOP' }])
    expect((await h.admin.post('/unsubscribed/1/delete', why)).status).toBe(409)
    expect(await h.record(maria)).toEqual(['opted_out form', 'opted_out keyword Replied STOP'])
  })

  it('that comes between the page and the press stays', async () => {
    const h = await createBlocked()
    await h.optOut(maria, 'staff')
    await h.optOut(tom, 'import')
    await h.text(maria, 'STOP')
    expect(await reinstate(h.deps, { ids: [1, 2], why: 'She called', by: 'rosa' })).toEqual([2])
    expect(await h.optOuts()).toEqual([{ phone: maria, source: 'inbound', reason: 'Replied STOP' }])
    expect(await h.record(maria)).toEqual(['opted_out form', 'opted_out keyword Replied STOP'])
  })

  it('is not made less by what staff write down later', async () => {
    const h = await createBlocked()
    await h.text(maria, 'STOP')
    const entry = { phone: maria, reason: 'Asked', source: 'staff', by: 'rosa' } as const
    expect(await storeOptOut(h.deps, entry)).toBe(false)
    expect(await h.optOuts()).toMatchObject([{ source: 'inbound' }])
    expect(await h.record(maria)).toHaveLength(1)
  })
})

it('what staff heard takes the place of what an import said, and not the other way round', async () => {
  const h = await createBlocked()
  await h.deps.db.run(
    sql`INSERT INTO unsubscribed_contacts (phone, source, reason, import_id, created_at) VALUES (${maria}, 'import', 'A list', 3, 1)`,
  )
  expect(await storeOptOut(h.deps, { phone: maria, reason: 'Asked', source: 'staff', by: 'rosa' })).toBe(true)
  const stored = () => h.deps.db.get(sql`SELECT source, reason, import_id AS "importId", created_by AS "by" FROM unsubscribed_contacts`)
  const heard = { source: 'staff', reason: 'Asked', importId: null, by: 'rosa' }
  expect(await stored()).toEqual(heard)
  for (const source of ['import', 'staff'] as const)
    expect(await storeOptOut(h.deps, { phone: maria, reason: 'Another', source, by: 'tom' })).toBe(false)
  expect(await stored()).toEqual(heard)
})

describe('lifting a block', () => {
  it('asks why, too', async () => {
    const h = await createBlocked()
    await h.suppress(aisha, { name: 'Aisha' })
    expect(await h.admin.text('/unsubscribed/suppressed/1/delete')).toContain('Lift the block of Aisha')
    expect((await h.admin.post('/unsubscribed/suppressed/1/delete', { reason: '' })).status).toBe(422)
    expect((await h.admin.post('/unsubscribed/suppressed/1/delete', { reason: 'Works again' })).status).toBe(303)
    expect(await h.suppressed()).toEqual([])
    expect(await h.record(aisha)).toEqual(['suppressed provider', 'lifted form rosa Works again'])
    expect(await h.audited()).toContainEqual({ type: 'suppressions_lifted', subject: 'suppression 1: Works again', username: 'rosa' })
    for (const path of ['/unsubscribed/suppressed/1/delete', '/unsubscribed/suppressed/x/delete', '/unsubscribed/7/delete']) {
      expect([(await h.admin.get(path)).status, (await h.admin.post(path, why)).status]).toEqual([404, 404])
    }
  })
})

describe('a script that does not say why', () => {
  it('is recorded as such', async () => {
    const h = await createBlocked()
    await h.suppress(aisha, { name: 'Aisha' })
    expect((await h.admin.post('/unsubscribed/suppressed/1/delete')).status).toBe(303)
    expect(await h.suppressed()).toEqual([])
    expect(await h.record(aisha)).toEqual(['suppressed provider', 'lifted form rosa No reason given'])
  })
})

describe('several at once', () => {
  it('says what will happen, gives back those that may be, and keeps those who said STOP', async () => {
    const h = await createBlocked()
    await h.optOut(maria, 'inbound', { name: 'Maria' })
    await h.optOut(tom, 'staff', { name: 'Tom' })
    await h.suppress(aisha, { name: 'Aisha' })
    const picked = { unsubscribed_ids: ['1', '2', '2', 'x'], suppressed_ids: ['1', '99'] }
    const page = await h.admin.text('/unsubscribed/bulk-delete?unsubscribed_ids=1&unsubscribed_ids=2&suppressed_ids=1')
    expect(page).toContain('Let 2 numbers be texted again?')
    expect(page).toContain('1 of these people replied STOP.')
    expect((await h.admin.post('/unsubscribed/bulk-delete', { ...picked, reason: '' })).status).toBe(422)
    expect((await h.admin.post('/unsubscribed/bulk-delete', { ...picked, ...why })).status).toBe(303)
    expect(await h.optOuts()).toMatchObject([{ phone: maria }])
    expect(await h.suppressed()).toEqual([])
    expect(await h.admin.text('/unsubscribed')).toContain('1 person replied STOP and stays.')
    expect((await h.admin.post('/unsubscribed/bulk-delete', { ...picked, ...why })).status).toBe(409)
  })

  it('of nobody changes nothing', async () => {
    const h = await createBlocked()
    await h.optOut(tom)
    const forms: Record<string, string>[] = [{}, { unsubscribed_ids: '99' }, { unsubscribed_ids: 'x', ...why }]
    for (const fields of forms) {
      expect((await h.admin.post('/unsubscribed/bulk-delete', fields)).status).toBe(303)
    }
    expect((await h.admin.get('/unsubscribed/bulk-delete')).status).toBe(303)
    expect(await h.optOuts()).toHaveLength(1)
    expect(await h.admin.text('/unsubscribed')).toContain('Nobody was taken off the list.')
  })
})
