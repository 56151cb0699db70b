import { type SQL, sql } from 'drizzle-orm'
import { atomically, type Db } from '../db/database'
import { onOptedOutAlready } from './opt-outs'

type Row = Record<string, string | number | null>
export type Blocks = { optOuts: Row[]; suppressed: Row[] }

/** A JSON parameter stays well below a megabyte. */
const rowsAtOnce = 2000

/** Who may not be texted, as the database that is to be replaced knows it. */
export async function readBlocks(db: Db): Promise<Blocks> {
  const [optOuts, suppressed] = await Promise.all([
    db.all<Row>(sql`SELECT phone, name, reason, source, created_by, created_at FROM unsubscribed_contacts`),
    db.all<Row>(sql`SELECT phone, name, category, reason, error_code, source, created_at FROM suppressed_contacts`),
  ])
  return { optOuts, suppressed }
}

/** Blocks that were stored after the backup stay: a STOP is final. Answers how many were not in it. */
export async function carryBlocks(db: Db, { optOuts, suppressed }: Blocks): Promise<number> {
  const before = await count(db)
  for (const rows of chunks(optOuts)) {
    await atomically(db, [
      sql`
        INSERT INTO unsubscribed_contacts (phone, name, reason, source, created_by, created_at)
        SELECT ${each('phone', 'name', 'reason', 'source', 'created_by', 'created_at')} FROM json_each(${JSON.stringify(rows)}) WHERE true
        ${onOptedOutAlready}`,
    ])
  }
  for (const rows of chunks(suppressed)) {
    await atomically(db, [
      sql`
        INSERT INTO suppressed_contacts (phone, name, category, reason, error_code, source, created_at)
        SELECT ${each('phone', 'name', 'category', 'reason', 'error_code', 'source', 'created_at')}
        FROM json_each(${JSON.stringify(rows)}) WHERE true ON CONFLICT (phone) DO NOTHING`,
    ])
  }
  return (await count(db)) - before
}

const each = (...names: string[]): SQL => sql.raw(names.map((name) => `value ->> '${name}'`).join(', '))

function chunks(rows: readonly Row[]): Row[][] {
  return Array.from({ length: Math.ceil(rows.length / rowsAtOnce) }, (_, i) => rows.slice(i * rowsAtOnce, (i + 1) * rowsAtOnce))
}

async function count(db: Db): Promise<number> {
  const row = await db.get<{ n: number }>(
    sql`SELECT (SELECT count(*) FROM unsubscribed_contacts) + (SELECT count(*) FROM suppressed_contacts) AS n`,
  )
  return row?.n ?? 0
}
