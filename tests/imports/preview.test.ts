import { describe, expect, it } from 'vitest'
import { createImporting } from './importing'

const everyKind = [
  'First,Last,Cell',
  'Amara,Okafor,3235550131', // 2 new
  'Ben,Castellanos,(213) 555-0148', // 3 changed
  'Chloé,Martin,626.555.0109', // 4 same
  'Dmitri,Volkov,1-818-555-0126', // 5 opted out
  'Amara,O.,+1 323 555 0131', // 6 twice in the file
  'Ed,,555-0143', // 7 invalid
  ',,', // 8 empty: no row
  'Luis,Romero,', // 9 no phone
  ',,7475550117', // 10 no name, and somebody is there
].join('\r\n')

async function withEveryKind() {
  const t = await createImporting()
  await t.addMember('Benny', '+12135550148')
  await t.addMember('Chloé Martin', '+16265550109')
  await t.addMember('Hana', '+17475550117')
  await t.optOut('+18185550126')
  return { ...t, id: await t.preview(everyKind) }
}

describe('what becomes of each row', () => {
  it('is told by its kind, with the row number of the sheet', async () => {
    const t = await withEveryKind()
    expect(await t.rows(t.id)).toEqual([
      { row: 2, kind: 'new', name: 'Amara Okafor', phone: '+13235550131', reason: '' },
      { row: 3, kind: 'changed', name: 'Ben Castellanos', phone: '+12135550148', reason: '' },
      { row: 4, kind: 'same', name: 'Chloé Martin', phone: '+16265550109', reason: '' },
      { row: 5, kind: 'opted_out', name: 'Dmitri Volkov', phone: '+18185550126', reason: '' },
      { row: 6, kind: 'duplicate', name: 'Amara O.', phone: '+13235550131', reason: 'The same phone as in row 2. The first one counts.' },
      { row: 7, kind: 'invalid', name: 'Ed', phone: null, reason: 'Only 7 digits: the area code is missing.' },
      { row: 9, kind: 'invalid', name: 'Luis Romero', phone: null, reason: 'There is a name, Luis Romero, but no phone.' },
      { row: 10, kind: 'same', name: '', phone: '+17475550117', reason: '' },
    ])
  })

  it('adds up to the rows of the file', async () => {
    const t = await withEveryKind()
    const { counts, totalRows, status } = await t.found(t.id)
    expect(status).toBe('previewed')
    const { new: added, changed, same, opted_out, duplicate, invalid } = counts
    expect([added, changed, same, opted_out, duplicate, invalid]).toEqual([1, 1, 2, 1, 1, 2])
    expect(totalRows).toBe(8)
    const page = await t.admin.text(`/imports/${t.id}`)
    expect(page).toContain('1 new, 1 changed, 3 already there, 1 opted out, 2 with problems, of 8')
    expect(page).toContain('2 the same, 1 twice in the file')
    expect(page).toContain('Import 3 rows')
    expect(page).toContain('First + Last → name, Cell → phone')
  })

  it('stores nobody before the commit', async () => {
    const t = await withEveryKind()
    expect(await t.members()).toHaveLength(3)
  })

  it('finds a phone again that came many rows before, in another chunk', async () => {
    const t = await createImporting()
    const lines = Array.from({ length: 900 }, (_, index) => `P${index},${2_132_000_000 + index}`)
    const id = await t.preview(['name,phone', ...lines, 'Again,+1 213 200 0003', 'And again,2132000003'].join('\n'))
    const duplicate = { kind: 'duplicate', reason: 'The same phone as in row 5. The first one counts.' }
    expect((await t.rows(id)).slice(-2)).toMatchObject([duplicate, duplicate])
  })

  it('says which name is too long', async () => {
    const t = await createImporting()
    const id = await t.preview(`name,phone\n${'x'.repeat(201)},3235550131`)
    expect(await t.rows(id)).toMatchObject([{ kind: 'invalid', phone: null, reason: 'The name is longer than 200 characters.' }])
  })
})

