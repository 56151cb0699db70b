import { plural } from '../../../templates/ui/format'
import type { Fenced } from '../../doctor/fence'
import type { Sum } from '../../platform/database-tables'
import { say } from './context'

/** One line a table: what the other side has to say, too. */
export function tellSums(sums: readonly Sum[]): void {
  for (const { table, rows, sum } of sums) say(`${table.padEnd(24)}${rows.toLocaleString('en-US').padStart(12)} rows  ${sum}`)
}

/** What a database that comes from elsewhere is kept from doing. `when` its scheduled texts may have gone out. */
export function tellFence({ paused, doubted, expired }: Fenced, when: 'already' | 'since'): void {
  const blasts = plural(paused, 'unfinished blast is', 'unfinished blasts are')
  say(`${blasts} paused; ${plural(doubted, 'text is', 'texts are')} looked up at the provider before anybody is texted.`)
  const [are, them] = expired === 1 ? ['is', 'it'] : ['are', 'them']
  say(`${plural(expired, 'scheduled text')} may have gone out ${when}, and ${are} expired: the dashboard names ${them}.`)
}

export const stillAhead = 'Scheduled texts that are still ahead go out: look at /scheduled.'
