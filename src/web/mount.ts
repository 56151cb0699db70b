import type { Hono } from 'hono'
import { mergePath } from 'hono/utils/url'
import { type Access, requireAccess } from './auth'
import type { AppEnv } from './env'

export type Mount = { path: string; access: Access; routes: Hono<AppEnv> }

/** Puts a feature's routes under `path`, each behind the role of its mount. */
export function mount(app: Hono<AppEnv>, { path, access, routes }: Mount): void {
  for (const route of routes.routes) {
    app.on(route.method, mergePath(path, route.path), requireAccess(access), route.handler)
  }
}
