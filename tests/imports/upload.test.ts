import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { origin } from '../support/harness'
import { createImporting } from './importing'

async function refusal(content: string | Uint8Array<ArrayBuffer>) {
  const t = await createImporting()
  const answer = await t.upload(content)
  const left = await t.deps.db.all(sql`SELECT id FROM imports UNION ALL SELECT import_id FROM import_chunks`)
  return { status: answer.status, page: await answer.text(), left, nudges: t.nudges }
}

const atTheField = (page: string) => /id="file-fault".*?<\/p>/s.exec(page)?.[0] ?? ''

describe('a file is refused at its field', () => {
  it.each([
    ['that is empty', '', 'The file is empty.'],
    ['of blanks', ' \n\n', 'The file is empty.'],
    ['that is a workbook', new Uint8Array([0x50, 0x4b, 3, 4, 20, 0]), 'save it as CSV'],
    ['with headings only', 'Name,Phone\n', 'no rows below them'],
    ['with headings and blank lines only', `Name,Phone\n${'\n'.repeat(100_000)}`, 'no rows below them'],
    ['without phones', 'Fruit,Colour\napple,red\npear,green\n', 'No column looks like phones.'],
    ['with too many rows', '3235550131\n'.repeat(200_001), 'more than 200,000 rows'],
  ])('%s', async (_, content, words) => {
    const { status, page, left, nudges } = await refusal(content)
    expect(status).toBe(422)
    expect(atTheField(page)).toContain(words)
    expect(left).toEqual([])
    expect(nudges).toEqual([])
  })

  it('that is missing', async () => {
    const t = await createImporting()
    const nothingChosen = new FormData()
    nothingChosen.set('file', new File([], ''))
    for (const body of [nothingChosen, new FormData(), new URLSearchParams({ file: 'list.csv' })]) {
      const answer = await t.admin.request('/community/import', { method: 'POST', body, headers: { origin } })
      expect(answer.status).toBe(422)
      expect(atTheField(await answer.text())).toContain('Choose a file first.')
    }
  })

  it('beyond 20 MB', async () => {
    const t = await createImporting()
    expect((await t.upload('x'.repeat(21 * 1024 * 1024))).status).toBe(413)
  })
})

describe('an upload', () => {
  it('answers at once with the page of its preview, and nudges a worker', async () => {
    const t = await createImporting()
    const answer = await t.upload('name,phone\nAmara,3235550131')
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toMatch(/^\/imports\/\d+$/)
    expect(await t.admin.text('/imports/1')).toContain('list.csv has arrived.')
    expect(t.nudges.map(({ job }) => job)).toEqual([{ type: 'import', importId: 1 }])
    expect(await t.found(1)).toMatchObject({ status: 'reading', filename: 'list.csv', totalRows: 1, createdBy: 'rosa' })
  })

  it('keeps the name of the file without its path', async () => {
    const t = await createImporting()
    const id = await t.preview('3235550131', { filename: 'C:\\Users\\rosa\\my list.csv' })
    expect((await t.found(id)).filename).toBe('my list.csv')
  })

  it('cuts a row that is far too long, and still reads it', async () => {
    const t = await createImporting()
    const id = await t.preview(`name,phone,notes\nAmara,3235550131,${'n'.repeat(30_000)}\nBen,2135550148,short`)
    expect(await t.rows(id)).toMatchObject([
      { kind: 'new', phone: '+13235550131' },
      { kind: 'new', phone: '+12135550148' },
    ])
    expect(await t.deps.db.all(sql`SELECT max(length(raw)) < 1000 AS cut FROM import_rows`)).toEqual([{ cut: 1 }])
  })

  it('is listed where files are uploaded', async () => {
    const t = await createImporting()
    const id = await t.preview('name,phone\nAmara,3235550131', { filename: 'spring.csv' })
    const page = await t.admin.text('/community/import')
    expect(page).toContain(`href="/imports/${id}"`)
    expect(page).toContain('spring.csv')
  })
})

describe('the rows with problems', () => {
  it('come as a file that can be mended and uploaded again', async () => {
    const t = await createImporting()
    const id = await t.preview('Nr;Cell;First;Last\n1;3235550131;Amara;Okafor\n2;555-0143;Ben;"Castellanos; jr."\n3;;Luis;Romero\n')
    const answer = await t.admin.get(`/imports/${id}/problems.csv`)
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    const csv = await answer.text()
    expect(csv.split('\r\n').slice(0, 3)).toEqual([
      'Nr,Cell,First,Last,Row in the first file,What is wrong,What to do',
      '2,555-0143,Ben,Castellanos; jr.,3,Only 7 digits: the area code is missing.,"Write it with its area code, as in 323-555-0143."',
      '3,,Luis,Romero,4,"There is a name, Luis Romero, but no phone.",Add the phone.',
    ])
    expect(await t.deps.db.all(sql`SELECT subject FROM audit_events WHERE event_type = 'import_problems_exported'`)).toEqual([
      { subject: `import ${id}` },
    ])
    const mended = await t.preview(csv.replace('2,555-0143', '2,323-555-0143').replace('3,,Luis', '3,(818) 555-0126,Luis'))
    expect(await t.rows(mended)).toMatchObject([
      { kind: 'new', name: 'Ben Castellanos; jr.', phone: '+13235550143' },
      { kind: 'new', name: 'Luis Romero', phone: '+18185550126' },
    ])
  })

  it('get headings where the file had none', async () => {
    const t = await createImporting()
    const id = await t.preview('Amara,Okafor,3235550131\n=Ben,Castellanos,555-0143\n')
    const csv = await t.admin.text(`/imports/${id}/problems.csv`)
    expect(csv).toContain('First name,Last name,Phone,Row in the first file')
    expect(csv).toContain("'=Ben,Castellanos,555-0143")
    const mended = await t.preview(csv.replace('555-0143', '3235550143'))
    expect(await t.rows(mended)).toMatchObject([{ kind: 'new', name: '=Ben Castellanos', phone: '+13235550143' }])
  })
})
