import { type SQL, sql } from 'drizzle-orm'
import { atomically } from '../db/database'
import type { Deps } from '../deps'
import type { Applied } from './imports'
import { kindOf } from './kinds'
import { held, type Lease, leaseMs, type Step } from './lease'

/** Rows in one batch: on a server nobody else is answered meanwhile. */
export const sliceRows = 800

type Base = Pick<Deps, 'db' | 'now'>
type Slice = { range: SQL; rows: number }

/** Stores slice after slice of the rows, in their order. Call it until it has finished. */
export function committing({ db, now }: Base, lease: Lease): (limit: number) => Promise<Step> {
  const { target } = kindOf(lease.kind)
  return overSlices({ db }, lease, {
    async write({ range, rows }) {
      const [, advanced] = await atomically(db, [
        sql`
          UPDATE import_rows SET applied = v.applied, prior_name = v.prior_name
          FROM (SELECT x.row_number, ${target.applies} AS applied, t.name AS prior_name FROM import_rows x ${target.join(lease)} WHERE ${range}) v
          WHERE import_id = ${lease.id} AND import_rows.row_number = v.row_number`,
        advance({ now }, lease, rows, sql`counts`),
        ...target.commit(lease, range, now()),
      ])
      return advanced?.changes === 1
    },
    finish: () => finish({ db, now }, lease, 'committed', sql`json_patch(counts, ${countsOf(lease, ['created', 'renamed', 'kept'])})`),
  })
}

/** Takes back slice after slice of what the commit did. Call it until it has finished. */
export function undoing({ db, now }: Base, lease: Lease): (limit: number) => Promise<Step> {
  const { target } = kindOf(lease.kind)
  return overSlices({ db }, lease, {
    async write({ range, rows }) {
      const { removable, restorable, statements } = target.undo(lease, range, now())
      const counts = sql`json_set(counts,
        '$.removed', coalesce(counts ->> '$.removed', 0) + ${removable}, '$.restored', coalesce(counts ->> '$.restored', 0) + ${restorable})`
      const [advanced] = await atomically(db, [advance({ now }, lease, rows, counts), ...statements])
      return advanced?.changes === 1
    },
    finish: () => finish({ db, now }, lease, 'undone', sql`counts`),
  })
}

type Work = { write(slice: Slice): Promise<boolean>; finish(): Promise<boolean> }

function overSlices({ db }: Pick<Base, 'db'>, lease: Lease, { write, finish }: Work): (limit: number) => Promise<Step> {
  let after: number | null = null
  return async (limit) => {
    after ??= await lastDoneRow({ db }, lease)
    const [next] = await db.all<{ upTo: number | null; n: number }>(sql`
      SELECT max(row_number) AS "upTo", count(*) AS n FROM
        (SELECT row_number FROM import_rows WHERE import_id = ${lease.id} AND row_number > ${after} ORDER BY row_number LIMIT ${Math.min(sliceRows, limit)})`)
    if (!next?.upTo) return (await finish()) ? { kind: 'finished' } : { kind: 'lost' }
    const range = sql`x.import_id = ${lease.id} AND x.row_number > ${after} AND x.row_number <= ${next.upTo}
      AND x.kind IN ('new', 'changed', 'opted_out') AND ${held(lease)}`
    if (!(await write({ range, rows: next.n }))) return { kind: 'lost' }
    after = next.upTo
    return { kind: 'went_on', rows: next.n }
  }
}

/** The row up to which an earlier worker came; 0 at the beginning. */
async function lastDoneRow({ db }: Pick<Base, 'db'>, { id, doneRows }: Lease): Promise<number> {
  if (doneRows === 0) return 0
  const [row] = await db.all<{ n: number }>(sql`
    SELECT row_number AS n FROM import_rows WHERE import_id = ${id} ORDER BY row_number LIMIT 1 OFFSET ${doneRows - 1}`)
  return row?.n ?? 0
}

const advance = ({ now }: Pick<Base, 'now'>, { id, token }: Lease, rows: number, counts: SQL): SQL => sql`
  UPDATE imports SET done_rows = done_rows + ${rows}, counts = ${counts}, lease_until_at = ${now() + leaseMs}
  WHERE id = ${id} AND lease_token = ${token}`

const countsOf = ({ id }: Lease, applied: readonly Applied[]): SQL =>
  sql`(SELECT json_group_object(applied, n) FROM
    (SELECT applied, count(*) AS n FROM import_rows WHERE import_id = ${id} AND applied IN (SELECT value FROM json_each(${JSON.stringify(applied)})) GROUP BY applied))`

async function finish({ db, now }: Base, { id, token }: Lease, status: 'committed' | 'undone', counts: SQL): Promise<boolean> {
  const done = await db.all(sql`
    UPDATE imports SET status = ${status}, counts = ${counts}, finished_at = ${now()}, lease_token = NULL, lease_until_at = 0
    WHERE id = ${id} AND lease_token = ${token} RETURNING id`)
  return done.length > 0
}
