import type { Context, ErrorHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { allPlaces } from '../../templates/places'
import { ProblemPage } from '../../templates/problem/page'
import { type ProblemWords, wordsFor } from '../../templates/problem/words'
import { clockTime } from '../../templates/ui/format'
import { Conflict, describeFault, Forbidden, NotFound } from '../faults'
import { address, maskedPath } from './address'
import type { AppEnv } from './env'
import { available } from './page'

type Status = 400 | 403 | 404 | 409 | 413 | 421 | 500

/** The one place where a throw becomes a page: plain words, a next step, a request id, never the message of a bug. */
export const onError: ErrorHandler<AppEnv> = (fault, c) => {
  if (fault instanceof NotFound) return problem(c, 404, { act: toItsList(c) })
  if (fault instanceof Forbidden) return refuseRole(c)
  if (fault instanceof Conflict) return problem(c, 409, { text: fault.message, act: toItsPage(c) ?? toItsList(c) })
  if (fault instanceof HTTPException && fault.status < 500) return problem(c, fault.status === 413 ? 413 : 400)
  c.var.deps.log('request failed', {
    requestId: c.var.requestId,
    method: c.req.method,
    path: maskedPath(c.req.path),
    fault: describeFault(fault),
  })
  return problem(c, 500)
}

const pages: Record<string, string> = { logs: 'Back to the blast', imports: 'Back to the import' }

/** What was asked of a thing that has a page: there it says what is so now. */
function toItsPage(c: Context<AppEnv>): ProblemWords['act'] {
  const [href, folder = ''] = /^\/([a-z]+)\/\d+(?=\/)/.exec(c.req.path) ?? []
  const label = pages[folder]
  return href && label ? { href, label } : null
}

/** The list whose row it was. */
function toItsList(c: Context<AppEnv>): ProblemWords['act'] {
  const role = c.var.user?.role
  const place = allPlaces.find(({ href, roles }) => role && roles.includes(role) && c.req.path.startsWith(`${href}/`))
  return place ? { href: place.href, label: `Back to ${place.label}` } : wordsFor(404).act
}

function refuseRole(c: Context<AppEnv>) {
  const { deps, requestId, user } = c.var
  deps.log('request beyond a role refused', { requestId, user: user?.id ?? null, path: maskedPath(c.req.path), address: address(c) })
  return problem(c, 403)
}

export const onNotFound = (c: Context<AppEnv>) => problem(c, 404)

/** `words`: better ones than the status has. */
export function problem(c: Context<AppEnv>, status: Status, words?: Partial<ProblemWords>) {
  const { deps, requestId, user } = c.var
  return c.html(
    <ProblemPage
      status={status}
      words={words}
      requestId={requestId}
      time={clockTime(deps.now(), deps.config.timeZone)}
      frame={user ? { user, available } : undefined}
      simulated={deps.sms.name === 'simulator'}
      assetVersion={deps.assetVersion}
    />,
    status,
  )
}
