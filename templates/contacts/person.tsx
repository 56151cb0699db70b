import type { ConsentEvent } from '../../src/consents/consents'
import type { ConsideredRow } from '../../src/contacts/blasts'
import type { Contact } from '../../src/contacts/queries'
import type { ListingPage, ListingState } from '../../src/web/listing'
import type { Role } from '../places'
import { day, formatPhone } from '../ui/format'
import { PageHead } from '../ui/head'
import { Note } from '../ui/note'
import { ConsentRecord } from './consents'
import { Considered } from './considered'
import { FindAPerson, Texts } from './parts'

type Props = {
  contact: Contact
  consents: readonly ConsentEvent[]
  state: ListingState
  blasts: ListingPage<ConsideredRow>
  search: string
  role: Role
  now: number
  timeZone: string
}

export const ContactPage = ({ contact, consents, state, blasts, search, role, now, timeZone }: Props) => {
  const clock = { now, timeZone }
  return (
    <>
      <FindAPerson search={search} />
      <PageHead
        title={contact.name || formatPhone(contact.phone)}
        crumb={{ href: '/contacts', label: 'Find a person' }}
        lede={contact.name ? formatPhone(contact.phone) : 'No name stored'}
        status={<Texts texts={contact.optOut ? 'opted_out' : contact.suppression ? 'suppressed' : 'yes'} pill />}
      />
      <Reach contact={contact} consents={consents} admin={role === 'admin'} clock={clock} />
      <Lists contact={contact} admin={role === 'admin'} clock={clock} />
      <Considered state={state} blasts={blasts} clock={clock} />
      <ConsentRecord consents={consents} clock={clock} admin={role === 'admin'} />
    </>
  )
}

type Clock = { now: number; timeZone: string }
type ReachProps = { contact: Contact; consents: readonly ConsentEvent[]; admin: boolean; clock: Clock }

const on = (at: number, clock: Clock) => {
  const said = day(at, clock)
  return /^[a-z]/.test(said) ? said : `on ${said}`
}

/** Whether a blast would reach them now, and if not what would change that. */
const Reach = ({ contact: { optOut, suppression, member, guestOf }, admin, clock }: ReachProps) => {
  const ownWord = optOut !== null && (optOut.source === 'inbound' || optOut.source === 'message_failure')
  const link = (href: string, label: string) => (
    <a class="btn" href={href}>
      {label}
    </a>
  )
  return (
    <div class="stack-s mb">
      {optOut ? (
        <Note
          kind="warn"
          icon="barred"
          fact={ownWord ? `They replied STOP ${on(optOut.since, clock)}.` : `They opted out ${on(optOut.since, clock)}.`}
          act={!ownWord && admin ? link(`/unsubscribed/${optOut.id}/delete`, 'Text them again') : undefined}
        >
          {ownWord
            ? 'No blast reaches them until they text START to our number. Nobody here can take that back.'
            : `${optOut.reason ? `Why: ${optOut.reason}. ` : ''}No blast reaches them. ${admin ? '' : 'Only an admin can change that, when they ask for it.'}`}
        </Note>
      ) : null}
      {suppression ? (
        <Note
          kind="bad"
          fact={`The number does not work, since ${day(suppression.since, clock)}.`}
          act={admin ? link(`/unsubscribed/suppressed/${suppression.id}/delete`, 'Lift the block') : undefined}
        >
          {suppression.reason}
          {suppression.errorCode === null ? '' : ` (Twilio ${suppression.errorCode})`}. No blast reaches it.
          {admin ? '' : ' An admin can lift the block if the number is right.'}
        </Note>
      ) : null}
      {!optOut && !suppression && !member && guestOf.length === 0 ? (
        <Note kind="info" fact="On no list now.">
          Nothing forbids a text, but no blast is meant for them.
        </Note>
      ) : null}
    </div>
  )
}

const Lists = ({ contact: { member, guestOf }, admin, clock }: { contact: Contact; admin: boolean; clock: Clock }) =>
  member || guestOf.length > 0 ? (
    <section class="card stack-s mb" aria-labelledby="lists">
      <h2 id="lists">On these lists</h2>
      <ul>
        {member ? (
          <li>
            {admin ? <a href={`/community/${member.id}/edit`}>Members</a> : 'Members'}, since {day(member.since, clock)}
          </li>
        ) : null}
        {guestOf.map(({ eventId, title, since }) => (
          <li>
            <a href={`/events/${eventId}`}>{title}</a>, guest since {day(since, clock)}
          </li>
        ))}
      </ul>
    </section>
  ) : null
