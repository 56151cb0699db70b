import Papa from 'papaparse'
import { describe, expect, it } from 'vitest'
import { decodeCsv, MAX_FIELD_LENGTH, MAX_ROWS, parseCsv, parseCsvChunks, readCsvRows, startCsv } from '../../src/imports/csv'
import { seededRandom } from '../support/seeded-random'

const rowsOf = (text: string) => {
  const parsed = parseCsv(text)
  if (!parsed.ok) throw new Error(parsed.message)
  return parsed.rows
}
const cellsOf = (text: string) => rowsOf(text).map(({ cells }) => cells)
const utf16 = (text: string, bigEndian = false) => {
  const bytes = new Uint8Array(text.length * 2)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < text.length; i++) view.setUint16(i * 2, text.charCodeAt(i), !bigEndian)
  return bytes
}
const bytes = (text: string) => new TextEncoder().encode(text)

describe('decodeCsv', () => {
  const text = 'name,phone\nChloé O’Hara,3235550142\n'
  it.each([
    ['UTF-8', bytes(text), 'utf-8'],
    ["Excel's UTF-8 with a mark", bytes(`\ufeff${text}`), 'utf-8'],
    ['UTF-16 LE with a mark', utf16(`\ufeff${text}`), 'utf-16le'],
    ['UTF-16 BE with a mark', utf16(`\ufeff${text}`, true), 'utf-16be'],
    ['UTF-16 LE without', utf16(text), 'utf-16le'],
    ['UTF-16 BE without', utf16(text, true), 'utf-16be'],
    ['CRLF', bytes(text.replaceAll('\n', '\r\n')), 'utf-8'],
    ['old Mac CR', bytes(text.replaceAll('\n', '\r')), 'utf-8'],
  ])('%s', (_, encoded, encoding) => expect(decodeCsv(encoded)).toEqual({ ok: true, text, encoding }))

  it('falls back to Windows-1252', () => {
    const windows = Uint8Array.from('name\nFran\xe7oise O\x92Neil \x80', (char) => char.charCodeAt(0))
    expect(decodeCsv(windows)).toEqual({ ok: true, text: 'name\nFrançoise O’Neil €', encoding: 'windows-1252' })
  })

  it('keeps a UTF-8 file with one bad byte', () => {
    const broken = new Uint8Array([...bytes('José, Zoë, Núñez '), 0xff, ...bytes(' ok')])
    expect(decodeCsv(broken)).toEqual({ ok: true, text: 'José, Zoë, Núñez \ufffd ok', encoding: 'utf-8' })
  })

  it('refuses what is no CSV, and says what to do', () => {
    expect(decodeCsv(new Uint8Array())).toEqual({ ok: false, message: 'The file is empty.' })
    expect(decodeCsv(bytes('\ufeff \r\n '))).toEqual({ ok: false, message: 'The file is empty.' })
    expect(decodeCsv(new Uint8Array([0x50, 0x4b, 3, 4, 0]))).toMatchObject({
      ok: false,
      message: expect.stringContaining('save it as CSV'),
    })
    expect(decodeCsv(bytes('%PDF-1.7'))).toMatchObject({ ok: false })
  })
})

