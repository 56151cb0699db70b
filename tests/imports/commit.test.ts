import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { createImporting } from './importing'

const list = 'name,phone\nAmara Okafor,3235550131\nBen Castellanos,2135550148\nDmitri Volkov,8185550126\n,7475550117\nEd,555-0143'

async function previewed() {
  const t = await createImporting()
  await t.addMember('Benny', '+12135550148')
  await t.addMember('Hana', '+17475550117')
  await t.optOut('+18185550126')
  return { ...t, id: await t.preview(list) }
}

describe('a commit', () => {
  it('says that it was started, and a second press that it was the second', async () => {
    const h = await createImporting()
    const id = await h.preview('Name,Phone\nMaria Alvarez,3235550142')
    await h.commit(id)
    expect(await h.admin.text(`/imports/${id}`)).toContain('The import was started.')
    await h.commit(id)
    expect(await h.admin.text(`/imports/${id}`)).toContain('You pressed this before.')
    await h.undo(id)
    expect(await h.admin.text(`/imports/${id}`)).toContain('The undo was started.')
    await h.undo(id)
    expect(await h.admin.text(`/imports/${id}`)).toContain('You pressed this before.')
    expect(await h.members()).toEqual([])
  })

  it('stores the new, renames the changed, and leaves everyone else alone', async () => {
    const t = await previewed()
    const answer = await t.commit(t.id)
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toBe(`/imports/${t.id}`)
    expect(await t.members()).toEqual([
      { name: 'Ben Castellanos', phone: '+12135550148' },
      { name: 'Amara Okafor', phone: '+13235550131' },
      { name: 'Hana', phone: '+17475550117' },
      { name: 'Dmitri Volkov', phone: '+18185550126' },
    ])
    expect(await t.found(t.id)).toMatchObject({ status: 'committed', counts: { created: 2, renamed: 1, kept: 0, invalid: 1 } })
    const page = await t.admin.text(`/imports/${t.id}`)
    expect(page).toContain('3 rows imported.')
    expect(page).toContain('1 was left out.')
  })

  it('never touches consent', async () => {
    const t = await previewed()
    await t.commit(t.id)
    await t.undo(t.id)
    expect(await t.deps.db.all(sql`SELECT phone, source FROM unsubscribed_contacts`)).toEqual([
      { phone: '+18185550126', source: 'inbound' },
    ])
    expect(await t.deps.db.all(sql`SELECT phone FROM suppressed_contacts`)).toEqual([])
  })

  it('leaves the name of an opted-out member who has none in the file', async () => {
    const t = await createImporting()
    await t.addMember('Hana', '+17475550117')
    await t.optOut('+17475550117')
    const id = await t.preview('name,phone\n,7475550117\nDmitri,8185550126')
    await t.commit(id)
    expect((await t.found(id)).counts).toMatchObject({ opted_out: 1, created: 1, renamed: 0, kept: 1 })
    expect(await t.members()).toContainEqual({ name: 'Hana', phone: '+17475550117' })
  })

  it('is refused while the file is still being read', async () => {
    const t = await createImporting()
    const path = (await t.upload(list)).headers.get('location')
    const answer = await t.admin.post(`${path}/commit`)
    expect(answer.status).toBe(409)
    expect(await answer.text()).toContain('still being read')
    expect(await t.found(1)).toMatchObject({ status: 'reading' })
  })

  it('does nothing the second time', async () => {
    const t = await previewed()
    const [first, second] = await Promise.all([t.admin.post(`/imports/${t.id}/commit`), t.admin.post(`/imports/${t.id}/commit`)])
    expect([first.status, second.status]).toEqual([303, 303])
    await t.work()
    expect((await t.commit(t.id)).status).toBe(303)
    expect(await t.members()).toHaveLength(4)
    expect(await t.found(t.id)).toMatchObject({ status: 'committed', counts: { created: 2, renamed: 1 } })
    expect(await t.deps.db.all(sql`SELECT subject FROM audit_events WHERE event_type = 'members_imported'`)).toEqual([
      { subject: `import ${t.id}` },
    ])
  })

  it('goes by what is there when it runs, not when it was previewed', async () => {
    const t = await previewed()
    await t.addMember('Somebody', '+13235550131')
    await t.deps.db.run(sql`DELETE FROM community_members WHERE phone = '+12135550148'`)
    await t.commit(t.id)
    expect((await t.found(t.id)).counts).toMatchObject({ created: 2, renamed: 1, kept: 0 })
    await t.undo(t.id)
    expect(await t.members()).toEqual([
      { name: 'Somebody', phone: '+13235550131' },
      { name: 'Hana', phone: '+17475550117' },
    ])
  })

  it('keeps what is stored findable', async () => {
    const t = await previewed()
    await t.commit(t.id)
    expect(await t.admin.text('/community?search=Castell')).toContain('Ben Castellanos')
    expect(await t.admin.text('/community?search=Benny')).not.toContain('Ben Castellanos')
  })
})

