/** `there`: taken before, or in this database already. */
export type Tally = { source: number; taken: number; there: number; refused: number }

export type Note = { table: string; kind: 'refused' | 'kept'; reason: string; rows: string }

type Range = [first: number, last: number]

/** What became of every row. Rows that share a reason are kept as ranges of their ids, so that a million take no room. */
export class Report {
  private readonly byTable = new Map<string, Tally>()
  private readonly ranges = new Map<string, { table: string; kind: Note['kind']; reason: string; ranges: Range[] }>()

  of(table: string): Tally {
    const known = this.byTable.get(table)
    if (known) return known
    const tally = { source: 0, taken: 0, there: 0, refused: 0 }
    this.byTable.set(table, tally)
    return tally
  }

  refuse(table: string, id: number, reason: string): void {
    this.of(table).refused++
    this.note('refused', table, id, reason)
  }

  /** Taken, or there, but not quite as it was: `reason` says how. */
  keep(table: string, id: number, reason: string): void {
    this.note('kept', table, id, reason)
  }

  get tallies(): [string, Tally][] {
    return [...this.byTable]
  }

  get notes(): Note[] {
    return [...this.ranges.values()].map(({ ranges, ...note }) => ({
      ...note,
      rows: ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(', '),
    }))
  }

  private note(kind: Note['kind'], table: string, id: number, reason: string): void {
    const key = JSON.stringify([table, kind, reason])
    const entry = this.ranges.get(key) ?? { table, kind, reason, ranges: [] }
    this.ranges.set(key, entry)
    const last = entry.ranges.at(-1)
    if (last && (id === last[1] || id === last[1] + 1)) last[1] = id
    else entry.ranges.push([id, id])
  }
}
