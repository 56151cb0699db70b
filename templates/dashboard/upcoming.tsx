import type { Upcoming } from '../../src/schedule/queries'
import { audienceWords } from '../blasts/words'
import { count, excerpt, weekdayTime, zoneName } from '../ui/format'
import { Todo } from '../ui/todo'

type Props = { upcoming: Upcoming; now: number; timeZone: string }

/** What goes out next by itself. */
export const ComingUp = ({ upcoming: { rows, total }, now, timeZone }: Props) => (
  <section aria-labelledby="scheduled">
    <div class="card-head">
      <h2 id="scheduled">Scheduled</h2>
      <a href="/scheduled?show=waiting">{total === 1 ? 'See it' : `All ${count(total)}`}</a>
    </div>
    <Todo
      items={rows.map((row) => ({
        icon: 'clock',
        fact: weekdayTime(row.dueAt, { timeZone, now }),
        rest: (
          <>
            <br />
            {excerpt(row.title)} · {audienceWords(row)}
          </>
        ),
        act: { href: `/scheduled/${row.id}/edit`, label: 'Edit', plain: true },
      }))}
    />
    <p class="fine mt">{zoneName(timeZone)} time. Who gets it is decided when it starts sending.</p>
  </section>
)
