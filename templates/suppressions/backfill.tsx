import type { Missing, MissingBlocks } from '../../src/suppressions/backfill'
import type { BlockKind } from '../../src/suppressions/queries'
import { count, dateTime, formatPhone, plural } from '../ui/format'
import { PageHead } from '../ui/head'
import { BlockStatus } from './words'

type Props = { optOuts: MissingBlocks; suppressed: MissingBlocks; now: number; timeZone: string }

/** What would change, before anything does. */
export const BackfillPage = ({ optOuts, suppressed, now, timeZone }: Props) => {
  const total = optOuts.total + suppressed.total
  const rows = [
    ...optOuts.rows.map((row) => ({ ...row, kind: 'opt_out' as const })),
    ...suppressed.rows.map((row) => ({ ...row, kind: 'suppression' as const })),
  ]
  return (
    <>
      <PageHead
        title="Look through past texts"
        crumb={{ href: '/unsubscribed', label: 'Opt-outs' }}
        lede="Every text that failed, by the rules that hold while we send. Nothing has been changed yet."
      />
      <section class="card stack" aria-labelledby="outcome">
        <h2 id="outcome">{total > 0 ? `${plural(total, 'number')} would be added` : 'Nothing is missing'}</h2>
        {total > 0 ? (
          <>
            <p>
              {plural(optOuts.total, 'opt-out')}: they had replied STOP. {plural(suppressed.total, 'number')} that{' '}
              {suppressed.total === 1 ? 'does' : 'do'} not work: a landline or out of service, or out of reach on three different days.
            </p>
            <p class="fine">
              A number that staff let be texted again, or that texted START, stays so unless a text failed after that. Members stay members.
            </p>
            <form class="row" method="post" action="/unsubscribed/backfill">
              <button class="btn btn-go" type="submit">
                Never text {total === 1 ? 'this number' : `these ${count(total)} numbers`}
              </button>
              <a class="btn btn-plain" href="/unsubscribed">
                Change nothing
              </a>
            </form>
          </>
        ) : (
          <p>
            Every past failure that asks for a block has one. <a href="/unsubscribed">Back to the list</a>
          </p>
        )}
      </section>
      {rows.length > 0 ? <Rows rows={rows} total={total} now={now} timeZone={timeZone} /> : null}
    </>
  )
}

type Row = Missing & { kind: BlockKind }

const Rows = ({ rows, total, now, timeZone }: { rows: Row[]; total: number; now: number; timeZone: string }) => (
  <section class="mt-l" aria-labelledby="numbers">
    <h2 id="numbers" class="mb">
      {rows.length < total ? `The first ${count(rows.length)} of them` : 'These numbers'}
    </h2>
    <div class="table-wrap">
      <table class="table cards" role="table" aria-labelledby="numbers">
        <thead>
          <tr role="row">
            {['Name', 'Phone', 'Would be', 'Why', 'Failed'].map((label) => (
              <th scope="col" role="columnheader">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr role="row">
              <th scope="row" role="rowheader" class="c-main act">
                <a href={`/contacts?phone=${encodeURIComponent(row.phone)}`}>{row.name || 'No name stored'}</a>
              </th>
              <td role="cell" class="nowrap">
                {formatPhone(row.phone)}
              </td>
              <td role="cell" class="c-side">
                <BlockStatus kind={row.kind} />
              </td>
              <td role="cell">
                {row.reason} <small class="quiet nowrap">Twilio {row.errorCode}</small>
              </td>
              <td role="cell" class="quiet c-act">
                <a href={`/logs/${row.logId}`}>Blast {row.logId}</a>, {dateTime(row.failedAt, { now, timeZone })}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </section>
)
