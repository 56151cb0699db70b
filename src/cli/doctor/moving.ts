import type { Fenced } from '../../doctor/fence'
import type { Sum } from '../../platform/database-tables'
import { say } from './context'

/** One line a table: what the other side has to say, too. */
export function tellSums(sums: readonly Sum[]): void {
  for (const { table, rows, sum } of sums) say(`${table.padEnd(24)}${rows.toLocaleString('en-US').padStart(12)} rows  ${sum}`)
}

export function tellFence({ paused, doubted, expired }: Fenced): void {
  say(`${paused} unfinished blasts are paused; ${doubted} of their texts are looked up at the provider before anybody is texted.`)
  say(`${expired} scheduled texts may have gone out already, and are expired: the dashboard names them.`)
  say('Everyone signs in again. Scheduled texts that are still ahead go out: look at /scheduled.')
}
