import type { Overview, PausedBlast, UnclearBlast } from '../../src/dashboard/overview'
import { excerpt, plural } from '../ui/format'
import { Todo, type TodoItem } from '../ui/todo'

type Needing = Pick<Overview, 'paused' | 'unclear'>

/** `2 things need you`, for the link beside the page's title; null when nothing does. */
export function needsWords({ paused, unclear }: Needing): string | null {
  const n = paused.length + unclear.length
  return n === 0 ? null : n === 1 ? '1 thing needs you' : `${n} things need you`
}

export const Needs = ({ overview }: { overview: Needing }) => {
  if (needsWords(overview) === null) return null
  return (
    <section class="mt-l" aria-labelledby="need">
      <h2 class="mb" id="need">
        Needs you
      </h2>
      <Todo items={[...overview.paused.map(pausedItem), ...overview.unclear.map(unclearItem)]} />
    </section>
  )
}

function pausedItem({ id, title, why, pausedBy, waiting }: PausedBlast): TodoItem {
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

const unclearItem = ({ id, title, texts }: UnclearBlast): TodoItem => ({
  icon: 'unknown',
  tone: 'warn',
  fact: `${plural(texts, 'text')} of “${excerpt(title)}” may or may not have arrived.`,
  rest: `${texts === 1 ? 'It is' : 'They are'} not sent again unless you say so.`,
  act: { href: `/logs/${id}`, label: 'Decide' },
})
