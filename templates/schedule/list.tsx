import type { ScheduledCounts, ScheduledRow } from '../../src/schedule/queries'
import type { ListingPage, ListingState } from '../../src/web/listing'
import { audienceWords } from '../blasts/words'
import { Blank } from '../ui/blank'
import { plural, utcTime, weekdayTime, zoneName } from '../ui/format'
import { PageHead } from '../ui/head'
import { Icon } from '../ui/icon'
import { Listing } from '../ui/listing'
import { Menu } from '../ui/menu'
import { ScheduledStatus } from '../ui/status'
import { reasonWords } from './words'

type Clock = { now: number; timeZone: string }
type Props = Clock & { state: ListingState; list: ListingPage<ScheduledRow>; counts: ScheduledCounts }

export const ScheduledPage = ({ state, list, counts, ...clock }: Props) => (
  <>
    <PageHead
      title="Scheduled"
      lede={
        counts.all > 0
          ? `${counts.waiting === 0 ? 'Nothing waits' : plural(counts.waiting, 'text waits', 'texts wait')}. Who gets one is decided when it starts sending. ${zoneName(clock.timeZone)} time.`
          : undefined
      }
      acts={counts.all > 0 ? <Acts /> : undefined}
    />
    <Listing
      state={state}
      page={list}
      caption="Scheduled texts"
      searchLabel="Find a text"
      placeholder="Words of the text"
      rowId={(row) => row.id}
      chips={[
        { label: 'All', n: counts.all, name: 'show' },
        { label: 'Waiting', n: counts.waiting, name: 'show', value: 'waiting' },
        { label: 'Sent', n: counts.sent, name: 'show', value: 'sent' },
        { label: 'Not sent', n: counts.unsent, name: 'show', value: 'unsent' },
        { label: 'Cancelled', n: counts.cancelled, name: 'show', value: 'cancelled' },
      ]}
      columns={[
        { key: 'text', label: 'Text', th: true, className: 'c-main', cell: (row) => <Text row={row} /> },
        { key: 'when', label: 'When', sort: 'due_at', cell: (row) => <When row={row} {...clock} /> },
        { key: 'status', label: 'Status', cell: (row) => <State row={row} /> },
        { key: 'by', label: 'By', sort: 'created_at', firstDir: 'desc', className: 'quiet c-hide', cell: (row) => row.createdBy },
      ]}
      pick={{
        name: 'scheduled_ids',
        value: (row) => (row.status === 'processing' ? undefined : row.id),
        label: (row) => row.title,
      }}
      bulk={{
        action: '/scheduled/bulk-delete',
        children: (
          <button class="btn" type="submit">
            Delete them
          </button>
        ),
      }}
      menu={(row) => <RowMenu row={row} />}
      empty={<NothingYet />}
    />
  </>
)

const Acts = () => (
  <>
    <a class="btn" href="/scheduled/recurring">
      <Icon name="clock" />
      Texts that repeat
    </a>
    <a class="btn btn-go" href="/dashboard">
      <Icon name="write" />
      Write a text
    </a>
  </>
)

const Text = ({ row }: { row: ScheduledRow }) => {
  const href = row.status === 'pending' ? `/scheduled/${row.id}/edit` : row.logId === null ? null : `/logs/${row.logId}`
  return (
    <>
      {href ? (
        <a class="excerpt" href={href}>
          {row.title}
        </a>
      ) : (
        <span class="excerpt">{row.title}</span>
      )}
      <small class="quiet">
        {audienceWords(row)}
        {row.scheduleId === null ? '' : ' · repeats'}
      </small>
    </>
  )
}

/** On the organisation's clock and in UTC; app.js adds the viewer's, which only the browser knows. */
const When = ({ row: { dueAt }, now, timeZone }: { row: ScheduledRow } & Clock) => (
  <>
    <span class="nowrap">{weekdayTime(dueAt, { timeZone, now })}</span>
    <br />
    <small class="quiet">
      <time datetime={new Date(dueAt).toISOString()} data-page-zone={timeZone} />
      {timeZone === 'UTC' ? null : utcTime(dueAt, timeZone)}
    </small>
  </>
)

const State = ({ row }: { row: ScheduledRow }) => {
  const why = reasonWords(row)
  return (
    <>
      <ScheduledStatus status={row.status} />
      {why ? (
        <>
          <br />
          <small class="quiet">{why}</small>
        </>
      ) : null}
    </>
  )
}

const RowMenu = ({ row: { id, title, status, logId, scheduleId } }: { row: ScheduledRow }) => (
  <Menu label={`Actions for ${title}`}>
    {logId === null ? null : (
      <a href={`/logs/${logId}`}>
        <Icon name="send" />
        See the blast
      </a>
    )}
    {status === 'pending' ? (
      <>
        <a href={`/scheduled/${id}/edit`}>
          <Icon name="write" />
          Edit
        </a>
        <form method="post" action={`/scheduled/${id}/cancel`}>
          <button type="submit">
            <Icon name="cross" />
            {scheduleId === null ? 'Cancel it' : 'Skip this one'}
          </button>
        </form>
      </>
    ) : (
      <a href={`/dashboard?scheduled=${id}`}>
        <Icon name="write" />
        Write it again
      </a>
    )}
    {status === 'processing' ? null : (
      <a class="is-bad" href={`/scheduled/${id}/delete`}>
        <Icon name="trash" />
        Delete
      </a>
    )}
  </Menu>
)

const NothingYet = () => (
  <Blank
    title="Nothing is scheduled"
    act={
      <a class="btn btn-go" href="/dashboard">
        <Icon name="write" />
        Write a text
      </a>
    }
  >
    Write a text and tick “Send later”: once, or every day, week or month. Until it starts it can be changed and cancelled here.
  </Blank>
)
