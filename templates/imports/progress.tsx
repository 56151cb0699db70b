import type { Import, OpenStatus } from '../../src/imports/imports'
import { count } from '../ui/format'
import { Tally } from '../ui/tally'

const words: Record<OpenStatus, { done: string; calm: string }> = {
  reading: { done: 'read', calm: 'You can leave this page: the reading goes on, and the file waits here for you.' },
  committing: { done: 'imported', calm: 'You can leave this page: the rows go on arriving.' },
  undoing: { done: 'taken back', calm: 'You can leave this page: the undo goes on.' },
}

export const isWorking = (status: Import['status']): status is OpenStatus => status in words

/** How far a worker has come. The page asks again by itself; without a script there is a link. */
export const Progress = ({ of: it, status }: { of: Import; status: OpenStatus }) => {
  const { done, calm } = words[status]
  const rows = Math.min(it.doneRows, it.totalRows)
  return (
    <section class="card stack" aria-label="Progress">
      <p role="status">
        <strong>
          {count(rows)} of {count(it.totalRows)} rows
        </strong>{' '}
        {done}.
      </p>
      <Tally id="progress" counts={{ delivered: rows, waiting: it.totalRows - rows }} words={{ delivered: done, waiting: 'to go' }} />
      <p class="fine">{calm}</p>
      <p>
        <a class="btn" href={`/imports/${it.id}`}>
          Refresh
        </a>
      </p>
    </section>
  )
}
