import { drizzle } from 'drizzle-orm/d1'
import * as schema from './schema'

export const openDatabase = (d1: D1Database) => drizzle(d1, { schema })

/** One driver on both hosts. No interactive transactions: a write is one conditional statement, or one `batch`. */
export type Db = ReturnType<typeof openDatabase>

/** Whether `fault` is a violated UNIQUE constraint, as D1 and better-sqlite3 say it; drizzle wraps single queries in `.cause`. */
export function isUniqueFault(fault: unknown): boolean {
  for (let error = fault; error instanceof Error; error = error.cause) {
    if (error.message.includes('UNIQUE constraint failed')) return true
  }
  return false
}
