import { describe, expect, it } from 'vitest'
import { communityMembers, unsubscribedContacts } from '../../src/db/schema'
import { runJob } from '../../src/jobs'
import { origin } from '../support/harness'
import { createGathering } from './gathering'

const sheet = 'Name,Phone\nMaria Alvarez,(323) 555-0142\nTom,323-555-0143\nMaria again,3235550142\nNobody,12\n'

async function createImporting() {
  const h = await createGathering()
  h.nudges.length = 0
  const upload = (eventId: number | string, content: string, browser = h.manager) => {
    const body = new FormData()
    body.set('file', new File([content], 'sheet.csv', { type: 'text/csv' }))
    return browser.request(`/events/${eventId}/import`, { method: 'POST', body, headers: { origin } })
  }
  async function work() {
    for (let nudge = h.nudges.shift(); nudge; nudge = h.nudges.shift()) await runJob(h.deps, nudge.job)
  }
  async function preview(eventId: number, content: string): Promise<number> {
    const answer = await upload(eventId, content)
    if (answer.status !== 303) throw new Error(`upload answered ${answer.status}`)
    await work()
    return Number(answer.headers.get('location')?.split('/').at(-1))
  }
  async function act(id: number, name: 'commit' | 'undo', browser = h.manager) {
    const answer = await browser.post(`/imports/${id}/${name}`)
    await work()
    return answer
  }
  return { ...h, upload, work, preview, act }
}

describe('importing guests', () => {
  it('previews, stores and takes back, in this event alone, by a social manager', async () => {
    const h = await createImporting()
    const id = await h.addEvent('Supper', [['Tommy', '+13235550143']])
    const other = await h.addEvent('Other', [['Tom', '+13235550143']])
    await h.deps.db.insert(communityMembers).values({ name: 'M', phone: '+13235550142', createdAt: 1, updatedAt: 1 })

    const importId = await h.preview(id, sheet)
    const preview = await h.manager.text(`/imports/${importId}`)
    expect(preview).toContain('Import 2 rows')
    expect(preview).toContain('Become guests')
    expect(preview).toContain(`href="/events/${id}"`)
    expect(await h.guests(id)).toEqual([['Tommy', '+13235550143']])

    expect((await h.act(importId, 'commit')).status).toBe(303)
    expect(await h.guests(id)).toEqual([
      ['Maria Alvarez', '+13235550142'],
      ['Tom', '+13235550143'],
    ])
    expect(await h.manager.text(`/imports/${importId}`)).toContain('1 person is a new guest')
    expect(await h.guests(other)).toEqual([['Tom', '+13235550143']])
    expect(await h.audited()).toEqual([
      ['import_uploaded', `import ${importId}`],
      ['registrations_imported', `import ${importId}`],
    ])

    expect((await h.act(importId, 'undo')).status).toBe(303)
    expect(await h.guests(id)).toEqual([['Tommy', '+13235550143']])
    expect(await h.guests(other)).toEqual([['Tom', '+13235550143']])
    expect(await h.deps.db.select().from(communityMembers)).toMatchObject([{ name: 'M' }])
    const of = { createdBy: 'nia', eventId: id }
    expect(await h.consents('+13235550142')).toEqual([
      { kind: 'added', how: 'import', ...of },
      { kind: 'removed', how: 'import_undone', ...of },
    ])
    expect(await h.consents('+13235550143')).toEqual([])
  })

  it('committed twice stores once', async () => {
    const h = await createImporting()
    const id = await h.addEvent('Supper')
    const importId = await h.preview(id, sheet)
    for (let press = 0; press < 2; press++) expect((await h.act(importId, 'commit')).status).toBe(303)
    expect(await h.guests(id)).toHaveLength(2)
    expect(await h.consents('+13235550142')).toHaveLength(1)
  })

  it('the same sheet into two events is two lists', async () => {
    const h = await createImporting()
    const [id, other] = [await h.addEvent('Supper'), await h.addEvent('Other')]
    const [first, second] = [await h.preview(id, sheet), await h.preview(other, sheet)]
    await h.act(first, 'commit')
    await h.act(second, 'commit')
    await h.act(first, 'undo', h.admin)
    expect([await h.guests(id), (await h.guests(other)).length]).toEqual([[], 2])
  })

  it('stores who opted out, and leaves them opted out', async () => {
    const h = await createImporting()
    const id = await h.addEvent('Supper')
    await h.deps.db.insert(unsubscribedContacts).values({ phone: '+13235550142', source: 'inbound', createdAt: 1 })
    await h.act(await h.preview(id, sheet), 'commit')
    expect(await h.guests(id)).toHaveLength(2)
    expect(await h.deps.db.select().from(unsubscribedContacts)).toHaveLength(1)
    expect(await h.manager.text(`/events/${id}`)).toContain('2 guests. 1 can be texted.')
  })

  it('an undo leaves alone who was registered or renamed since', async () => {
    const h = await createImporting()
    const id = await h.addEvent('Supper')
    const importId = await h.preview(id, sheet)
    await h.act(importId, 'commit')
    await h.d1.prepare("UPDATE event_registrations SET name = 'Thomas' WHERE phone = '+13235550143'").run()
    await h.manager.post(`/events/${id}/register`, { name: 'Ana', phone: '3235550144' })
    await h.act(importId, 'undo')
    expect(await h.guests(id)).toEqual([
      ['Thomas', '+13235550143'],
      ['Ana', '+13235550144'],
    ])
    expect(await h.manager.text(`/imports/${importId}`)).toContain('1 person was edited or deleted since')
  })

  it('finds the imported by name', async () => {
    const h = await createImporting()
    const id = await h.addEvent('Supper')
    await h.act(await h.preview(id, sheet), 'commit')
    expect(await h.manager.text(`/events/${id}?search=alvarez`)).toContain('(323) 555-0142')
  })

  it.each([
    ['', 'Choose a file first.'],
    ['Name,Phone\n', 'The file has headings, but no rows below them.'],
  ])('refuses “%s” with 422', async (content, fault) => {
    const h = await createImporting()
    const id = await h.addEvent('Supper')
    const answer = content === '' ? await h.manager.post(`/events/${id}/import`) : await h.upload(id, content)
    expect(answer.status).toBe(422)
    expect(await answer.text()).toContain(fault)
  })

  it('the upload page tells the imports of this event, and no others', async () => {
    const h = await createImporting()
    const [id, other] = [await h.addEvent('Supper'), await h.addEvent('Other')]
    await h.preview(id, sheet)
    const page = await h.manager.text(`/events/${id}/import`)
    expect(page).toContain(`action="/events/${id}/import"`)
    expect(page).toContain('sheet.csv')
    expect(await h.manager.text(`/events/${other}/import`)).not.toContain('sheet.csv')
    expect(await h.admin.text('/community/import')).not.toContain('sheet.csv')
  })
})

