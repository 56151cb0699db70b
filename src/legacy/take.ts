import { type SQL, sql } from 'drizzle-orm'
import { atomically } from '../db/database'
import type { Deps } from '../deps'
import type { Report } from './report'
import { type LegacyRow, type LegacySource, numberOf } from './source'

export type Base = Pick<Deps, 'db' | 'now'> & { source: LegacySource; report: Report }

/** As it is stored here, by the names of the columns; `id` is still the former app's. */
export type Ready = { id: number } & Record<string, string | number | null>

/** `kept`: what is to be told of a row that is taken. */
export type Reading = { take: Ready; kept?: string } | { refuse: string }

/** Which row here one of the former app's became; null where it was not taken. */
export type Lookup = (table: string, value: unknown) => number | null

/** The rows of one batch, as SQL. */
export type Batch = {
  /** One row `value` each, with what is in `Ready`. */
  rows: SQL
  /** The same without those that are here already. Only before they are stored. */
  fresh: SQL
  /** The id here of the row `v`. */
  idHere: SQL
  ready: readonly Ready[]
}

export type Take = {
  from: string
  into: string
  columns: readonly string[]
  /** A row `t` of `into` and a row `v` to come are the same thing; the one that is here wins. Null: nothing is ever the same. */
  same: string | null
  /** Equal for rows that are the same by `same`. */
  key?(row: Ready): string
  /** Columns that name rows of another table of the former app. */
  links?: Readonly<Record<string, string>>
  read(row: LegacyRow, lookup: Lookup): Reading | Promise<Reading>
  /** In the batch, before the rows are stored: for them alone. */
  before?(batch: Batch): SQL[]
  /** In the batch, after. */
  after?(batch: Batch): SQL[]
  /** Of each row that was taken by an earlier run. */
  known?(row: LegacyRow): void
  rowsAtOnce?: number
}

const here = 'already here: this database keeps its own'

/** Takes a table over, batch by batch; each batch is whole or not at all, and finds what an earlier run took. */
export async function takeTable(base: Base, take: Take): Promise<void> {
  const { source, report } = base
  const tally = report.of(take.from)
  tally.source = source.count(take.from)
  if (tally.source === 0) return
  const limit = take.rowsAtOnce ?? 300
  for (let after = Number.MIN_SAFE_INTEGER; ; ) {
    const rows = source.rows(take.from, after, limit)
    if (rows.length > 0) await takeRows(base, take, rows)
    const last = rows.at(-1)
    if (!last || rows.length < limit) break
    after = last.id
  }
  if (tally.taken + tally.there + tally.refused !== tally.source) throw new Error(`${take.from}: not every row was accounted for`)
}

async function takeRows(base: Base, take: Take, rows: LegacyRow[]): Promise<void> {
  const { report } = base
  const ids = rows.map(({ id }) => id)
  const taken = await rowsHere(base, take.from, ids)
  const lookup = await lookupOf(base, take, rows)
  const ready: Ready[] = []
  for (const row of rows) {
    if (taken.has(row.id)) {
      report.of(take.from).there++
      take.known?.(row)
      continue
    }
    const reading = await take.read(row, lookup)
    if ('refuse' in reading) {
      report.refuse(take.from, row.id, reading.refuse)
      continue
    }
    if (reading.kept) report.keep(take.from, row.id, reading.kept)
    ready.push(reading.take)
  }
  for (const apart of keptApart(ready, take.key)) await store(base, take, apart)
}

/** Two that are the same thing are not stored by one statement, which would not see the first when it comes to the second. */
function* keptApart(rows: Ready[], key: Take['key']): Generator<Ready[]> {
  for (let rest = rows; rest.length > 0; ) {
    const seen = new Set<string>()
    const later: Ready[] = []
    const now = rest.filter((row) => {
      const own = key?.(row) ?? ''
      if (own !== '' && seen.has(own)) return later.push(row) === 0
      seen.add(own)
      return true
    })
    yield now
    rest = later
  }
}

async function store({ db, report, source }: Base, { from, into, columns, same, before, after }: Take, ready: Ready[]): Promise<void> {
  const rows = sql`json_each(${JSON.stringify(ready)})`
  const table = sql.raw(into)
  const mapping = sql`l.origin = ${source.origin} AND l.source = ${from} AND l.source_id = v.value ->> 'id'`
  // CROSS JOIN has SQLite look up each row of the batch, not every row that was ever taken.
  const fresh = sql`${rows} v CROSS JOIN legacy_rows l ON ${mapping} WHERE NOT EXISTS (SELECT 1 FROM ${table} t WHERE t.id = l.row_id)`
  const batch: Batch = { rows, fresh, idHere: sql`(SELECT l.row_id FROM legacy_rows l WHERE ${mapping})`, ready }
  const names = sql.raw(columns.join(', '))
  const values = sql.raw(columns.map((column) => `v.value ->> '${column}'`).join(', '))
  const match = same === null ? sql`NULL` : sql`(SELECT t.id FROM ${table} t WHERE ${sql.raw(same)} LIMIT 1)`
  const [, stored] = await atomically<{ id: number }>(db, [
    sql`
      INSERT INTO legacy_rows (origin, source, source_id, row_id)
      SELECT ${source.origin}, ${from}, v.value ->> 'id',
        coalesce(${match}, coalesce((SELECT seq FROM sqlite_sequence WHERE name = ${into}), 0) + v.key + 1)
      FROM ${rows} v WHERE true ON CONFLICT DO NOTHING`,
    sql`SELECT v.value ->> 'id' AS id FROM ${fresh}`,
    ...(before?.(batch) ?? []),
    sql`INSERT INTO ${table} (id, ${names}) SELECT l.row_id, ${values} FROM ${fresh} ORDER BY v.key`,
    ...(after?.(batch) ?? []),
  ])
  const taken = new Set(stored?.rows.map(({ id }) => id))
  const tally = report.of(from)
  tally.taken += taken.size
  for (const { id } of ready) {
    if (taken.has(id)) continue
    tally.there++
    report.keep(from, id, here)
  }
}

const inJson = (values: readonly unknown[]): SQL => sql`(SELECT value FROM json_each(${JSON.stringify(values)}))`

/** Ids there → ids here. */
async function rowsHere({ db, source }: Base, table: string, ids: readonly number[]): Promise<Map<number, number>> {
  const found = await db.all<{ sourceId: number; rowId: number }>(sql`
    SELECT source_id AS "sourceId", row_id AS "rowId" FROM legacy_rows
    WHERE origin = ${source.origin} AND source = ${table} AND source_id IN ${inJson(ids)}`)
  return new Map(found.map(({ sourceId, rowId }) => [sourceId, rowId]))
}

async function lookupOf(base: Base, { links = {} }: Take, rows: readonly LegacyRow[]): Promise<Lookup> {
  const found = new Map<string, Map<number, number>>()
  for (const [column, table] of Object.entries(links)) {
    const ids = [...new Set(rows.map((row) => numberOf(row[column])))].filter((id) => id !== 0)
    const earlier = found.get(table) ?? new Map()
    found.set(table, new Map([...earlier, ...(await rowsHere(base, table, ids))]))
  }
  return (table, value) => found.get(table)?.get(numberOf(value)) ?? null
}
