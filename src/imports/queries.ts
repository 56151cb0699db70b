import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/database'
import { imports } from '../db/schema'
import type { ListingState } from '../web/listing'
import { readRow } from './columns'
import { type Import, type ImportKind, parseCounts, type RowKind } from './imports'
import { kindOf } from './kinds'

/** What a list of rows shows; `same` holds the rows that are twice in the file, too. */
export const shows = ['new', 'changed', 'same', 'opted_out', 'problems'] as const
export type Show = (typeof shows)[number]

const kindsOf: Record<Show, SQL> = {
  new: sql`('new')`,
  changed: sql`('changed')`,
  same: sql`('same', 'duplicate')`,
  opted_out: sql`('opted_out')`,
  problems: sql`('invalid')`,
}

export const countShown = ({ counts }: Pick<Import, 'counts'>, show: Show): number =>
  ({ ...counts, same: counts.same + counts.duplicate, problems: counts.invalid })[show]

export type ImportRow = {
  row: number
  kind: RowKind
  name: string
  phone: string | null
  /** The phone's cell as uploaded. */
  written: string
  reason: string
  fix: string
  /** The name before the import, or now where it is not committed; null: nobody is there. */
  priorName: string | null
}

type Stored = Omit<ImportRow, 'written'> & { raw: string }
type Page = Pick<ListingState, 'page' | 'pageSize'>

/** The page is cut from the index before anything is joined to it. Those twice in the file come before those that are the same. */
export async function listImportRows(db: Db, of: Import, show: Show, page: Page): Promise<ImportRow[]> {
  const rows = await db.all<Stored>(sql`
    SELECT x.row_number AS row, x.kind, x.raw, x.name, x.phone, x.reason, x.fix, coalesce(x.prior_name, t.name) AS "priorName"
    FROM (
      SELECT row_number AS picked FROM import_rows WHERE import_id = ${of.id} AND kind IN ${kindsOf[show]}
      ORDER BY kind, row_number LIMIT ${page.pageSize} OFFSET ${(page.page - 1) * page.pageSize}
    )
    CROSS JOIN import_rows x ON x.import_id = ${of.id} AND x.row_number = picked
    ${kindOf(of.kind).target.join(of)}
    ORDER BY x.kind, x.row_number`)
  return rows.map(({ raw, ...row }) => ({
    ...row,
    written: readRow(of.columns, { row: row.row, cells: JSON.parse(raw) as string[] }).phoneText,
  }))
}

export type Problem = { row: number; cells: string[]; reason: string; fix: string }

/** Rows left out, as they were uploaded, a page at a time. */
export async function* pagesOfProblems(db: Db, importId: number, pageSize = 1000): AsyncGenerator<Problem[]> {
  for (let after = 0; ; ) {
    const rows = await db.all<Omit<Problem, 'cells'> & { raw: string }>(sql`
      SELECT row_number AS row, raw, reason, fix FROM import_rows
      WHERE import_id = ${importId} AND kind = 'invalid' AND row_number > ${after} ORDER BY row_number LIMIT ${pageSize}`)
    yield rows.map(({ raw, ...row }) => ({ ...row, cells: JSON.parse(raw) as string[] }))
    const last = rows.at(-1)
    if (!last || rows.length < pageSize) return
    after = last.row
  }
}

export type RecentImport = Pick<Import, 'id' | 'filename' | 'status' | 'totalRows' | 'counts' | 'createdBy' | 'createdAt'>

/** The last few of a kind, or of one event, newest first. */
export async function listRecentImports(db: Db, kind: ImportKind, eventId: number | null = null, limit = 5): Promise<RecentImport[]> {
  const rows = await db
    .select()
    .from(imports)
    .where(sql`${imports.kind} = ${kind} AND ${imports.eventId} IS ${eventId}`)
    .orderBy(sql`${imports.createdAt} DESC`)
    .limit(limit)
  return rows.map((row) => ({ ...row, counts: parseCounts(row.counts) }))
}
