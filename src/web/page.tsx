import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { Layout } from '../../templates/layout'
import type { PlaceKey } from '../../templates/places'
import { isSending } from '../blasts/queries'
import { currentUser } from './auth'
import type { AppEnv } from './env'
import { takeFlash } from './flash'

/** The places that are built; the navigation shows no other. */
export const available: readonly PlaceKey[] = [
  'dashboard',
  'logs',
  'scheduled',
  'templates',
  'community',
  'events',
  'unsubscribed',
  'contacts',
  'users',
  'security',
  'simulator',
]

type Page = { title: string; current?: PlaceKey; notices?: Child; status?: 200 | 409 | 422 }

/** A whole page for a signed-in user. */
export async function page(c: Context<AppEnv>, { title, current, notices, status = 200 }: Page, content: Child): Promise<Response> {
  const { deps } = c.var
  const user = currentUser(c)
  const sending = await isSending(deps.db)
  return c.html(
    <Layout
      title={title}
      current={current}
      user={user}
      simulated={deps.sms.name === 'simulator'}
      flash={takeFlash(c)}
      notices={notices}
      assetVersion={deps.assetVersion}
      available={available}
      sending={sending}
    >
      {content}
    </Layout>,
    status,
  )
}
