import type { Review } from '../../src/compose/review'
import { count } from '../ui/format'

type Row = { why: string; n: number; means: string; href?: string }

/** Who is in the audience and gets nothing, by reason. Zero rows stay: a sum with a gap in it is not believed. */
export const LeftOut = ({ review: { draft, counts } }: { review: Review }) => {
  if (draft.audience.testPhone !== null) {
    return <p class="quiet">A test goes to the office phone alone, unless that phone texted STOP. Everybody else gets nothing.</p>
  }
  const list = (texts: string) => (draft.event ? undefined : `/community?texts=${texts}`)
  const rows: Row[] = [
    {
      why: 'Opted out',
      n: counts.optedOut,
      means: 'They replied STOP or asked us. Texting START brings them back.',
      href: list('opted_out'),
    },
    {
      why: 'Number does not work',
      n: counts.suppressed,
      means: 'Landline or no longer in service. An admin can lift the block if the number is right.',
      href: list('suppressed'),
    },
    { why: 'Same phone twice', n: counts.duplicates, means: 'A phone that stands there twice gets one text.' },
  ]
  return (
    <section aria-labelledby="left-out">
      <div class="card-head">
        <h2 id="left-out">Left out: {count(counts.optedOut + counts.suppressed + counts.duplicates)}</h2>
        <p class="fine">They stay {draft.event ? 'guests' : 'members'}</p>
      </div>
      <div class="table-wrap">
        <table class="table cards" role="table" aria-labelledby="left-out">
          <thead>
            <tr role="row">
              <th role="columnheader" scope="col">
                Why
              </th>
              <th role="columnheader" scope="col" class="num">
                People
              </th>
              <th role="columnheader" scope="col">
                What it means
              </th>
            </tr>
          </thead>
          <tbody role="rowgroup">
            {rows.map(({ why, n, means, href }) => (
              <tr role="row">
                <th scope="row" role="rowheader" class="c-main">
                  {href && n > 0 ? <a href={href}>{why}</a> : why}
                </th>
                <td role="cell" class="num c-side">
                  {count(n)}
                </td>
                <td role="cell">{means}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
