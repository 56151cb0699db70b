import type { Import, ImportKind } from './imports'
import { memberTarget } from './members'
import type { Target } from './target'

/** What differs between the kinds of import. The rest is one machinery. */
export type Kind = {
  target: Target
  /** Only admins may commit, undo and download; other staff may look. */
  adminOnly: boolean
  place: 'community'
  /** Where its people are listed. */
  list(of: Pick<Import, 'eventId'>): { href: string; label: string }
  /** Where its files are uploaded. */
  upload(of: Pick<Import, 'eventId'>): string
  /** In the audit trail. */
  committedEvent: string
}

const kinds: Partial<Record<ImportKind, Kind>> = {
  members: {
    target: memberTarget,
    adminOnly: true,
    place: 'community',
    list: () => ({ href: '/community', label: 'Members' }),
    upload: () => '/community/import',
    committedEvent: 'members_imported',
  },
}

export function kindOf(kind: ImportKind): Kind {
  const known = kinds[kind]
  if (!known) throw new Error(`imports of ${kind} have no target`)
  return known
}
