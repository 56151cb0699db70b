import type { Overview, PausedBlast, UnclearBlast } from '../../src/dashboard/overview'
import type { ScheduledRow } from '../../src/schedule/queries'
import { unsentWords } from '../schedule/words'
import { excerpt, plural, weekdayTime } from '../ui/format'
import { Todo, type TodoItem } from '../ui/todo'

type Needing = Pick<Overview, 'paused' | 'unclear' | 'unsent'>

/** `2 things need you`, for the link beside the page's title; null when nothing does. */
export function needsWords({ paused, unclear, unsent }: Needing): string | null {
  const n = paused.length + unclear.length + unsent.length
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
          ...overview.paused.map(pausedItem),
          ...overview.unclear.map(unclearItem),
          ...overview.unsent.map((row) => unsentItem(row, clock)),
        ]}
      />
    </section>
  )
}

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
  rest: unsentWords(row),
  act: { href: '/scheduled?show=unsent', label: 'Look at it' },
})

const unclearItem = ({ id, title, texts }: UnclearBlast): TodoItem => ({
  icon: 'unknown',
  tone: 'warn',
  fact: `${plural(texts, 'text')} of “${excerpt(title)}” may or may not have arrived.`,
  rest: `${texts === 1 ? 'It is' : 'They are'} not sent again unless you say so.`,
  act: { href: `/logs/${id}`, label: 'Decide' },
})
