import type { MemberCounts, MemberRow } from '../../src/members/queries'
import type { ListingPage, ListingState } from '../../src/web/listing'
import type { Role } from '../places'
import { Blank } from '../ui/blank'
import { count, day, formatPhone, plural } from '../ui/format'
import { PageHead } from '../ui/head'
import { Icon } from '../ui/icon'
import { Listing } from '../ui/listing'
import { Menu } from '../ui/menu'
import { ReachStatus } from '../ui/status'

type Props = { state: ListingState; list: ListingPage<MemberRow>; counts: MemberCounts; role: Role; now: number; timeZone: string }

export const MembersPage = ({ state, list, counts, role, now, timeZone }: Props) => {
  const admin = role === 'admin'
  const reachable = counts.all - counts.optedOut - counts.suppressed
  return (
    <>
      <PageHead
        title="Members"
        lede={counts.all > 0 ? `${plural(counts.all, 'person', 'people')}. ${count(reachable)} can be texted.` : undefined}
        acts={admin ? <Acts some={counts.all > 0} /> : undefined}
      />
      <Listing
        state={state}
        page={list}
        caption="Members"
        searchLabel="Find a member"
        rowId={(row) => row.id}
        chips={[
          { label: 'All', n: counts.all, name: 'texts' },
          { label: 'Opted out', n: counts.optedOut, name: 'texts', value: 'opted_out' },
          { label: 'Number does not work', n: counts.suppressed, name: 'texts', value: 'suppressed' },
        ]}
        columns={[
          { key: 'name', label: 'Name', sort: 'name', th: true, cell: (row) => <Name row={row} admin={admin} /> },
          { key: 'phone', label: 'Phone', sort: 'phone', className: 'nowrap', cell: (row) => formatPhone(row.phone) },
          { key: 'texts', label: 'Texts', cell: (row) => <ReachStatus texts={row.texts} /> },
          {
            key: 'added',
            label: 'Added',
            sort: 'created_at',
            firstDir: 'desc',
            className: 'nowrap quiet c-hide',
            cell: (row) => day(row.createdAt, { timeZone, now }),
          },
        ]}
        pick={admin ? { name: 'member_ids', value: (row) => row.id, label: (row) => called(row) } : undefined}
        bulk={admin ? { action: '/community/bulk-delete', children: <BulkDelete /> } : undefined}
        menu={(row) => <RowMenu row={row} admin={admin} />}
        empty={<NobodyYet admin={admin} />}
      />
    </>
  )
}

const called = ({ name, phone }: { name: string; phone: string }) => name || formatPhone(phone)

const Acts = ({ some }: { some: boolean }) => (
  <>
    {some ? (
      <a class="btn" href="/community/export">
        <Icon name="download" />
        Export
      </a>
    ) : null}
    <a class="btn" href="/community/import">
      <Icon name="upload" />
      Import
    </a>
    <a class="btn btn-go" href="/community/add">
      <Icon name="plus" />
      Add a member
    </a>
  </>
)

const BulkDelete = () => (
  <button class="btn" type="submit">
    Delete them
  </button>
)

const Name = ({ row, admin }: { row: MemberRow; admin: boolean }) => {
  const name = row.name || 'No name stored'
  return admin ? <a href={`/community/${row.id}/edit`}>{name}</a> : <span>{name}</span>
}

const RowMenu = ({ row, admin }: { row: MemberRow; admin: boolean }) => (
  <Menu label={`Actions for ${called(row)}`}>
    {admin ? (
      <a href={`/community/${row.id}/edit`}>
        <Icon name="write" />
        Edit
      </a>
    ) : null}
    <a href={`/contacts?phone=${encodeURIComponent(row.phone)}`}>
      <Icon name="search" />
      What they were sent
    </a>
    {row.texts === 'opted_out' ? null : (
      <form method="post" action={`/community/${row.id}/unsubscribe`}>
        <button type="submit">
          <Icon name="barred" />
          Opt out
        </button>
      </form>
    )}
    {admin ? (
      <a class="is-bad" href={`/community/${row.id}/delete`}>
        <Icon name="trash" />
        Delete member
      </a>
    ) : null}
  </Menu>
)

const NobodyYet = ({ admin }: { admin: boolean }) => (
  <Blank
    title="No members yet"
    act={
      admin ? (
        <>
          <a class="btn btn-go" href="/community/import">
            <Icon name="upload" />
            Import a list
          </a>
          <a class="btn" href="/community/add">
            Add one by hand
          </a>
        </>
      ) : undefined
    }
  >
    {admin
      ? 'Members get the texts to everyone. Import a spreadsheet saved as CSV, or add people one by one.'
      : 'Members get the texts to everyone. An admin can import a list.'}
  </Blank>
)
