import { expect, it } from 'vitest'
import { safeCell } from '../../src/web/csv-download'

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
