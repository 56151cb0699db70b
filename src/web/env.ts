import type { Session } from 'hono-sessions'
import type { SessionContent } from '../auth/sessions'
import type { SignedIn } from '../auth/sign-in'
import type { Deps } from '../deps'

/** Hono's environment: what every handler finds in `c.var`. */
export type AppEnv = {
  Variables: {
    deps: Deps
    /** Given on problem pages and in the log line of the fault. */
    requestId: string
    session: Session<SessionContent>
    session_key_rotation: boolean
    user: SignedIn | null
  }
}