describe('an event that is deleted', () => {
  it.each(['before', 'while it is read', 'after'] as const)('ends its imports: deleted %s the commit', async (when) => {
    const h = await createImporting()
    const id = await h.addEvent('Supper')
    const answer = await h.upload(id, sheet)
    const importId = Number(answer.headers.get('location')?.split('/').at(-1))
    if (when !== 'while it is read') await h.work()
    if (when === 'after') await h.act(importId, 'commit')
    await h.admin.post(`/events/${id}/delete`)
    await h.work()
    expect(await h.manager.text(`/imports/${importId}`)).toContain('The event of this file was deleted')
    expect((await h.act(importId, 'commit')).status).toBe(409)
    expect((await h.act(importId, 'undo')).status).toBe(409)
    const { n } = (await h.d1.prepare('SELECT count(*) AS n FROM event_registrations').first<{ n: number }>()) ?? { n: -1 }
    expect(n).toBe(0)
  })

  it('during an upload takes no rows either', async () => {
    const h = await createImporting()
    const id = await h.addEvent('Supper')
    const importId = await h.preview(id, sheet)
    await h.d1.prepare('DELETE FROM events').run()
    expect((await h.act(importId, 'commit')).status).toBe(409)
    await h.d1.prepare("UPDATE imports SET status = 'committing'").run()
    await runJob(h.deps, { type: 'import', importId })
    expect(await h.guests(id)).toEqual([])
  })
})
