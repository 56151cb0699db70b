import type { Child } from 'hono/jsx'
import type { ConsentEvent } from '../../src/consents/consents'
import { dateTime } from '../ui/format'

type Clock = { now: number; timeZone: string }

type Props = { consents: readonly ConsentEvent[]; clock: Clock; admin: boolean }

/** What happened to their consent, newest first. */
export const ConsentRecord = ({ consents, clock, admin }: Props) => (
  <section class="mt-l" aria-labelledby="consents">
    <div class="card-head">
      <h2 id="consents">Consent record</h2>
      <p class="fine">Kept when the person is deleted</p>
    </div>
    {consents.length === 0 ? (
      <p class="card quiet">Nothing is recorded: they were here before the record began.</p>
    ) : (
      <div class="table-wrap">
        <table class="table cards" role="table" aria-labelledby="consents">
          <thead>
            <tr role="row">
              {['What', 'When', 'How', 'Why'].map((label) => (
                <th scope="col" role="columnheader">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {consents.map((event) => (
              <tr role="row">
                <th scope="row" role="rowheader" class="c-main">
                  {what(event)}
                </th>
                <td role="cell" class="nowrap quiet c-side">
                  {dateTime(event.at, clock)}
                </td>
                <td role="cell">
                  {how(event, admin)}
                  {event.by ? `, ${event.by}` : ''}
                </td>
                <td role="cell" class="quiet">
                  {event.detail}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    )}
  </section>
)

const list = ({ eventId, eventTitle }: ConsentEvent): string => {
  if (eventId === null) return 'members'
  return eventTitle ? `${eventTitle} guests` : 'an event that was deleted'
}

function what(event: ConsentEvent): string {
  switch (event.kind) {
    case 'added':
      return `Added to ${list(event)}`
    case 'removed':
      return `Taken off ${list(event)}`
    case 'opted_out':
      return 'Opted out'
    case 'opted_in':
      return 'May be texted again'
    case 'suppressed':
      return 'Blocked: number does not work'
    case 'lifted':
      return 'Block lifted'
  }
}

/** An import of opt-outs is an admin's to look at. */
function how({ kind, how: way, logId, importId }: ConsentEvent, admin: boolean): Child {
  const open = admin || kind === 'added' || kind === 'removed'
  const named = open ? <a href={`/imports/${importId}`}>Import {importId}</a> : `Import ${importId}`
  const imported = importId === null ? 'an import' : named
  switch (way) {
    case 'keyword':
      return 'Their own text'
    case 'form':
      return 'By hand'
    case 'import':
      return imported
    case 'import_undone':
      return <>Undone: {imported}</>
    case 'provider':
      return logId === null ? (
        'Twilio’s answer'
      ) : (
        <>
          Twilio’s answer to <a href={`/logs/${logId}`}>Blast {logId}</a>
        </>
      )
  }
}
