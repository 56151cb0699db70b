import type { UserCounts } from '../../src/users/queries'
import type { User } from '../../src/users/users'
import type { ListingPage, ListingState } from '../../src/web/listing'
import { day, formatPhone, plural } from '../ui/format'
import { PageHead } from '../ui/head'
import { Icon } from '../ui/icon'
import { Listing } from '../ui/listing'
import { Menu } from '../ui/menu'
import { Status } from '../ui/status'
import { roleTitle } from './words'

type Props = { state: ListingState; list: ListingPage<User>; counts: UserCounts; ownId: number; now: number; timeZone: string }

export const UsersPage = ({ state, list, counts, ownId, now, timeZone }: Props) => {
  const all = counts.admin + counts.social_manager
  return (
    <>
      <PageHead title="Staff" lede={`${plural(all, 'person', 'people')} can sign in.`} acts={<Add />} />
      <Listing
        state={state}
        page={list}
        caption="Staff"
        searchLabel="Find somebody"
        placeholder="Username or phone"
        rowId={(user) => user.id}
        chips={[
          { label: 'All', n: all, name: 'role' },
          { label: 'Admins', n: counts.admin, name: 'role', value: 'admin' },
          { label: 'Social managers', n: counts.social_manager, name: 'role', value: 'social_manager' },
        ]}
        columns={[
          { key: 'username', label: 'Username', sort: 'username', th: true, cell: (user) => <Name user={user} own={user.id === ownId} /> },
          { key: 'role', label: 'Role', sort: 'role', className: 'nowrap', cell: (user) => roleTitle(user.role) },
          { key: 'phone', label: 'Phone', className: 'nowrap', cell: (user) => (user.phone ? formatPhone(user.phone) : null) },
          { key: 'password', label: 'Password', cell: (user) => <Password user={user} /> },
          {
            key: 'second-factor',
            label: 'Sign-in code',
            labelled: true,
            className: 'nowrap',
            cell: (user) => <SecondFactor user={user} />,
          },
          {
            key: 'added',
            label: 'Added',
            sort: 'created_at',
            firstDir: 'desc',
            className: 'nowrap quiet c-hide',
            cell: (user) => day(user.createdAt, { timeZone, now }),
          },
        ]}
        menu={(user) => <RowMenu user={user} own={user.id === ownId} />}
        empty={null}
      />
    </>
  )
}

const Add = () => (
  <a class="btn btn-go" href="/users/add">
    <Icon name="plus" />
    Add somebody
  </a>
)

const Name = ({ user, own }: { user: User; own: boolean }) => (
  <a href={`/users/${user.id}/edit`}>
    {user.username}
    {own ? ' (you)' : ''}
  </a>
)

const Password = ({ user }: { user: User }) =>
  user.mustChangePassword ? (
    <Status tone="warn" icon="key">
      Has to choose a new one
    </Status>
  ) : (
    <span class="quiet">In use</span>
  )

const SecondFactor = ({ user }: { user: User }) =>
  user.secondFactorAt === null ? (
    <span class="quiet">Off</span>
  ) : (
    <Status tone="ok" icon="done">
      On
    </Status>
  )

const RowMenu = ({ user, own }: { user: User; own: boolean }) => (
  <Menu label={`Actions for ${user.username}`}>
    <a href={`/users/${user.id}/edit`}>
      <Icon name="write" />
      Edit
    </a>
    {own ? (
      <a href="/account/password">
        <Icon name="key" />
        Change your password
      </a>
    ) : (
      <a class="is-bad" href={`/users/${user.id}/delete`}>
        <Icon name="trash" />
        Delete
      </a>
    )}
  </Menu>
)
