import type { Deps } from '../deps'

type Kind = 'session' | 'device' | 'half_way' | 'kept_text'

const isSecure = ({ config }: Pick<Deps, 'config'>): boolean => !config.development || config.publicUrl.startsWith('https://')

/** Under https the browser itself sees to it that no other host, nor a page without https, has set it (RFC 6265bis, 4.1.3.2). */
export const cookieName = (deps: Pick<Deps, 'config'>, kind: Kind): string => `${isSecure(deps) ? '__Host-' : ''}sms_admin_${kind}`

/** Of every cookie of ours. */
export const cookieOptions = (deps: Pick<Deps, 'config'>) =>
  ({ httpOnly: true, secure: isSecure(deps), sameSite: 'Lax', path: '/' }) as const
