import type { StoredColumns } from './imports'
import type { Problem } from './queries'

/** Their words mean no name and no phone, so that the mended file is read by its own headings again. */
const added = ['Row in the first file', 'What is wrong', 'What to do']

/** Row 1 of the file of problems: the headings as uploaded, or ours in the places of those that were found. */
export const problemColumns = (columns: StoredColumns): string[] => [
  ...(columns.header ? columns.headings : ownHeadings(columns)),
  ...added,
]

function ownHeadings({ phone, names }: StoredColumns): string[] {
  const width = Math.max(phone, ...names) + 1
  const nameHeadings = names.length === 2 ? ['First name', 'Last name'] : ['Name']
  return Array.from({ length: width }, (_, column) => {
    if (column === phone) return 'Phone'
    const place = names.indexOf(column)
    return place === -1 ? `Column ${column + 1}` : (nameHeadings[place] ?? '')
  })
}

/** A row as it was uploaded, brought to the width of its headings, and what to do about it. */
export function problemCells(columns: StoredColumns, { row, cells, reason, fix }: Problem): (string | number)[] {
  const width = problemColumns(columns).length - added.length
  const own = Array.from({ length: width }, (_, column) => cells[column] ?? '')
  return [...own, row, reason, fix]
}
