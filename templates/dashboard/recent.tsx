import type { RecentBlast } from '../../src/dashboard/overview'
import { BlastResult } from '../blasts/result'
import { audienceWords } from '../blasts/words'
import { dateTime } from '../ui/format'

type Props = { blasts: readonly RecentBlast[]; now: number; timeZone: string }

export const Recent = ({ blasts, now, timeZone }: Props) => (
  <section aria-labelledby="recent">
    <div class="card-head">
      <h2 id="recent">Recent blasts</h2>
      <a href="/logs">All blasts</a>
    </div>
    <div class="table-wrap">
      <table class="table cards" role="table" aria-labelledby="recent">
        <thead>
          <tr role="row">
            <th scope="col" role="columnheader">
              Text
            </th>
            <th scope="col" role="columnheader" class="res">
              Result
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {blasts.map((blast) => (
            <tr role="row">
              <th scope="row" role="rowheader" class="c-main">
                <a class="excerpt" href={`/logs/${blast.id}`}>
                  {blast.title}
                </a>
                <small class="quiet">
                  {audienceWords(blast)} · {dateTime(blast.createdAt, { timeZone, now })}
                </small>
              </th>
              <td role="cell">
                <BlastResult row={blast} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </section>
)
