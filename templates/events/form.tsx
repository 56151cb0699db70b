import type { FormState } from '../../src/web/form'
import type { Role } from '../places'
import { FaultSummary } from '../ui/fault-summary'
import { Field } from '../ui/field'
import { PageHead } from '../ui/head'

type Props = { event: { id: number; title: string } | null; form: FormState; role: Role }

export const EventFormPage = ({ event, form, role }: Props) => {
  const back = event ? { href: `/events/${event.id}`, label: event.title } : { href: '/events', label: 'Events' }
  return (
    <>
      <PageHead title={event ? `Edit ${event.title}` : 'Add an event'} crumb={back} />
      <FaultSummary form={form} before="before it is stored" />
      <form class="card stack narrow" method="post" action={event ? `/events/${event.id}/edit` : '/events/add'}>
        <Field
          form={form}
          name="title"
          label="Title"
          autocomplete="off"
          hint="For staff. Guests see only what you write to them."
          required
        />
        <Field form={form} name="date" label="Date" type="date" hint="May stay empty. Events ahead come first in every list." />
        <div class="row">
          <button class="btn btn-go" type="submit">
            {event ? 'Store the changes' : 'Add this event'}
          </button>
          <a class="btn btn-plain" href={back.href}>
            {event ? 'Leave it as it was' : 'Add none'}
          </a>
        </div>
      </form>
      {event ? <Deleting id={event.id} admin={role === 'admin'} /> : null}
    </>
  )
}

const Deleting = ({ id, admin }: { id: number; admin: boolean }) => (
  <p class="mt-l">
    {admin ? (
      <a class="btn btn-stop" href={`/events/${id}/delete`}>
        Delete this event
      </a>
    ) : (
      <span class="fine">Only admins can delete an event.</span>
    )}
  </p>
)
