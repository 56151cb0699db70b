import type { BlastView } from '../../src/blasts/view'
import { count, dateTime, formatPhone } from '../ui/format'
import { Icon } from '../ui/icon'
import type { BlastProps } from './page'

/** Texts of which nobody but a person can say what became. Nothing here happens by itself. */
export const Decide = ({ view, timeZone }: BlastProps) => {
  const { rows, total } = view.undecided
  if (total === 0) return null
  return (
    <section class="mt-l" id="decide" aria-labelledby="decide-title">
      <div class="card-head">
        <h2 id="decide-title">
          {total === 1 ? '1 text may or may not have arrived' : `${count(total)} texts may or may not have arrived`}
        </h2>
      </div>
      <p class="fine mb">Twilio never answered, and its list does not tell. They are not sent again unless you say so.</p>
      <ul role="list" class="todo">
        {rows.map((row) => (
          <li id={`decide-${row.id}`}>
            <span class="is-warn">
              <Icon name="unknown" />
            </span>
            <p>
              <strong>{row.name || 'No name stored'}</strong> <span class="nowrap">{formatPhone(row.phone)}</span>{' '}
              {row.attemptedAt === null ? null : <span class="quiet">tried {dateTime(row.attemptedAt, { timeZone, now: view.now })}</span>}
            </p>
            <Decision view={view} row={row} />
          </li>
        ))}
      </ul>
      <Turn view={view} />
    </section>
  )
}

const Decision = ({ view, row }: { view: BlastView; row: BlastView['undecided']['rows'][number] }) => {
  const who = row.name || formatPhone(row.phone)
  const button = (value: string, words: string) => (
    <button class="btn" type="submit" name="decision" value={value}>
      {words}
      <span class="vh">: {who}</span>
    </button>
  )
  return (
    <form class="row" method="post" action={`/logs/${view.blast.id}/deliveries/${row.id}/decide`}>
      {button('arrived', 'It arrived')}
      {view.blast.status === 'cancelled' ? null : button('again', 'Send again')}
      {button('gave_up', 'Give up')}
    </form>
  )
}

const Turn = ({ view }: { view: BlastView }) => {
  const { page, pageSize, total } = view.undecided
  const last = Math.max(1, Math.ceil(total / pageSize))
  if (last === 1 && page === 1) return null
  const to = (n: number) => `/logs/${view.blast.id}?decide=${n}#decide`
  return (
    <nav class="pages" aria-label="Pages of undecided texts">
      <p>
        Page {count(page)} of {count(last)}
      </p>
      <ul role="list">
        {page > 1 ? (
          <li>
            <a href={to(Math.min(page - 1, last))}>Back</a>
          </li>
        ) : null}
        {page < last ? (
          <li>
            <a href={to(page + 1)}>Next</a>
          </li>
        ) : null}
      </ul>
    </nav>
  )
}
