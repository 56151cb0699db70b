import type { AudienceCounts } from '../blasts/audience'

type Seen = Pick<AudienceCounts, 'total' | 'optedOut' | 'suppressed'>

/** The counts as the review form carries them. */
export const packCounts = ({ total, optedOut, suppressed }: Seen): string => [total, optedOut, suppressed].join('-')

function unpackCounts(packed: string): Seen | null {
  const [total, optedOut, suppressed] = /^\d{1,9}-\d{1,9}-\d{1,9}$/.test(packed) ? packed.split('-').map(Number) : []
  return total === undefined || optedOut === undefined || suppressed === undefined ? null : { total, optedOut, suppressed }
}

const people = (n: number): string => (n === 1 ? '1 person' : `${n.toLocaleString('en-US')} people`)

/** What became different while staff read, from the counts they saw: `2 people opted out`. Empty when the counts do not tell. */
export function whatChanged(packed: string, now: Seen): string[] {
  const seen = unpackCounts(packed)
  if (!seen) return []
  const words: [number, string, string][] = [
    [now.optedOut - seen.optedOut, 'opted out', 'opted in again'],
    [now.suppressed - seen.suppressed, 'got a number that does not work', 'got a number that works again'],
    [now.total - seen.total, 'joined', 'left the list'],
  ]
  return words.filter(([by]) => by !== 0).map(([by, more, fewer]) => `${people(Math.abs(by))} ${by > 0 ? more : fewer}`)
}
