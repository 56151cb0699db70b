import type { BlockKind, BlockRow } from '../../src/suppressions/queries'
import { Status } from '../ui/status'

export const BlockStatus = ({ kind }: { kind: BlockKind }) =>
  kind === 'opt_out' ? (
    <Status tone="warn" icon="barred">
      Opted out
    </Status>
  ) : (
    <Status tone="bad" icon="failed">
      Number does not work
    </Status>
  )

export const giveBackPath = ({ kind, id }: Pick<BlockRow, 'kind' | 'id'>): string =>
  kind === 'opt_out' ? `/unsubscribed/${id}/delete` : `/unsubscribed/suppressed/${id}/delete`

type From = Pick<BlockRow, 'kind' | 'source' | 'logId' | 'importId' | 'by'>

/** Where a block came from, with the way there. */
export const Source = ({ row }: { row: From }) => {
  const blast = row.logId === null ? 'A blast that was cleared' : <a href={`/logs/${row.logId}`}>Blast {row.logId}</a>
  if (row.source === 'inbound') return <>They texted us</>
  if (row.source === 'message_failure') return <>{blast}</>
  if (row.source === 'import')
    return row.importId === null ? <>An import</> : <a href={`/imports/${row.importId}`}>Import {row.importId}</a>
  if (row.source === 'staff') return <>{row.by || 'Staff'}, by hand</>
  return <>{row.source}</>
}
