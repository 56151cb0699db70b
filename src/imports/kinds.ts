import type { AuditType } from '../audit/types'
import type { Import, ImportKind } from './imports'
import { memberTarget } from './members'
import { optOutTarget } from './opt-outs'
import { registrationTarget } from './registrations'
import type { Target } from './target'

/** Whose people a file is about. `eventTitle` null: members, or an event that is gone. */
export type Pool = Pick<Import, 'eventId' | 'eventTitle'>

/** What differs between the kinds of import. The rest is one machinery. */
export type Kind = {
  target: Target
  /** Only admins may commit, undo and download. */
  adminOnly: boolean
  /** Nor may other staff look: the list itself is the admins'. */
  secret: boolean
  place: 'community' | 'events' | 'unsubscribed'
  /** Of the page where files are uploaded. */
  title: string
  /** Where its people are listed. */
  list(of: Pool): { href: string; label: string }
  /** Where its files are uploaded. */
  upload(of: Pool): string
  /** In the audit trail. */
  committedEvent: AuditType
}

const kinds: Record<ImportKind, Kind> = {
  members: {
    target: memberTarget,
    adminOnly: true,
    secret: false,
    place: 'community',
    title: 'Import members',
    list: () => ({ href: '/community', label: 'Members' }),
    upload: () => '/community/import',
    committedEvent: 'members_imported',
  },
  registrations: {
    target: registrationTarget,
    adminOnly: false,
    secret: false,
    place: 'events',
    title: 'Import guests',
    list: ({ eventId, eventTitle }) =>
      eventTitle === null ? { href: '/events', label: 'Events' } : { href: `/events/${eventId}`, label: eventTitle },
    upload: ({ eventId, eventTitle }) => (eventTitle === null ? '/events' : `/events/${eventId}/import`),
    committedEvent: 'registrations_imported',
  },
  opt_outs: {
    target: optOutTarget,
    adminOnly: true,
    secret: true,
    place: 'unsubscribed',
    title: 'Import opt-outs',
    list: () => ({ href: '/unsubscribed', label: 'Opt-outs' }),
    upload: () => '/unsubscribed/import',
    committedEvent: 'opt_outs_imported',
  },
}

export const kindOf = (kind: ImportKind): Kind => kinds[kind]
