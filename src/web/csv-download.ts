import Papa from 'papaparse'
import type { Deps } from '../deps'

type Cell = string | number | null
const phonePattern = /^\+\d{6,15}$/

/** What begins a formula, full-width as well, and what a spreadsheet drops before it. */
const formulaStarts = '=+-@＝＋－＠\t\r\n\0'

/** A spreadsheet runs a cell that starts like a formula (OWASP, CSV injection): an apostrophe makes it text. Phones stay as they are. */
export function safeCell(cell: Cell): Cell {
  return typeof cell === 'string' && cell !== '' && formulaStarts.includes(cell.charAt(0)) && !phonePattern.test(cell) ? `'${cell}` : cell
}

/**
 * An RFC 4180 download with a BOM, for Excel, streamed page by page: memory stays flat whatever the table's size. Between two pages others are
 * answered, for a quick reader would keep a server busy with nothing else to the end.
 */
export function csvDownload(
  { sleep }: Pick<Deps, 'sleep'>,
  filename: string,
  columns: readonly string[],
  pages: AsyncIterable<Cell[][]>,
): Response {
  const encoder = new TextEncoder()
  const line = (rows: Cell[][]) => `${Papa.unparse(rows, { newline: '\r\n' })}\r\n`
  async function* chunks() {
    yield encoder.encode(`\uFEFF${line([[...columns]])}`)
    for await (const rows of pages) if (rows.length > 0) yield encoder.encode(line(rows.map((row) => row.map(safeCell))))
  }
  const iterator = chunks()
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      await sleep(0)
      const { value, done } = await iterator.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    async cancel() {
      await iterator.return()
    },
  })
  const headers = {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${filename.replace(/[^\w.-]/g, '-')}"`,
  }
  return new Response(stream, { headers })
}
