import type { Later } from '../../src/schedule/later'
import { zoneName } from '../ui/format'
import { Icon } from '../ui/icon'
import { instantWords } from './words'

/** When a series goes out first. */
export const FirstTimes = ({ later, now }: { later: Later; now: number }) => (
  <section aria-labelledby="times">
    <div class="card-head">
      <h2 id="times">The first times</h2>
      <p class="fine">{zoneName(later.timeZone)} time. Each can be skipped by itself.</p>
    </div>
    <ul role="list" class="todo">
      {later.first.map(({ at }) => (
        <li>
          <Icon name="clock" />
          <p>
            <strong>{instantWords(at, { timeZone: later.timeZone, now })}</strong>
          </p>
        </li>
      ))}
    </ul>
  </section>
)
