import type { Rule } from '../../src/schedule/recurrence'
import { PageHead } from '../ui/head'
import { ruleWords } from './words'

type Props = { id: number; title: string; rule: Rule; now: number }

export const EndSeriesPage = ({ id, title, rule, now }: Props) => (
  <>
    <PageHead title="End this series?" crumb={{ href: '/scheduled/recurring', label: 'Texts that repeat' }} />
    <form class="card stack narrow" method="post" action={`/scheduled/recurring/${id}/end`}>
      <p>
        “{title}” goes out {ruleWords(rule, { timeZone: rule.timeZone, now })}. What still waits of it is cancelled, and no more are made.
        What was sent is kept.
      </p>
      <p class="fine">To change it, end it, and write it again: it is in the box then as it is now.</p>
      <div class="row">
        <button class="btn btn-danger" type="submit">
          End the series
        </button>
        <a class="btn btn-plain" href="/scheduled/recurring">
          Let it go on
        </a>
      </div>
    </form>
  </>
)
