import { sql } from 'drizzle-orm'
import { Hono } from 'hono'
import type { AppEnv } from '../web/env'

/** For load balancers: 200 only if the database answers. */
export const healthRoutes = new Hono<AppEnv>().get('/', async (c) => {
  await c.var.deps.db.get(sql`SELECT 1 FROM users LIMIT 1`)
  return c.text('OK', 200, { 'cache-control': 'no-store' })
})
