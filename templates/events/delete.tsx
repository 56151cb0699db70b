import type { EventToDelete } from '../../src/events/queries'
import { calendarDay, plural } from '../ui/format'
import { PageHead } from '../ui/head'
import { Note } from '../ui/note'

type Props = { events: readonly EventToDelete[]; now: number; timeZone: string }

const shown = 20

export const DeleteEventsPage = ({ events, now, timeZone }: Props) => {
  const [first] = events
  const one = events.length === 1 && first
  const what = one ? first.title : plural(events.length, 'event')
  const registrations = events.reduce((sum, event) => sum + event.registrations, 0)
  const scheduled = events.reduce((sum, event) => sum + event.scheduled, 0)
  const series = events.reduce((sum, event) => sum + event.series, 0)
  const back = one ? `/events/${first.id}` : '/events'
  return (
    <>
      <PageHead title={`Delete ${what}?`} crumb={one ? { href: back, label: first.title } : { href: back, label: 'Events' }} />
      <WhatEnds scheduled={scheduled} series={series} with={one ? 'the event' : 'the events'} />
      <form class="card stack narrow" method="post" action={one ? `/events/${first.id}/delete` : '/events/bulk-delete'}>
        {one ? null : <Titles events={events} now={now} timeZone={timeZone} />}
        <p>
          <strong>
            {plural(registrations, 'registration')} {registrations === 1 ? 'goes' : 'go'} with {one ? 'it' : 'them'}.
          </strong>{' '}
          This cannot be undone. Members, opt-outs and what guests were sent are kept.
        </p>
        {one ? null : events.map((event) => <input type="hidden" name="event_ids" value={String(event.id)} />)}
        <div class="row">
          <button class="btn btn-danger" type="submit">
            Delete {what}
            {registrations > 0 ? ` and ${plural(registrations, 'registration')}` : ''}
          </button>
          <a class="btn btn-plain" href={back}>
            {one ? 'Keep this event' : 'Keep them'}
          </a>
        </div>
      </form>
    </>
  )
}

const WhatEnds = ({ scheduled, series, with: what }: { scheduled: number; series: number; with: string }) => {
  if (scheduled + series === 0) return null
  const ends = series > 0 ? `${plural(series, 'text')} that ${series === 1 ? 'repeats ends' : 'repeat end'}.` : ''
  return (
    <div class="mb">
      {scheduled === 0 ? (
        <Note kind="warn" fact={ends} />
      ) : (
        <Note kind="warn" fact={`${plural(scheduled, 'scheduled text')} will not go out.`}>
          {scheduled === 1 ? 'It is for these guests and is' : 'They are for these guests and are'} cancelled with {what}. {ends}
        </Note>
      )}
    </div>
  )
}

const Titles = ({ events, now, timeZone }: Props) => (
  <ul>
    {events.slice(0, shown).map((event) => (
      <li>
        {event.title}
        {event.date ? `, ${calendarDay(event.date, { now, timeZone })}` : ''}: {plural(event.registrations, 'registration')}
      </li>
    ))}
    {events.length > shown ? <li>and {events.length - shown} more</li> : null}
  </ul>
)
