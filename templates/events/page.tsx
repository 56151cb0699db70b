import type { RegistrationCounts, RegistrationRow } from '../../src/events/registration-queries'
import type { FormState } from '../../src/web/form'
import type { ListingPage, ListingState } from '../../src/web/listing'
import { Blank } from '../ui/blank'
import { FaultSummary } from '../ui/fault-summary'
import { Field } from '../ui/field'
import { calendarDay, count, day, formatPhone, plural } from '../ui/format'
import { PageHead } from '../ui/head'
import { Icon } from '../ui/icon'
import { Listing } from '../ui/listing'
import { Menu } from '../ui/menu'
import { ReachStatus } from '../ui/status'
import { called, writeTo } from './words'

type Event = { id: number; title: string; date: string | null }
type Props = {
  event: Event
  state: ListingState
  list: ListingPage<RegistrationRow>
  counts: RegistrationCounts
  /** Of the guest to add. */
  form: FormState
  now: number
  timeZone: string
}

export const EventPage = ({ event, state, list, counts, form, now, timeZone }: Props) => {
  const reachable = counts.all - counts.optedOut - counts.suppressed
  const when = event.date ? `${sentence(calendarDay(event.date, { now, timeZone }))}. ` : ''
  const who = counts.all > 0 ? `${plural(counts.all, 'guest')}. ${count(reachable)} can be texted.` : 'No guests yet.'
  return (
    <>
      <PageHead
        title={event.title}
        crumb={{ href: '/events', label: 'Events' }}
        lede={`${when}${who}`}
        acts={<Acts id={event.id} some={counts.all > 0} reachable={reachable} />}
      />
      <FaultSummary form={form} before="before this guest is stored" />
      <AddGuest event={event} form={form} />
      <Listing
        state={state}
        page={list}
        caption={`Guests of ${event.title}`}
        searchLabel="Find a guest"
        rowId={(row) => row.id}
        chips={[
          { label: 'All', n: counts.all, name: 'texts' },
          { label: 'Opted out', n: counts.optedOut, name: 'texts', value: 'opted_out' },
          { label: 'Number does not work', n: counts.suppressed, name: 'texts', value: 'suppressed' },
        ]}
        columns={[
          { key: 'name', label: 'Name', sort: 'name', th: true, cell: (row) => <Name row={row} /> },
          { key: 'phone', label: 'Phone', sort: 'phone', className: 'nowrap', cell: (row) => formatPhone(row.phone) },
          { key: 'texts', label: 'Texts', cell: (row) => <ReachStatus texts={row.texts} /> },
          {
            key: 'registered',
            label: 'Registered',
            sort: 'created_at',
            firstDir: 'desc',
            className: 'nowrap quiet c-hide',
            cell: (row) => day(row.createdAt, { timeZone, now }),
          },
        ]}
        menu={(row) => <RowMenu event={event} row={row} />}
        empty={<NobodyYet id={event.id} />}
      />
    </>
  )
}

const sentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)

const Acts = ({ id, some, reachable }: { id: number; some: boolean; reachable: number }) => (
  <>
    <a class="btn" href={`/events/${id}/edit`}>
      <Icon name="write" />
      Edit
    </a>
    {some ? (
      <>
        <a class="btn" href={`/events/${id}/export`}>
          <Icon name="download" />
          Export
        </a>
        <a class="btn" href={`/events/${id}/import`}>
          <Icon name="upload" />
          Import
        </a>
      </>
    ) : null}
    {reachable > 0 ? (
      <a class="btn btn-go" href={writeTo(id)}>
        <Icon name="send" />
        Write to these guests
      </a>
    ) : null}
  </>
)

const AddGuest = ({ event, form }: { event: Event; form: FormState }) => (
  <form class="card line-form mb" method="post" action={`/events/${event.id}/register`} aria-label="Add a guest">
    <Field form={form} name="name" label="Name" autocomplete="off" />
    <Field form={form} name="phone" label="Phone" type="tel" inputmode="tel" autocomplete="off" required />
    <button class="btn" type="submit">
      <Icon name="plus" />
      Add this guest
    </button>
  </form>
)

/** Leads to everything that is known of them. */
const Name = ({ row }: { row: RegistrationRow }) => (
  <a href={`/contacts?search=${encodeURIComponent(row.phone)}`}>{row.name || 'No name stored'}</a>
)

const RowMenu = ({ event, row }: { event: Event; row: RegistrationRow }) => (
  <Menu label={`Actions for ${called(row)}`}>
    {row.texts === 'opted_out' ? null : (
      <form method="post" action={`/events/${event.id}/registrations/${row.id}/unsubscribe`}>
        <button type="submit">
          <Icon name="barred" />
          Opt out
        </button>
      </form>
    )}
    <a class="is-bad" href={`/events/${event.id}/unregister/${row.id}`}>
      <Icon name="trash" />
      Take off the list
    </a>
  </Menu>
)

const NobodyYet = ({ id }: { id: number }) => (
  <Blank
    title="Nobody is on this list yet"
    act={
      <a class="btn btn-go" href={`/events/${id}/import`}>
        <Icon name="upload" />
        Import a sign-up sheet
      </a>
    }
  >
    Add guests one by one above, or import a spreadsheet saved as CSV. They get the texts of this event and no others.
  </Blank>
)
