import type { FirstSteps as Steps } from '../../src/dashboard/first-steps'
import { formatPhone } from '../ui/format'
import { Todo, type TodoItem } from '../ui/todo'

/** For the link beside the page's title. */
export function stepsWords(steps: Steps): string {
  const items = itemsOf(steps)
  return `First steps: ${items.filter(isDone).length} of ${items.length} done`
}

const isDone = ({ icon }: TodoItem) => icon === 'done'

/** What an admin of a new office does once. What is done stays, ticked, until all is. */
export const FirstSteps = ({ steps }: { steps: Steps }) => {
  const items = itemsOf(steps)
  return (
    <section class="mt-l" aria-labelledby="first-steps">
      <div class="card-head">
        <h2 id="first-steps">First steps</h2>
        <p class="quiet">
          {items.filter(isDone).length} of {items.length} done
        </p>
      </div>
      <Todo items={items} />
    </section>
  )
}

const done = (fact: string): TodoItem => ({ icon: 'done', tone: 'ok', fact })
const ahead = (item: Omit<TodoItem, 'icon'>): TodoItem => ({ icon: 'waiting', ...item })

function itemsOf(steps: Steps): TodoItem[] {
  const { real, taken, told, tested, canTest, people, sender } = steps
  return [
    real
      ? done('A Twilio account is set up.')
      : ahead({
          fact: 'Connect Twilio.',
          rest: 'Texts are simulated until TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and a sender are in the settings of the server.',
        }),
    people
      ? done('There are people to text.')
      : ahead({
          fact: 'Import the people.',
          rest: 'A spreadsheet saved as CSV. You see every row before it counts.',
          act: { href: '/community/import', label: 'Import a list' },
        }),
    tested
      ? done('You have sent yourself a test.')
      : ahead({
          fact: 'Send yourself a test.',
          rest: canTest ? 'It goes to the office phone alone.' : 'First put your own phone into the settings, as ADMIN_TEST_PHONE.',
          act: canTest ? { href: '/dashboard?test=1', label: 'Write a test' } : undefined,
        }),
    taken
      ? done(`${real ? 'Twilio' : 'The simulator'} takes texts from ${formatPhone(sender)}.`)
      : ahead({
          fact: `See that ${formatPhone(sender)} can send.`,
          rest: 'The test shows it. If it cannot, we say what to fix, and nobody is blocked.',
        }),
    told
      ? done('We hear what became of a text.')
      : ahead({
          fact: 'See that results come back.',
          rest: 'After the test its page says “Delivered”. If it stays at “Handed over”, Twilio does not reach PUBLIC_URL.',
        }),
  ]
}
