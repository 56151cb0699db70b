import type { EventCounts, EventRow } from '../../src/events/queries'
import type { ListingPage, ListingState } from '../../src/web/listing'
import type { Role } from '../places'
import { Blank } from '../ui/blank'
import { calendarDay, count, plural } from '../ui/format'
import { PageHead } from '../ui/head'
import { Icon } from '../ui/icon'
import { Listing } from '../ui/listing'
import { Menu } from '../ui/menu'
import { writeTo } from './words'

type Props = { state: ListingState; list: ListingPage<EventRow>; counts: EventCounts; role: Role; now: number; timeZone: string }

export const EventsPage = ({ state, list, counts, role, now, timeZone }: Props) => {
  const admin = role === 'admin'
  return (
    <>
      <PageHead
        title="Events"
        lede={counts.all > 0 ? `${plural(counts.all, 'event')}. ${count(counts.upcoming)} ahead.` : undefined}
        acts={counts.all > 0 ? <Add label="Add an event" /> : undefined}
      />
      <Listing
        state={state}
        page={list}
        caption="Events"
        searchLabel="Find an event"
        placeholder="Title"
        rowId={(row) => row.id}
        chips={[
          { label: 'All', n: counts.all, name: 'when' },
          { label: 'Ahead', n: counts.upcoming, name: 'when', value: 'upcoming' },
          { label: 'Over', n: counts.past, name: 'when', value: 'past' },
          { label: 'Without a date', n: counts.undated, name: 'when', value: 'undated' },
        ]}
        columns={[
          { key: 'title', label: 'Title', sort: 'title', th: true, cell: (row) => <a href={`/events/${row.id}`}>{row.title}</a> },
          {
            key: 'date',
            label: 'Date',
            sort: 'date',
            firstDir: 'desc',
            className: 'nowrap',
            cell: (row) => (row.date ? calendarDay(row.date, { now, timeZone }) : <span class="quiet">No date</span>),
          },
          {
            key: 'registrations',
            label: 'Guests',
            sort: 'registrations',
            firstDir: 'desc',
            className: 'num',
            labelled: true,
            cell: (row) => count(row.registrations),
          },
        ]}
        pick={admin ? { name: 'event_ids', value: (row) => row.id, label: (row) => row.title } : undefined}
        bulk={admin ? { action: '/events/bulk-delete', children: <BulkDelete /> } : undefined}
        menu={(row) => <RowMenu row={row} admin={admin} />}
        empty={<NoneYet />}
      />
    </>
  )
}

const Add = ({ label }: { label: string }) => (
  <a class="btn btn-go" href="/events/add">
    <Icon name="plus" />
    {label}
  </a>
)

const BulkDelete = () => (
  <button class="btn" type="submit">
    Delete them
  </button>
)

const RowMenu = ({ row, admin }: { row: EventRow; admin: boolean }) => (
  <Menu label={`Actions for ${row.title}`}>
    {row.registrations > 0 ? (
      <a href={writeTo(row.id)}>
        <Icon name="send" />
        Write to these guests
      </a>
    ) : null}
    <a href={`/events/${row.id}/edit`}>
      <Icon name="write" />
      Edit
    </a>
    {admin ? (
      <a class="is-bad" href={`/events/${row.id}/delete`}>
        <Icon name="trash" />
        Delete event
      </a>
    ) : null}
  </Menu>
)

const NoneYet = () => (
  <Blank title="No events yet" act={<Add label="Make the first event" />}>
    An event has its own guest list, apart from your members. Make one, add guests or import a sign-up sheet, and you can text just them.
  </Blank>
)