describe('parseCsv', () => {
  it.each([
    ['comma', ','],
    ['semicolon', ';'],
    ['tab', '\t'],
  ])('reads %s', (_, delimiter) => {
    const text = `name${delimiter}phone\n"Alvarez, Maria; Ana"${delimiter}(323) 555-0142\n`
    expect(cellsOf(text)).toEqual([
      ['name', 'phone'],
      ['Alvarez, Maria; Ana', '(323) 555-0142'],
    ])
  })

  it('is not misled by commas inside names of a semicolon file', () => {
    expect(cellsOf('Alvarez, Maria;3235550142\nChen, Wei;3235550143')).toEqual([
      ['Alvarez, Maria', '3235550142'],
      ['Chen, Wei', '3235550143'],
    ])
    expect(startCsv('name;phone').delimiter).toBe(';')
    expect(startCsv('3235550142\n3235550143').delimiter).toBe(',')
  })

  it("takes Excel's sep line, which is no row", () => {
    expect(rowsOf('sep=;\nname;phone\nAna;1')).toEqual([
      { row: 1, cells: ['name', 'phone'] },
      { row: 2, cells: ['Ana', '1'] },
    ])
  })

  it('numbers rows as the sheet does: empty ones count, and a cell with line breaks is one row', () => {
    expect(rowsOf('name,phone\n\n"Ana\nMaria",1\n,\n" ",\nWei,2\n\n')).toEqual([
      { row: 1, cells: ['name', 'phone'] },
      { row: 3, cells: ['Ana\nMaria', '1'] },
      { row: 6, cells: ['Wei', '2'] },
    ])
  })

  it('reads doubled and stray quotes', () => {
    expect(cellsOf('"Ana ""Nina"" Paz",1\nJuan "Johnny" Paz,2\n"Juan "Johnny" Paz",3\n')).toEqual([
      ['Ana "Nina" Paz', '1'],
      ['Juan "Johnny" Paz', '2'],
      ['Juan "Johnny" Paz', '3'],
    ])
  })

  it('loses no row to a quote that is never closed', () => {
    const many = Array.from({ length: 30_000 }, (_, i) => `Ana,32355${10000 + i}`)
    for (const broken of ['"Wei,3235550142', '"Wei" X,3235550142', '5" pipe,"3235550142']) {
      const rows = rowsOf([...many.slice(0, 1500), broken, ...many].join('\n'))
      expect(rows).toHaveLength(31_501)
      expect(rows[1500]?.row).toBe(1501)
      expect(rows[1500]?.cells.at(-1)).toBe('3235550142')
      expect(rows.at(-1)).toEqual({ row: 31_501, cells: ['Ana', '3235539999'] })
    }
  })

  it('takes a broken line whole, however long', () => {
    const line = `"a"${'x'.repeat(9000)},${'"b'.repeat(2)},3235550142`
    expect(cellsOf(`Ana,1\n${line}\nWei,2`)).toHaveLength(3)
    expect(cellsOf(`Ana,1\n"a"${'x'.repeat(9000)},3235550142\n${'Wei,2\n'.repeat(30_000)}`)[1]?.[1]).toBe('3235550142')
  })

  it('keeps long names whole', () => {
    const name = 'x'.repeat(300)
    expect(cellsOf(`${name},3235550142`)).toEqual([[name, '3235550142']])
  })

  it('refuses a cell that no sheet can hold', () => {
    expect(parseCsv(`a,b\n"${'x'.repeat(MAX_FIELD_LENGTH)}",1`).ok).toBe(true)
    expect(parseCsv(`a,b\n"${'x'.repeat(MAX_FIELD_LENGTH + 1)}",1`)).toEqual({
      ok: false,
      row: 2,
      message: 'Row 2: a cell has more than 32,767 characters.',
    })
  })

  it('refuses more rows than the limit, not counting empty ones', () => {
    expect(parseCsv('1\n\n'.repeat(MAX_ROWS)).ok).toBe(true)
    expect(parseCsv('1\n'.repeat(MAX_ROWS + 1))).toMatchObject({ ok: false, message: expect.stringContaining('more than 200,000 rows') })
  })
})

describe('in chunks', () => {
  const random = seededRandom(99)
  const pick = (from: readonly string[]) => from[random.below(from.length)] ?? ''
  const cell = () => Array.from({ length: random.below(6) }, () => pick(['a', 'é', '"', ',', '\n', ';', ' ', '👋', '\t'])).join('')

  it('gives what papaparse gives for the whole, for any chunk size and window', () => {
    for (let round = 0; round < 40; round++) {
      const wanted = Array.from({ length: 1 + random.below(80) }, () => [`x${cell()}`, pick(['', 'y'.repeat(3000)]) + cell(), '3235550142'])
      const text = Papa.unparse(wanted, { newline: '\n' }).replaceAll('\r', '')
      for (const size of [1, 7, 1000]) {
        const rows = [...parseCsvChunks(text, size)].flatMap((chunk) => (chunk.ok ? chunk.rows : []))
        expect(rows.map(({ cells }) => cells)).toEqual(wanted)
        expect(rows.map(({ row }) => row)).toEqual(wanted.map((_, index) => index + 1))
      }
    }
  })

  it('bounds the work of one step and resumes from a stored cursor', () => {
    const text = Array.from({ length: 20_000 }, (_, i) => `Person ${i},32355${10_000 + i}`).join('\n')
    let cursor = startCsv(text)
    let rows = 0
    for (;;) {
      const chunk = readCsvRows(text, JSON.parse(JSON.stringify(cursor)), 500)
      if (!chunk.ok) throw new Error(chunk.message)
      expect(chunk.rows.length).toBeLessThanOrEqual(500)
      rows += chunk.rows.length
      if (!chunk.next) break
      cursor = chunk.next
    }
    expect(rows).toBe(20_000)
  })
})
