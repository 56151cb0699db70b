import type { BlastRow } from '../../src/blasts/queries'
import { count } from '../ui/format'
import { BlastStatus } from '../ui/status'
import { Tally } from '../ui/tally'
import { resultWords, tallyOf } from './words'

/** How a blast came out, in a table's cell. A blast that went as it should needs no status beside its numbers. */
export const BlastResult = ({ row }: { row: BlastRow }) => (
  <>
    {row.status === 'sent' ? null : (
      <>
        <BlastStatus status={row.status} /> ·{' '}
      </>
    )}
    {resultWords(row)}
    {row.sum.checking > 0 ? `, ${count(row.sum.checking)} being checked` : ''}
    <Tally id={`tally-${row.id}`} counts={tallyOf(row)} mini />
  </>
)
