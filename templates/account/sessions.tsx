import type { OwnSession } from '../../src/account/sessions'
import { dateTime, plural } from '../ui/format'
import { PageHead } from '../ui/head'
import { Icon } from '../ui/icon'
import { ListingRows } from '../ui/listing-rows'
import { Status } from '../ui/status'
import { AccountLinks } from './links'

type Props = {
  sessions: OwnSession[]
  /** Browsers that are remembered, but this one. */
  otherDevices: number
  current: string
  now: number
  timeZone: string
}

const state = { path: '/account/sessions', search: '', page: 1, pageSize: 50, sort: '', dir: 'desc', filters: {} } as const

export const SessionsPage = ({ sessions, otherDevices, current, now, timeZone }: Props) => {
  const others = sessions.filter(({ id }) => id !== current).length
  const time = (at: number) => dateTime(at, { timeZone, now })
  return (
    <>
      <PageHead
        title="Where you are signed in"
        lede={
          others > 0
            ? `Here and in ${plural(others, 'other browser')}. One you do not know? Sign it out, then change your password.`
            : otherDevices > 0
              ? `Here, and nowhere else. We remember ${plural(otherDevices, 'other browser')} from earlier.`
              : 'Here, and nowhere else.'
        }
        acts={
          <>
            <AccountLinks here="/account/sessions" />
            {others > 0 || otherDevices > 0 ? <SignOutOthers /> : null}
          </>
        }
      />
      <ListingRows
        id="sessions"
        state={state}
        rows={sessions}
        rowId={({ id }) => id.slice(0, 12)}
        caption="Browsers you are signed in with"
        columns={[
          { key: 'device', label: 'Browser', th: true, className: 'c-main', cell: ({ device }) => device },
          { key: 'address', label: 'Address', labelled: true, className: 'nowrap', cell: ({ address }) => address || 'not known' },
          { key: 'since', label: 'Signed in', labelled: true, className: 'nowrap', cell: ({ createdAt }) => time(createdAt) },
          { key: 'seen', label: 'Last used', labelled: true, className: 'nowrap', cell: ({ lastSeenAt }) => time(lastSeenAt) },
          {
            key: 'act',
            label: 'Sign out',
            className: 'c-side act',
            cell: (session) => (session.id === current ? <ThisOne /> : <SignOut session={session} />),
          },
        ]}
      />
    </>
  )
}

const SignOutOthers = () => (
  <form method="post" action="/account/sessions/others/revoke">
    <button class="btn btn-go" type="submit">
      <Icon name="leave" />
      Sign out everywhere else
    </button>
  </form>
)

const ThisOne = () => (
  <Status tone="ok" icon="done">
    This one
  </Status>
)

const SignOut = ({ session: { id, device } }: { session: OwnSession }) => (
  <form method="post" action={`/account/sessions/${id}/revoke`}>
    <button class="btn" type="submit">
      Sign out<span class="vh"> {device}</span>
    </button>
  </form>
)
