import type { RecurringRow } from '../../src/schedule/series'
import { audienceWords } from '../blasts/words'
import { Blank } from '../ui/blank'
import { plural, zoneName } from '../ui/format'
import { PageHead } from '../ui/head'
import { Icon } from '../ui/icon'
import { Todo, type TodoItem } from '../ui/todo'
import { instantWords, ruleWords } from './words'

type Props = { now: number; series: readonly RecurringRow[] }

export const SeriesPage = ({ now, series }: Props) => {
  const going = series.filter(goesOn)
  const over = series.filter((one) => !goesOn(one))
  return (
    <>
      <PageHead
        title="Texts that repeat"
        crumb={{ href: '/scheduled', label: 'Scheduled' }}
        lede={
          series.length > 0
            ? 'The next three times of each stand in the list of scheduled texts, where one can be changed or skipped.'
            : undefined
        }
        acts={
          series.length > 0 ? (
            <a class="btn btn-go" href="/dashboard">
              <Icon name="write" />
              Write a text
            </a>
          ) : undefined
        }
      />
      {series.length === 0 ? <NoneYet /> : null}
      {going.length > 0 ? <Todo items={going.map((one) => itemOf(one, now))} /> : null}
      {over.length > 0 ? (
        <section class="mt-l" aria-labelledby="over">
          <h2 class="mb" id="over">
            Over
          </h2>
          <Todo items={over.map((one) => itemOf(one, now))} />
        </section>
      ) : null}
    </>
  )
}

const goesOn = ({ endedAt, waiting }: RecurringRow): boolean => endedAt === null && waiting > 0

const capital = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}`

function itemOf(row: RecurringRow, now: number): TodoItem {
  const on = goesOn(row)
  // A rule that says six is answered with six, whatever the organisation's clock shows then.
  const clock = { timeZone: row.rule.timeZone, now }
  const rule = `${capital(ruleWords(row.rule, clock))}, ${zoneName(clock.timeZone)}`
  const next = on && row.nextAt !== null ? `Next: ${instantWords(row.nextAt, clock)}.` : ''
  const sent = row.sent > 0 ? `Sent ${plural(row.sent, 'time')}.` : ''
  return {
    icon: on ? 'clock' : 'done',
    fact: row.title,
    rest: (
      <>
        <br />
        {rule} · {audienceWords(row)}
        <br />
        {[next, sent].filter(Boolean).join(' ')}
      </>
    ),
    act: on
      ? { href: `/scheduled/recurring/${row.id}/end`, label: 'End it', plain: true }
      : { href: `/dashboard?series=${row.id}`, label: 'Write it again', plain: true },
  }
}

const NoneYet = () => (
  <Blank
    title="Nothing repeats"
    act={
      <a class="btn btn-go" href="/dashboard">
        <Icon name="write" />
        Write a text
      </a>
    }
  >
    Write a text, tick “Send later” and choose how often.
  </Blank>
)
