import type { AudienceChoices } from '../../src/compose/choices'
import type { FirstSteps as Steps } from '../../src/dashboard/first-steps'
import type { Overview } from '../../src/dashboard/overview'
import { Blank } from '../ui/blank'
import { Chart } from '../ui/chart'
import { type Figure, Figures } from '../ui/figures'
import { count, date, plural } from '../ui/format'
import { FirstSteps } from './first-steps'
import { Needs } from './needs'
import { Recent } from './recent'
import { ComingUp } from './upcoming'

type Props = {
  overview: Overview
  choices: AudienceChoices
  /** Null for who does not set the office up, and once it is. */
  firstSteps: Steps | null
  now: number
  timeZone: string
}

/** The dashboard below the compose form. What has nothing to say yet stays away. */
export const DashboardOverview = ({ overview, choices, firstSteps, now, timeZone }: Props) => {
  if (choices.members.all === 0 && [overview.recent, overview.upcoming.rows, overview.unsent].every((some) => some.length === 0))
    return firstSteps ? <FirstSteps steps={firstSteps} /> : <NobodyYet />
  const month = overview.share.month
  return (
    <>
      <Needs overview={overview} now={now} timeZone={timeZone} />
      {firstSteps ? <FirstSteps steps={firstSteps} /> : null}
      <section class="mt-l" aria-labelledby="counts">
        <h2 class="vh" id="counts">
          Counts
        </h2>
        <Figures figures={figuresOf(overview, choices)} />
      </section>
      {month.of > 0 ? (
        <div class="mt-l">
          <Chart
            id="trend"
            title="Texts a day"
            period={periodOf(overview)}
            days={overview.trend.map(({ at, ...results }) => ({ label: date(at, 'UTC', false), ...results }))}
          />
        </div>
      ) : null}
      <div class={overview.recent.length > 0 && overview.upcoming.total > 0 ? 'halves mt-l' : 'mt-l'}>
        {overview.recent.length > 0 ? <Recent blasts={overview.recent} now={now} timeZone={timeZone} /> : null}
        {overview.upcoming.total > 0 ? <ComingUp upcoming={overview.upcoming} now={now} timeZone={timeZone} /> : null}
      </div>
    </>
  )
}

/** All is 100%, and nothing less is. */
function percent({ delivered, of }: { delivered: number; of: number }): string {
  if (of === 0) return '–'
  return delivered === of ? '100%' : `${Math.min(99.9, (delivered / of) * 100).toFixed(1)}%`
}

function figuresOf({ share: { week, month } }: Overview, { members, ahead }: AudienceChoices): Figure[] {
  const { all, optedOut, suppressed } = members
  const figures = [
    { label: 'Members', value: count(all), sub: `${count(all - optedOut - suppressed)} can be texted` },
    ...(ahead.events > 0 ? [{ label: 'Guests', value: count(ahead.guests), sub: `of ${plural(ahead.events, 'event')} ahead` }] : []),
    { label: 'Opted out', value: count(optedOut), sub: 'get no texts' },
    { label: 'Number does not work', value: count(suppressed), sub: 'get no texts' },
  ]
  if (month.of === 0) return figures
  const lately = week.of > 0 ? `, ${percent(week)} in 7` : ''
  return [
    ...figures,
    { label: 'Delivered', value: percent(month), sub: `${count(month.delivered)} of ${count(month.of)} in 30 days${lately}` },
  ]
}

function periodOf({ trend }: Overview): string {
  const [first, last] = [trend[0], trend.at(-1)]
  return first && last ? `${date(first.at, 'UTC', false)} to ${date(last.at, 'UTC', false)}` : ''
}

const NobodyYet = () => (
  <div class="mt-l">
    <Blank title="First, the people">A text needs somebody to get it. An admin can import the list of members.</Blank>
  </div>
)
