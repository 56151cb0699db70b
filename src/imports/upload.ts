import { sql } from 'drizzle-orm'
import { imports } from '../db/schema'
import type { Deps } from '../deps'
import { readColumns } from './columns'
import { type CsvRow, parseCsvChunks } from './csv'
import { decodeCsv } from './decode'
import type { ImportKind, StoredColumns } from './imports'

/** A chunk is what a worker reads and writes in one batch. */
export const chunkRows = 800
const chunkLength = 150_000
/** One statement stores several chunks: a Worker counts its queries, and D1 takes 2 MB a parameter, three bytes to some characters. */
const statementLength = 450_000
/** A row beyond this is no contact but a broken file: its cells are cut, so that what is wrong with it can still be shown. */
const rowLength = 20_000
const clippedCells = 40
const clippedLength = 500
/** The uploader's own lease; an upload that ended in the middle is found by its lapse. */
const uploadMs = 5 * 60_000

export type Upload = { kind: ImportKind; eventId: number | null; filename: string; bytes: Uint8Array; by: string }
/** `refused`: in words for the file's field. */
export type UploadResult = { kind: 'stored'; importId: number } | { kind: 'refused'; message: string }
type Base = Pick<Deps, 'db' | 'now' | 'newToken' | 'sleep' | 'queue'>

/** Cuts a file into rows, stores them as they are, and nudges a worker to read them. */
export async function uploadImport(deps: Base, upload: Upload): Promise<UploadResult> {
  // Taking the form apart, decoding and cutting each hold everybody else up: let them in between.
  await deps.sleep(0)
  const decoded = decodeCsv(upload.bytes)
  if (!decoded.ok) return refused(decoded.message)
  await deps.sleep(0)
  const chunks = parseCsvChunks(decoded.text, chunkRows)
  const first = chunks.next().value
  if (!first?.ok) return refused(first?.message ?? 'The file is empty.')
  const read = readColumns(first.rows)
  if (!read.ok) return refused(read.message)
  const headings = read.columns.header ? clip(first.rows[0]?.cells ?? []) : []
  const rows = read.columns.header ? first.rows.slice(1) : first.rows
  if (rows.length === 0 && !first.next) return refused(nothingBelow)

  const store = await openStore(deps, upload, { ...read.columns, headings })
  await store.add(rows)
  await deps.sleep(0)
  for (const chunk of chunks) {
    if (!chunk.ok) {
      await store.discard()
      return refused(chunk.message)
    }
    await store.add(chunk.rows)
    await deps.sleep(0)
  }
  if (!(await store.finish())) return refused(nothingBelow)
  await deps.queue.send({ type: 'import', importId: store.importId })
  return { kind: 'stored', importId: store.importId }
}

const nothingBelow = 'The file has headings, but no rows below them.'
const refused = (message: string): UploadResult => ({ kind: 'refused', message })

const clip = (cells: string[]): string[] =>
  JSON.stringify(cells).length <= rowLength ? cells : cells.slice(0, clippedCells).map((cell) => [...cell].slice(0, clippedLength).join(''))

/** Gathers rows into chunks, and chunks into statements. Nothing reads them before `finish`. */
async function openStore({ db, now, newToken }: Base, upload: Upload, columns: StoredColumns) {
  const token = newToken()
  const [row] = await db
    .insert(imports)
    .values({
      kind: upload.kind,
      eventId: upload.eventId,
      filename: displayName(upload.filename),
      status: 'reading',
      columns: JSON.stringify(columns),
      leaseToken: token,
      leaseUntil: now() + uploadMs,
      createdBy: upload.by,
      createdAt: now(),
    })
    .returning({ id: imports.id })
  if (!row) throw new Error('import not stored')
  const importId = row.id
  let total = 0
  let position = 0
  let chunks: string[] = []
  let length = 0

  async function flush() {
    if (chunks.length === 0) return
    await db.run(sql`
      INSERT INTO import_chunks (import_id, position, rows)
      SELECT ${importId}, ${position} + key, value FROM json_each(${`[${chunks.join(',')}]`})`)
    position += chunks.length
    chunks = []
    length = 0
  }

  async function add(rows: readonly CsvRow[]) {
    for (const chunk of cutIntoChunks(rows)) {
      chunks.push(chunk)
      length += chunk.length
      if (length >= statementLength) await flush()
    }
    total += rows.length
  }

  /** A total marks it as whole, and the lease goes to whoever reads it. False: there were no rows. */
  async function finish(): Promise<boolean> {
    if (total === 0) {
      await discard()
      return false
    }
    await flush()
    await db.run(sql`
      UPDATE imports SET total_rows = ${total}, lease_token = NULL, lease_until_at = 0 WHERE id = ${importId} AND lease_token = ${token}`)
    return true
  }

  async function discard() {
    await db.run(sql`DELETE FROM imports WHERE id = ${importId}`)
  }
  return { importId, add, finish, discard }
}

function* cutIntoChunks(rows: readonly CsvRow[]): Generator<string> {
  let texts: string[] = []
  let length = 0
  for (const { row, cells } of rows) {
    const text = JSON.stringify([row, ...clip(cells)])
    if (texts.length > 0 && length + text.length > chunkLength) {
      yield `[${texts.join(',')}]`
      texts = []
      length = 0
    }
    texts.push(text)
    length += text.length
  }
  if (texts.length > 0) yield `[${texts.join(',')}]`
}

/** Only ever shown. Browsers send the bare name, other clients a whole path. */
const displayName = (filename: string): string => {
  const bare = filename
    .split(/[\\/]/)
    .at(-1)
    ?.replace(/\p{Cc}+/gu, ' ')
    .trim()
  return [...(bare || 'file.csv')].slice(0, 200).join('')
}