describe('an undo', () => {
  it('takes out whom the import made, and puts old names back', async () => {
    const t = await previewed()
    const before = await t.members()
    await t.commit(t.id)
    expect((await t.undo(t.id)).status).toBe(303)
    expect(await t.members()).toEqual(before)
    expect(await t.found(t.id)).toMatchObject({ status: 'undone', counts: { removed: 2, restored: 1 } })
    expect(await t.admin.text(`/imports/${t.id}`)).toContain('2 people were taken out again, 1 old name was put back.')
    expect(await t.deps.db.all(sql`SELECT event_type FROM audit_events WHERE subject = ${`import ${t.id}`} ORDER BY id`)).toEqual([
      { event_type: 'import_uploaded' },
      { event_type: 'members_imported' },
      { event_type: 'import_undone' },
    ])
  })

  it('keeps people as they are who were edited since', async () => {
    const t = await previewed()
    await t.commit(t.id)
    await t.deps.db.run(sql`UPDATE community_members SET name = 'Amara O.' WHERE phone = '+13235550131'`)
    await t.deps.db.run(sql`UPDATE community_members SET name = 'Ben C.' WHERE phone = '+12135550148'`)
    await t.undo(t.id)
    expect(await t.members()).toEqual([
      { name: 'Ben C.', phone: '+12135550148' },
      { name: 'Amara O.', phone: '+13235550131' },
      { name: 'Hana', phone: '+17475550117' },
    ])
    expect(await t.admin.text(`/imports/${t.id}`)).toContain('2 people were edited or deleted since')
  })

  it('leaves a member alone who was deleted and added again by hand', async () => {
    const t = await previewed()
    await t.commit(t.id)
    await t.deps.db.run(sql`DELETE FROM community_members WHERE phone = '+13235550131'`)
    await t.addMember('Amara Okafor', '+13235550131')
    await t.undo(t.id)
    expect(await t.members()).toContainEqual({ name: 'Amara Okafor', phone: '+13235550131' })
  })

  it('does nothing the second time, and the import stays undone', async () => {
    const t = await previewed()
    await t.commit(t.id)
    await t.undo(t.id)
    await t.addMember('Amara Okafor', '+13235550131')
    expect((await t.undo(t.id)).status).toBe(303)
    expect(await t.members()).toContainEqual({ name: 'Amara Okafor', phone: '+13235550131' })
    expect((await t.commit(t.id)).status).toBe(409)
  })

  it('is refused before anything was stored', async () => {
    const t = await previewed()
    expect((await t.undo(t.id)).status).toBe(409)
    await t.admin.post(`/imports/${t.id}/commit`)
    const answer = await t.admin.post(`/imports/${t.id}/undo`)
    expect(answer.status).toBe(409)
    expect(await answer.text()).toContain('still arriving')
  })

  it('is no longer possible after 30 days, and the page says so', async () => {
    const t = await previewed()
    await t.commit(t.id)
    t.clock.now += 30 * 86_400_000 + 1
    const later = await t.signIn('admin')
    expect((await later.post(`/imports/${t.id}/undo`)).status).toBe(409)
    const page = await later.text(`/imports/${t.id}`)
    expect(page).toContain('older than 30 days')
    expect(page).not.toContain('/undo"')
  })
})

describe('a social manager', () => {
  it('may look, but neither upload, commit, download nor undo', async () => {
    const t = await previewed()
    const browser = await t.signIn('social_manager')
    expect((await browser.get('/community/import')).status).toBe(403)
    expect((await t.upload(list, { browser })).status).toBe(403)
    expect((await browser.post(`/imports/${t.id}/commit`)).status).toBe(403)
    expect((await browser.get(`/imports/${t.id}/problems.csv`)).status).toBe(403)
    expect((await browser.get('/community/export')).status).toBe(403)
    const page = await browser.text(`/imports/${t.id}`)
    expect(page).toContain('Only admins can import members.')
    expect(page).not.toContain('/commit')
    await t.commit(t.id)
    expect((await browser.post(`/imports/${t.id}/undo`)).status).toBe(403)
    expect((await t.found(t.id)).status).toBe('committed')
  })

  it('and a visitor is asked to sign in', async () => {
    const t = await previewed()
    const visitor = t.createBrowser()
    for (const path of [`/imports/${t.id}`, '/community/import'])
      expect((await visitor.get(path)).headers.get('location')).toMatch(/^\/login/)
  })
})
