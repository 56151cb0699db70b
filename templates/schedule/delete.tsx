import { plural } from '../ui/format'
import { PageHead } from '../ui/head'

type Props = { messages: { id: number; title: string; status: string }[] }

const titlesShown = 20

export const DeleteScheduledPage = ({ messages }: Props) => {
  const deletable = messages.filter(({ status }) => status !== 'processing')
  const waiting = deletable.filter(({ status }) => status === 'pending').length
  const [only] = messages
  const one = messages.length === 1 && only
  const rest = messages.length - titlesShown
  return (
    <>
      <PageHead
        title={one ? 'Delete this scheduled text?' : `Delete ${plural(messages.length, 'scheduled text')}?`}
        crumb={{ href: '/scheduled', label: 'Scheduled' }}
      />
      <form class="card stack narrow" method="post" action={one ? `/scheduled/${only.id}/delete` : '/scheduled/bulk-delete'}>
        <ul>
          {messages.slice(0, titlesShown).map(({ title }) => (
            <li>{title}</li>
          ))}
          {rest > 0 ? <li>and {rest} more</li> : null}
        </ul>
        <p>
          {waiting === 0
            ? 'They leave this list.'
            : `${waiting === messages.length ? (one ? 'It waits' : 'All of them wait') : `${waiting} of them ${waiting === 1 ? 'waits' : 'wait'}`} to be sent: nobody gets ${waiting === 1 ? 'it' : 'them'}.`}{' '}
          Blasts that were sent are kept.
          {deletable.length < messages.length ? ' What is being sent stays.' : ''}
        </p>
        {one ? null : messages.map(({ id }) => <input type="hidden" name="scheduled_ids" value={String(id)} />)}
        <div class="row">
          <button class="btn btn-danger" type="submit">
            {one ? 'Delete it' : `Delete ${plural(messages.length, 'scheduled text')}`}
          </button>
          <a class="btn btn-plain" href="/scheduled">
            {one ? 'Keep it' : 'Keep them'}
          </a>
        </div>
      </form>
    </>
  )
}
