import { expect, it } from 'vitest'
import { csvDownload } from '../../src/web/csv-download'
import { createHarness } from '../support/harness'

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
