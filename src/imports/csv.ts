import Papa from 'papaparse'
import { looksLikePhone } from '../sms/phone'

export { type CsvEncoding, type DecodedCsv, decodeCsv } from './decode'

/** Rows with something in them; a file with more is refused. */
export const MAX_ROWS = 200_000
/** What a spreadsheet cell can hold. */
export const MAX_FIELD_LENGTH = 32_767

const DELIMITERS = [',', ';', '\t'] as const
export type Delimiter = (typeof DELIMITERS)[number]
/** `row` is the number the sheet shows: the first row is 1, empty rows count but are not given. */
export type CsvRow = { row: number; cells: string[] }
/** Where to read on: plain data, so that a reader can stop and another can continue. */
export type CsvCursor = { offset: number; row: number; filled: number; delimiter: Delimiter }
export type CsvFault = { ok: false; row: number; message: string }
export type CsvChunk = { ok: true; rows: CsvRow[]; next: CsvCursor | null }

const WINDOW = 64 * 1024
// Where a quote stays open at the end of the line, it may be a broken line, and a file may hold many: then 64 kB each would take minutes.
const SMALL_WINDOW = 4 * 1024
const MAX_RECORD = 4 * MAX_FIELD_LENGTH
const SNIFFED_ROWS = 20

const parserFor = (delimiter: Delimiter, preview: number) =>
  new Papa.Parser({ delimiter, newline: '\n', quoteChar: '"', fastMode: false, preview } as Papa.ParseConfig)

type Parsed = { data: string[][]; errors: { type: string; row?: number }[]; meta: { cursor: number } }

const parse = (text: string, delimiter: Delimiter, preview: number, ignoreLastRow: boolean): Parsed =>
  parserFor(delimiter, preview).parse(text, 0, ignoreLastRow) as Parsed

const phoneRows = (rows: string[][]): number => rows.filter((cells) => cells.some(looksLikePhone)).length

/** The delimiter under which most rows show a phone in a cell of its own; else the one that gives the most rows several cells. */
const guessDelimiter = (text: string): Delimiter => {
  const scored = DELIMITERS.map((delimiter) => {
    const rows = parse(text.slice(0, WINDOW), delimiter, SNIFFED_ROWS, false).data
    const split = rows.filter((cells) => cells.length > 1).length
    return { delimiter, score: phoneRows(rows) * 100 + split }
  })
  return scored.reduce((best, next) => (next.score > best.score ? next : best)).delimiter
}

/** Where reading starts, with the delimiter guessed among comma, semicolon and tab, or taken from Excel's `sep=` line, which is no row. */
export const startCsv = (text: string): CsvCursor => {
  const declared = /^"?sep=([,;\t])"?\n/i.exec(text)
  const offset = declared?.[0].length ?? 0
  const delimiter = DELIMITERS.find((known) => known === declared?.[1]) ?? guessDelimiter(text.slice(offset, offset + WINDOW))
  return { offset, row: 1, filled: 0, delimiter }
}

type Slice = { records: string[][]; length: number }

const lineEnd = (text: string, offset: number): number => {
  const end = text.indexOf('\n', offset)
  return end === -1 ? text.length : end
}

/** A line whose quotes make no sense, taken by itself, so that it cannot swallow the rows after it. */
const readBrokenLine = (text: string, offset: number, delimiter: Delimiter): Slice => {
  const end = lineEnd(text, offset)
  const cells = text
    .slice(offset, end)
    .split(delimiter)
    .map((cell) => cell.trim().replace(/^"|"$/g, ''))
  return { records: [cells], length: end + 1 - offset }
}

const isBroken = (parsed: Parsed, row: number): boolean =>
  parsed.errors.some((error) => error.type === 'Quotes' && error.row === row) && !!parsed.data[row]?.some((cell) => cell.includes('\n'))

const readSlice = (text: string, offset: number, delimiter: Delimiter, maxRows: number): Slice => {
  const balanced = text.slice(offset, lineEnd(text, offset)).split('"').length % 2 === 1
  for (let size = balanced ? WINDOW : SMALL_WINDOW; ; size *= 2) {
    const window = text.slice(offset, offset + size)
    const last = offset + size >= text.length
    const parsed = parse(window, delimiter, maxRows, !last)
    const { data, errors, meta } = parsed
    const broken = data.findIndex((_, row) => errors.length > 0 && isBroken(parsed, row))
    if (broken > 0) return { records: data.slice(0, broken), length: parse(window, delimiter, broken, true).meta.cursor }
    if (broken === 0) return readBrokenLine(text, offset, delimiter)
    if (data.length > 0) return { records: data, length: last && data.length < maxRows ? window.length : meta.cursor }
    if (last) return { records: [], length: window.length }
    if (size > MAX_RECORD || errors.length > 0) return readBrokenLine(text, offset, delimiter)
  }
}

/**
 * The next rows, at most `maxRows` and about 64 kB of text, so that the caller can let others work between two calls.
 * `next` is null at the end. `text` has LF line breaks, as `decodeCsv` gives it.
 */
export const readCsvRows = (text: string, cursor: CsvCursor, maxRows = 1000): CsvChunk | CsvFault => {
  const { delimiter } = cursor
  const { records, length } = readSlice(text, cursor.offset, delimiter, maxRows)
  const rows: CsvRow[] = []
  let row = cursor.row
  for (const cells of records) {
    if (cells.some((cell) => cell.trim() !== '')) rows.push({ row, cells })
    if (cells.some((cell) => cell.length > MAX_FIELD_LENGTH)) {
      return { ok: false, row, message: `Row ${row}: a cell has more than ${MAX_FIELD_LENGTH.toLocaleString('en-US')} characters.` }
    }
    row++
  }
  const filled = cursor.filled + rows.length
  if (filled > MAX_ROWS) {
    return {
      ok: false,
      row: rows.at(-1)?.row ?? row,
      message: `The file has more than ${MAX_ROWS.toLocaleString('en-US')} rows. Split it into smaller files.`,
    }
  }
  const offset = cursor.offset + length
  return { ok: true, rows, next: offset < text.length ? { offset, row, filled, delimiter } : null }
}

/** All chunks in order; ends after a fault. */
export function* parseCsvChunks(text: string, rowsPerChunk = 1000): Generator<CsvChunk | CsvFault> {
  let cursor: CsvCursor | null = startCsv(text)
  while (cursor) {
    const chunk = readCsvRows(text, cursor, rowsPerChunk)
    yield chunk
    cursor = chunk.ok ? chunk.next : null
  }
}

/** Everything at once, for small files: about 100 ms for 100,000 rows. */
export const parseCsv = (text: string): { ok: true; rows: CsvRow[] } | CsvFault => {
  const rows: CsvRow[] = []
  for (const chunk of parseCsvChunks(text)) {
    if (!chunk.ok) return chunk
    for (const row of chunk.rows) rows.push(row)
  }
  return { ok: true, rows }
}
