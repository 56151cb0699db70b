import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { origin } from '../support/harness'
import { createImporting, type Importing } from './importing'

const maria = '+13235550142'
const tom = '+13235550143'
const csv = 'Name,Phone\nMaria,(323) 555-0142\nTom,323-555-0143\nBad,12\nTwice,3235550143\n'

async function upload(t: Importing, content = csv, browser = t.admin) {
  const body = new FormData()
  body.set('file', new File([content], 'no.csv'))
  const answer = await browser.request('/unsubscribed/import', { method: 'POST', body, headers: { origin } })
  await t.work()
  return answer
}
const optOuts = (t: Importing) =>
  t.deps.db.all<{ phone: string; name: string; source: string }>(sql`SELECT phone, name, source FROM unsubscribed_contacts ORDER BY phone`)
const record = (t: Importing, phone: string) =>
  t.deps.db.all(sql`SELECT kind, how, created_by AS "by", import_id AS "importId" FROM consent_events WHERE phone = ${phone} ORDER BY id`)

describe('importing opt-outs', () => {
  it('first says what each row would do', async () => {
    const t = await createImporting()
    await t.optOut(tom)
    const answer = await upload(t)
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/imports/1'])
    expect((await t.rows(1)).map(({ row, kind }) => [row, kind])).toEqual([
      [2, 'new'],
      [3, 'same'],
      [4, 'invalid'],
      [5, 'duplicate'],
    ])
    const page = await t.admin.text('/imports/1')
    expect(page).toContain('Import 1 row')
    expect(page).toContain('Become opt-outs')
    expect(await optOuts(t)).toMatchObject([{ phone: tom }])
  })

  it('stores them, with their record, and leaves alone whoever is opted out already', async () => {
    const t = await createImporting()
    await t.optOut(tom)
    await upload(t)
    await t.commit(1)
    expect(await optOuts(t)).toEqual([
      { phone: maria, name: 'Maria', source: 'import' },
      { phone: tom, name: '', source: 'inbound' },
    ])
    expect(await record(t, maria)).toEqual([{ kind: 'opted_out', how: 'import', by: 'rosa', importId: 1 }])
    expect(await t.admin.text('/imports/1')).toContain('No blast reaches 1 more person')
    expect(await t.admin.text('/unsubscribed')).toContain('<a href="/imports/1">Import 1</a>')
  })

  it('takes our own export back: with the reasons, and without the numbers that do not work', async () => {
    const t = await createImporting()
    await t.admin.post('/unsubscribed/add', { name: 'Maria', phone: maria, reason: 'Told us at the door' })
    await t.deps.db.run(sql`INSERT INTO suppressed_contacts (phone, name, category, reason, source, created_at)
      VALUES (${tom}, 'Tom', 'hard_fail', 'Landline', 'message_failure', 1)`)
    const file = await t.admin.text('/unsubscribed/export')
    expect(file).toContain('suppression')
    await t.deps.db.run(sql`DELETE FROM unsubscribed_contacts`)
    await t.deps.db.run(sql`DELETE FROM suppressed_contacts`)
    await upload(t, file)
    const page = await t.admin.text('/imports/1?show=problems')
    expect(page).toContain('A number that does not work, and no opt-out.')
    await t.commit(1)
    expect(await t.deps.db.all(sql`SELECT phone, reason FROM unsubscribed_contacts`)).toEqual([
      { phone: maria, reason: 'Told us at the door' },
    ])
    expect(await t.deps.db.all(sql`SELECT phone FROM suppressed_contacts`)).toEqual([])
  })

  it('of no reason, or one that is too long, has one all the same', async () => {
    const t = await createImporting()
    await upload(t, `Phone,Reason\n3235550142,\n3235550143,${'x'.repeat(300)}\n`)
    await t.commit(1)
    expect(await t.deps.db.all(sql`SELECT phone, reason FROM unsubscribed_contacts ORDER BY phone`)).toEqual([
      { phone: maria, reason: 'On an imported list' },
      { phone: tom, reason: 'x'.repeat(200) },
    ])
  })

  it('undone, takes its own off the list, but not who said so since', async () => {
    const t = await createImporting()
    await upload(t)
    await t.commit(1)
    await t.deps.db.run(sql`UPDATE unsubscribed_contacts SET source = 'inbound', import_id = NULL WHERE phone = ${tom}`)
    await t.undo(1)
    expect(await optOuts(t)).toMatchObject([{ phone: tom, source: 'inbound' }])
    expect(await record(t, maria)).toMatchObject([{ kind: 'opted_out' }, { kind: 'opted_in', how: 'import_undone', importId: 1 }])
  })

  it('is an admin’s, from the upload to the undo', async () => {
    const t = await createImporting()
    await upload(t)
    const manager = await t.signIn('social_manager')
    expect((await upload(t, csv, manager)).status).toBe(403)
    for (const act of ['commit', 'undo']) expect((await manager.post(`/imports/1/${act}`)).status).toBe(403)
    for (const path of ['/imports/1', '/imports/1?show=problems', '/imports/1/problems.csv']) {
      const refused = await manager.get(path)
      expect(refused.status).toBe(403)
      expect(await refused.text()).not.toMatch(/Maria|0142/)
    }
    expect(await optOuts(t)).toEqual([])
  })

  it('answers no file, and one without a phone, at the field', async () => {
    const t = await createImporting()
    const none = await t.admin.post('/unsubscribed/import')
    expect(none.status).toBe(422)
    expect(await none.text()).toContain('Choose a file first.')
    expect((await upload(t, 'a\nb\n')).status).toBe(422)
  })
})

it('members that are imported leave a record of it, and of the undo', async () => {
  const t = await createImporting()
  const id = await t.preview('Name,Phone\nMaria,(323) 555-0142\n')
  await t.commit(id)
  await t.undo(id)
  expect(await record(t, maria)).toEqual([
    { kind: 'added', how: 'import', by: 'rosa', importId: id },
    { kind: 'removed', how: 'import_undone', by: 'rosa', importId: id },
  ])
})