describe('the page', () => {
  it('lists problems with what the file says, what is wrong and what to do', async () => {
    const t = await withEveryKind()
    const page = await t.admin.text(`/imports/${t.id}`)
    expect(page).toContain('2 rows with a problem')
    expect(page).toContain('<span class="raw">555-0143</span>')
    expect(page).toContain('<span class="raw">(empty)</span>')
    expect(page).toContain('Add the phone.')
  })

  it('lists rows by kind', async () => {
    const t = await withEveryKind()
    const shown = async (show: string) => (await t.admin.text(`/imports/${t.id}?show=${show}`)).split('id="rows"')[1] ?? ''
    expect(await shown('new')).toContain('Amara Okafor')
    expect(await shown('changed')).toContain('was Benny')
    expect(await shown('opted_out')).toContain('Dmitri Volkov')
    const there = await shown('same')
    expect(there).toContain('Chloé Martin')
    expect(there).toContain('The same phone as in row 2.')
    expect(there).not.toContain('Dmitri')
  })

  it('has pages, of rows and of problems', async () => {
    const t = await createImporting()
    const good = Array.from({ length: 60 }, (_, index) => `G${index},${2_132_000_000 + index}`)
    const bad = Array.from({ length: 30 }, (_, index) => `B${index},no phone ${index}`)
    const id = await t.preview(['name,phone', ...good, ...bad].join('\n'))
    const first = await t.admin.text(`/imports/${id}`)
    expect(first).toContain('1 to 20 of 30')
    expect(first).toContain('1 to 50 of 60')
    expect(await t.admin.text(`/imports/${id}?show=new&page=2`)).toContain('51 to 60 of 60')
    const problems = await t.admin.text(`/imports/${id}?show=problems&page=2`)
    expect(problems).toContain('21 to 30 of 30')
    expect(problems).toContain('no phone 29')
    expect(problems).toContain('1 to 50 of 60')
  })

  it('shows names, cells and file names as text', async () => {
    const t = await createImporting()
    const id = await t.preview('name,phone\n<b>Eve</b>,3235550131\n<i>Mal</i>,<script>1</script>', { filename: '<u>list</u>.csv' })
    const page = await t.admin.text(`/imports/${id}`)
    expect(page).toContain('&lt;b&gt;Eve&lt;/b&gt;')
    expect(page).toContain('&lt;script&gt;')
    for (const tag of ['<b>Eve', '<i>Mal', '<script>1', '<u>list']) expect(page).not.toContain(tag)
  })

  it('asks again by itself while the file is read, and has a link for those without a script', async () => {
    const t = await createImporting()
    const answer = await t.upload('name,phone\nAmara,3235550131')
    const path = answer.headers.get('location') ?? ''
    const reading = await t.admin.text(path)
    expect(reading).toContain('0 of 1 rows')
    expect(reading).toContain('hx-trigger="every 1s"')
    expect(reading).toContain(`href="${path}"`)
    await t.work()
    expect(await t.admin.text(path)).not.toContain('every 1s')
  })

  it('offers nothing to import where nothing is new', async () => {
    const t = await createImporting()
    await t.addMember('Amara', '+13235550131')
    const page = await t.admin.text(`/imports/${await t.preview('name,phone\nAmara,3235550131')}`)
    expect(page).toContain('There is nothing to import')
    expect(page).not.toContain('/commit')
  })

  it('does not exist for an unknown id', async () => {
    const t = await createImporting()
    for (const id of ['99', '0', 'x']) expect((await t.admin.get(`/imports/${id}`)).status).toBe(404)
    for (const act of ['commit', 'undo']) expect((await t.admin.post(`/imports/99/${act}`)).status).toBe(404)
    expect((await t.admin.get('/imports/99/problems.csv')).status).toBe(404)
  })
})
