import { sql } from 'drizzle-orm'
import { type Target, targets } from '../db/schema'
import { type Result, type Results, readResults } from './results'
import { numberOf, textOf, timeOf } from './source'
import { type Base, type Batch, type Lookup, type Reading, takeTable } from './take'

/** The recipients, which the former app kept within its logs. */
export const recipients = 'recipients in message_logs'

/** One at a time: a log holds everyone it went to, and is stored with them or not at all. */
const logsAtOnce = 1
/** A JSON parameter stays below a megabyte. */
const resultsAtOnce = 5000

export const targetOf = (value: unknown): Target | undefined => targets.find((target) => target === value)

/** Every log as a finished blast: nothing of it is ever sent. */
export async function takeBlasts(base: Base): Promise<void> {
  const { report } = base
  let ofLog: Result[] = []
  const count = (results: Results | null, as: 'taken' | 'there') => {
    const tally = report.of(recipients)
    tally.source += results?.total ?? 0
    tally[as] += results?.taken.length ?? 0
    tally.refused += Object.values(results?.refused ?? {}).reduce((sum, n) => sum + n, 0)
  }
  report.of(recipients)
  await takeTable(base, {
    from: 'message_logs',
    into: 'message_logs',
    columns: blastColumns,
    same: `t.submission_id = v.value ->> 'submission_id'`,
    links: { event_id: 'events' },
    rowsAtOnce: logsAtOnce,
    read: (row, lookup) => {
      const results = readResults(row.details)
      ofLog = results?.taken ?? []
      count(results, 'taken')
      return readBlast(base, row, results, lookup)
    },
    known: (row) => count(readResults(row.details), 'there'),
    after: (batch) => slices(ofLog).map((some) => deliveries(some, batch)),
  })
}

const blastColumns = [
  ...['status', 'message_body', 'target', 'event_id', 'submission_id', 'total_recipients', 'counts', 'counts_stale'],
  ...['hold_until_at', 'created_at', 'started_at', 'finished_at'],
]

function readBlast({ source, now }: Base, row: { id: number } & Record<string, unknown>, results: Results | null, lookup: Lookup): Reading {
  const accepted = results?.taken.filter(({ status }) => status === 'accepted').length ?? 0
  const failed = (results?.taken.length ?? 0) - accepted
  const at = timeOf(row.created_at) ?? now()
  const sent = results && results.total > 0 ? accepted > 0 : numberOf(row.success_count) > 0
  const take = {
    id: row.id,
    status: sent ? 'sent' : 'failed',
    message_body: textOf(row.message_body),
    target: targetOf(row.target) ?? 'community',
    event_id: lookup('events', row.event_id),
    submission_id: `legacy-${source.origin}-${row.id}`,
    total_recipients: accepted + failed,
    counts: JSON.stringify({ accepted, failed }),
    counts_stale: 0,
    hold_until_at: at,
    created_at: at,
    started_at: at,
    finished_at: at,
  }
  const kept = lossOf(row, results)
  return { take, ...(kept ? { kept } : {}) }
}

/** What the log claims and its recipients do not bear out. */
function lossOf(row: Record<string, unknown>, results: Results | null): string {
  if (!results) return 'its recipients cannot be read'
  const claimed = numberOf(row.total_recipients)
  const refused = Object.entries(results.refused).map(([why, n]) => `${n} ${n === 1 ? 'recipient' : 'recipients'} ${why}`)
  const missing =
    claimed > results.total ? [`its count says ${claimed} recipients, it names ${results.total}: of the others it tells nothing`] : []
  return [...missing, ...refused].join('; ')
}

const slices = (results: readonly Result[]): Result[][] =>
  Array.from({ length: Math.ceil(results.length / resultsAtOnce) }, (_, i) => results.slice(i * resultsAtOnce, (i + 1) * resultsAtOnce))

const deliveries = (results: readonly Result[], { idHere, rows }: Batch) => sql`
  INSERT INTO message_deliveries (log_id, phone, name, status, attempts, error_code, updated_at)
  SELECT v.id, d.value ->> 'phone', d.value ->> 'name', d.value ->> 'status', 1, d.value ->> 'code', v.created_at
  FROM (SELECT ${idHere} AS id, v.value ->> 'created_at' AS created_at FROM ${rows} v) v, json_each(${JSON.stringify(results)}) d
  WHERE true ORDER BY d.key ON CONFLICT DO NOTHING`
