import { plural } from '../../../templates/ui/format'
import type { Deletions } from '../../legacy/deleted'
import type { Note, Tally } from '../../legacy/report'

const number = (n: number): string => n.toLocaleString('en-US')

/** A line for each table: what is there adds up to what became of it. */
export function ofTables(tallies: readonly [string, Tally][]): string[] {
  const width = Math.max(...tallies.map(([table]) => table.length)) + 2
  const line = (name: string, cells: readonly string[]) => name.padEnd(width) + cells.map((cell) => cell.padStart(14)).join('')
  return [
    line('', ['in the source', 'taken', 'already here', 'not taken']),
    ...tallies.map(([table, { source, taken, there, refused }]) => line(table, [source, taken, there, refused].map(number))),
  ]
}

export const ofNotes = (notes: readonly Note[]): string[] =>
  (['refused', 'kept'] as const).flatMap((kind) =>
    notes
      .filter((note) => note.kind === kind)
      .map(
        ({ table, rows, reason }) => `${kind === 'refused' ? 'Not taken:' : 'Look at:  '} ${table} ${rows}: ${reason.replace(/\.$/, '')}.`,
      ),
  )

export function ofDeletions({ offered, optedOut, restored }: Deletions, asked: boolean): string[] {
  if (offered.length + optedOut === 0) return []
  const who = offered.map(({ name, phone }) => `  ${name || 'No name'}, …${phone.slice(-4)}`)
  const what = asked
    ? `${plural(restored, 'member')} whom the former app had deleted after a failed text ${restored === 1 ? 'is a member' : 'are members'} again:`
    : `${plural(offered.length, 'member was', 'members were')} deleted by the former app after a failed text. --restore-deleted takes them back:`
  return [
    ...(offered.length > 0 ? [what, ...who] : []),
    ...(optedOut > 0
      ? [
          plural(
            optedOut,
            'more was deleted and has opted out: that one stays away.',
            'more were deleted and have opted out: they stay away.',
          ),
        ]
      : []),
  ]
}
