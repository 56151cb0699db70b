import type { Overview, PausedBlast, UnclearBlast, UnsentBlast } from '../../src/dashboard/overview'
import type { Share } from '../../src/dashboard/trend'
import type { ScheduledRow } from '../../src/schedule/queries'
import { reasonWords } from '../schedule/words'
import { clockTime, count, excerpt, plural, weekdayTime } from '../ui/format'
import { Todo, type TodoItem } from '../ui/todo'

type Needing = Pick<Overview, 'standing' | 'paused' | 'unclear' | 'unsent' | 'failing'>

/** `2 things need you`, for the link beside the page's title; null when nothing does. */
export function needsWords({ standing, paused, unclear, unsent, failing }: Needing): string | null {
  const n = standing.length + paused.length + unclear.length + unsent.length + (failing ? 1 : 0)
  return n === 0 ? null : n === 1 ? '1 thing needs you' : `${n} things need you`
}

type Clock = { now: number; timeZone: string }

export const Needs = ({ overview, ...clock }: { overview: Needing } & Clock) => {
  if (needsWords(overview) === null) return null
  return (
    <section class="mt-l" aria-labelledby="need">
      <h2 class="mb" id="need">
        Needs you
      </h2>
      <Todo
        items={[
          ...overview.standing.map((blast) => standingItem(blast, clock)),
          ...overview.paused.map(pausedItem),
          ...overview.unclear.map(unclearItem),
          ...overview.unsent.map((row) => unsentItem(row, clock)),
          ...(overview.failing ? [failingItem(overview.failing)] : []),
        ]}
      />
    </section>
  )
}

const standingItem = ({ id, title, since }: UnsentBlast, { timeZone }: Clock): TodoItem => ({
  icon: 'warning',
  tone: 'bad',
  fact: `“${excerpt(title)}” stands: nobody has been sending since ${clockTime(since, timeZone)}.`,
  rest: 'Ask whoever runs this app to start it. It goes on by itself then, and nobody gets it twice.',
  act: { href: `/logs/${id}`, label: 'Look at it' },
})

const failingItem = ({ failed, of }: Share): TodoItem => ({
  icon: 'failed',
  tone: 'warn',
  fact: `${((failed / of) * 100).toFixed(0)}% of the texts of the last 7 days failed.`,
  rest: `${count(failed)} of ${count(of)}. Each blast says whose fault it is.`,
  act: { href: '/logs', label: 'See why' },
})

function pausedItem({ id, title, why, pausedBy, restored, waiting }: PausedBlast): TodoItem {
  if (restored)
    return {
      icon: 'pause',
      tone: 'warn',
      fact: `“${excerpt(title)}” is paused: it is from a backup.`,
      rest: 'Look at Twilio before you resume.',
      act: { href: `/logs/${id}`, label: 'Look at it' },
    }
  const people = `${plural(waiting, 'person is', 'people are')} still waiting.`
  return why === null
    ? {
        icon: 'pause',
        tone: 'warn',
        fact: `“${excerpt(title)}” is paused${pausedBy ? ` by ${pausedBy}` : ''}.`,
        rest: people,
        act: { href: `/logs/${id}`, label: 'Look at it' },
      }
    : {
        icon: 'pause',
        tone: 'bad',
        fact: `“${excerpt(title)}” is paused: ${why}.`,
        rest: `${people} Nobody was blocked or removed.`,
        act: { href: `/logs/${id}`, label: 'See what to fix' },
      }
}

const unsentItem = (row: ScheduledRow, clock: Clock): TodoItem => ({
  icon: 'clock',
  tone: 'warn',
  fact: `“${excerpt(row.title)}” was not sent. It was due ${weekdayTime(row.dueAt, clock)}.`,
  rest: reasonWords(row),
  act: { href: '/scheduled?show=unsent', label: 'Look at it' },
})

const unclearItem = ({ id, title, texts }: UnclearBlast): TodoItem => ({
  icon: 'unknown',
  tone: 'warn',
  fact: `${plural(texts, 'text')} of “${excerpt(title)}” may or may not have arrived.`,
  rest: `${texts === 1 ? 'It is' : 'They are'} not sent again unless you say so.`,
  act: { href: `/logs/${id}`, label: 'Decide' },
})
