import { eq, sql } from 'drizzle-orm'
import { events, type importKinds, type importRowKinds, type importStatuses, imports } from '../db/schema'
import type { Deps } from '../deps'
import { Conflict, NotFound } from '../faults'
import { type Columns, plainHeading } from './columns'

export type ImportKind = (typeof importKinds)[number]
export type ImportStatus = (typeof importStatuses)[number]
export type RowKind = (typeof importRowKinds)[number]
type Base = Pick<Deps, 'db' | 'now'>

/** What commit did to a row that is stored. */
export type Applied = 'created' | 'renamed' | 'kept'
/** Rows by kind; after a commit by what was done, after an undo by what was put back. */
export type ImportCounts = Record<RowKind | Applied | 'removed' | 'restored', number>

/** `headings`: row 1 as uploaded where it is a header, so that rows can be given back as they came. */
export type StoredColumns = Columns & { headings: string[] }

/** A worker is on these, or will be; they end in another status by themselves. */
export const openStatuses = ['reading', 'committing', 'undoing'] as const satisfies readonly ImportStatus[]
export type OpenStatus = (typeof openStatuses)[number]

const dayMs = 86_400_000
/** An upload that nobody commits is kept so long. */
export const uncommittedDays = 7
/** The rows of a committed import, and with them its undo. */
export const undoDays = 30
export const uncommittedMs = uncommittedDays * dayMs
export const undoMs = undoDays * dayMs

export type Import = Omit<typeof imports.$inferSelect, 'counts' | 'columns'> & {
  counts: ImportCounts
  columns: StoredColumns
  /** Null where it is of no event, or the event is gone. */
  eventTitle: string | null
}

const noCounts: ImportCounts = {
  new: 0,
  changed: 0,
  same: 0,
  opted_out: 0,
  duplicate: 0,
  invalid: 0,
  created: 0,
  renamed: 0,
  kept: 0,
  removed: 0,
  restored: 0,
}

export const parseCounts = (json: string): ImportCounts => ({ ...noCounts, ...(JSON.parse(json) as Partial<ImportCounts>) })
export const parseColumns = (json: string): StoredColumns => JSON.parse(json) as StoredColumns

/** The column under exactly this heading, in plain lower case; -1 where there is none. */
export const columnUnder = ({ header, headings }: StoredColumns, heading: string): number =>
  header ? headings.findIndex((written) => plainHeading(written) === heading) : -1

export const eventGone = 'The event of this file was deleted, and its guests with it.'

/** Whether the rows that an undo needs are still kept. */
export const canUndo = ({ status, committedAt }: Pick<Import, 'status' | 'committedAt'>, now: number): boolean =>
  status === 'committed' && committedAt !== null && committedAt > now - undoMs

/** Throws NotFound. */
export async function findImport({ db }: Pick<Base, 'db'>, id: number): Promise<Import> {
  const [row] = await db
    .select({ import: imports, eventTitle: events.title })
    .from(imports)
    .leftJoin(events, eq(events.id, imports.eventId))
    .where(eq(imports.id, id))
  if (!row) throw new NotFound()
  const { import: found, eventTitle } = row
  return { ...found, eventTitle, counts: parseCounts(found.counts), columns: parseColumns(found.columns) }
}

/** The preview becomes a commit that a worker carries out. False: it was committed before. Throws NotFound and Conflict. */
export async function startCommit({ db, now }: Base, id: number): Promise<boolean> {
  const started = await db.all(sql`
    UPDATE imports SET status = 'committing', done_rows = 0, committed_at = ${now()}
    WHERE id = ${id} AND status = 'previewed' AND (event_id IS NULL OR event_id IN (SELECT id FROM events)) RETURNING id`)
  if (started.length > 0) return true
  const { status, fault, eventId, eventTitle } = await findImport({ db }, id)
  if (eventId !== null && eventTitle === null) throw new Conflict(eventGone)
  if (status === 'reading') throw new Conflict('The file is still being read. Look at the preview first, then import it.')
  if (status === 'failed') throw new Conflict(fault)
  if (status === 'undoing' || status === 'undone')
    throw new Conflict('This import was undone. To import the file after all, upload it again.')
  return false
}

/** A committed import becomes an undo that a worker carries out. False: it was undone before. Throws NotFound and Conflict. */
export async function startUndo({ db, now }: Base, id: number): Promise<boolean> {
  const started = await db.all(sql`
    UPDATE imports SET status = 'undoing', done_rows = 0
    WHERE id = ${id} AND status = 'committed' AND committed_at > ${now() - undoMs} RETURNING id`)
  if (started.length > 0) return true
  const { status } = await findImport({ db }, id)
  if (status === 'committing') throw new Conflict('The rows are still arriving. Undo it once all are there.')
  if (status === 'committed')
    throw new Conflict(`This import is older than ${undoDays} days: what was there before it is no longer kept, so it cannot be undone.`)
  if (status === 'undoing' || status === 'undone') return false
  throw new Conflict('This import stored nothing yet, so there is nothing to undo.')
}
