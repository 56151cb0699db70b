import type { Context } from 'hono'
import type { FlashNote } from '../../templates/ui/note'
import type { AppEnv } from './env'

/** Told once, on the next page. */
export function setFlash(c: Context<AppEnv>, note: FlashNote): void {
  c.var.session.flash('flash', note)
}

/** None for a part of a page: a list that follows a blast in another tab would take the word, and show it to nobody. */
export function takeFlash(c: Context<AppEnv>): FlashNote[] {
  if (c.req.header('hx-request')) return []
  const note = c.var.session?.get('flash') as FlashNote | null | undefined
  return note ? [note] : []
}

/** The end of every successful write: 303 with a word of what happened. Whoever acted on a list finds it as they left it, searched and at its page. */
export function redirectWithFlash(c: Context<AppEnv>, path: string, note: FlashNote): Response {
  setFlash(c, note)
  return c.redirect(path + stateLeft(c, path), 303)
}

/** What the page that the act came from had in its address, if `path` is that page; else nothing. */
function stateLeft(c: Context<AppEnv>, path: string): string {
  try {
    const { pathname, search } = new URL(c.req.header('referer') ?? '')
    return pathname === path ? search : ''
  } catch {
    return ''
  }
}
