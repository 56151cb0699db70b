import { PageHead } from '../ui/head'
import { called } from './words'

type Props = { event: { id: number; title: string }; guest: { id: number; name: string; phone: string } }

export const UnregisterPage = ({ event, guest }: Props) => {
  const who = called(guest)
  return (
    <>
      <PageHead title={`Take ${who} off the list?`} crumb={{ href: `/events/${event.id}`, label: event.title }} />
      <form class="card stack narrow" method="post" action={`/events/${event.id}/unregister/${guest.id}`}>
        <p>
          {who} is no guest of {event.title} any more, and gets none of its texts. Members, other events and opt-outs stay as they are.
        </p>
        <div class="row">
          <button class="btn btn-danger" type="submit">
            Take {who} off the list
          </button>
          <a class="btn btn-plain" href={`/events/${event.id}`}>
            Keep this guest
          </a>
        </div>
      </form>
    </>
  )
}
