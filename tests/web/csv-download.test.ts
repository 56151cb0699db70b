import { expect, it } from 'vitest'
import { csvDownload, safeCell } from '../../src/web/csv-download'
import { createHarness } from '../support/harness'

it.each([
  '=1+1',
  '+1+1',
  '-1+1',
  '@SUM(1)',
  '\t=1+1',
  '\r=1+1',
  '\n=1+1',
  '\0=1+1',
  '＝1+1',
  '＋1+1',
  '－1+1',
  '＠SUM(1)',
  "+13235550142=cmd|'/c calc'!A0",
  '+13235550142\n=1+1',
])('%j, which a spreadsheet may run, is made text', (cell) => expect(safeCell(cell)).toBe(`'${cell}`))

it.each(['+13235550142', 'Maria', '1-2', '', null, -1])('%j stays as it is', (cell) => expect(safeCell(cell)).toBe(cell))

it('others have a turn after each page of a download, however fast it is read', async () => {
  const { deps } = await createHarness()
  const pages = 40
  let turns = 0
  let reading = true
  const others = (async () => {
    while (reading) {
      await new Promise((turn) => setTimeout(turn, 0))
      turns++
    }
  })()
  async function* rows() {
    for (let page = 0; page < pages; page++) yield [[`Page ${page}`, '+13235550142']]
  }
  const text = await csvDownload(deps, 'people.csv', ['name', 'phone'], rows()).text()
  reading = false
  await others
  expect(text.split('\r\n')).toHaveLength(pages + 2)
  expect(turns).toBeGreaterThanOrEqual(pages / 2)
})
