import type { SQL } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { SQLiteAsyncDialect } from 'drizzle-orm/sqlite-core'
import * as schema from './schema'

export const openDatabase = (d1: D1Database) => drizzle(d1, { schema })

/** One driver on both hosts. No interactive transactions: a write is one conditional statement, or one `atomically`. */
export type Db = ReturnType<typeof openDatabase>

const dialect = new SQLiteAsyncDialect()

/** What one statement of a batch did: its rows (SELECT, RETURNING) and how many it changed, on D1 with those its triggers changed. */
export type Done<Row> = { rows: Row[]; changes: number }

/**
 * All statements in one transaction, in order; each sees what those before it did, `changes()` included. All or nothing.
 * For raw SQL, which drizzle 0.45's own `batch` cannot bind parameters to; same-named columns of a join need aliases.
 */
export async function atomically<Row = Record<string, unknown>>(db: Db, statements: readonly SQL[]): Promise<Done<Row>[]> {
  const client: D1Database = db.$client
  const bound = statements.map((statement) => {
    const { sql, params } = dialect.sqlToQuery(statement)
    return client.prepare(sql).bind(...params)
  })
  const results = await client.batch<Row>(bound)
  return results.map(({ results: rows, meta }) => ({ rows, changes: meta.changes }))
}

/** Whether `fault` is a violated UNIQUE constraint, as D1 and better-sqlite3 say it; drizzle wraps single queries in `.cause`. */
export function isUniqueFault(fault: unknown): boolean {
  for (let error = fault; error instanceof Error; error = error.cause) {
    if (error.message.includes('UNIQUE constraint failed')) return true
  }
  return false
}
