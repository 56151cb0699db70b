import { type SQL, sql } from 'drizzle-orm'
import type { Deps } from '../deps'
import { type Import, type OpenStatus, openStatuses, parseColumns } from './imports'

/** Kept alive by every batch of rows; a worker that died costs so long until another goes on. */
export const leaseMs = 30_000

/** The right to work on one import: every write of a worker is guarded by its token. */
export type Lease = Pick<Import, 'id' | 'kind' | 'eventId' | 'columns' | 'doneRows' | 'totalRows' | 'createdBy'> & {
  status: OpenStatus
  token: string
}

/** What a worker's step came to. `lost`: another worker has the lease, and the step changed nothing. */
export type Step = { kind: 'went_on'; rows: number } | { kind: 'finished' } | { kind: 'lost' }

type Row = Omit<Lease, 'columns' | 'token'> & { columns: string }
type Base = Pick<Deps, 'db' | 'now' | 'newToken'>

const open = sql.raw(openStatuses.map((status) => `'${status}'`).join(','))

/** Null: another worker is on it, or there is nothing to do. */
export async function takeLease({ db, now, newToken }: Base, importId: number): Promise<Lease | null> {
  const token = newToken()
  const [row] = await db.all<Row>(sql`
    UPDATE imports SET lease_token = ${token}, lease_until_at = ${now() + leaseMs}
    WHERE id = ${importId} AND status IN (${open}) AND lease_until_at <= ${now()}
    RETURNING id, kind, event_id AS "eventId", status, columns, done_rows AS "doneRows", total_rows AS "totalRows", created_by AS "createdBy"`)
  return row ? { ...row, columns: parseColumns(row.columns), token } : null
}

export async function releaseLease({ db }: Pick<Base, 'db'>, { id, token }: Lease): Promise<void> {
  await db.run(sql`UPDATE imports SET lease_token = NULL, lease_until_at = 0 WHERE id = ${id} AND lease_token = ${token}`)
}

/** True in SQL only while the lease is ours. */
export const held = ({ id, token }: Pick<Lease, 'id' | 'token'>): SQL =>
  sql`EXISTS (SELECT 1 FROM imports WHERE id = ${id} AND lease_token = ${token})`

/** Imports that wait for a worker. */
export async function listWaiting({ db, now }: Pick<Base, 'db' | 'now'>): Promise<number[]> {
  const rows = await db.all<{ id: number }>(
    sql`SELECT id FROM imports WHERE status IN (${open}) AND lease_until_at <= ${now()} ORDER BY id`,
  )
  return rows.map(({ id }) => id)
}
