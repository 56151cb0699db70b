import type { ContactRow } from '../../src/contacts/queries'
import type { ListingPage, ListingState } from '../../src/web/listing'
import { count, formatPhone, plural } from '../ui/format'
import { PageHead } from '../ui/head'
import { Listing } from '../ui/listing'
import { FindAPerson, Texts } from './parts'

type Props = {
  state: ListingState
  list: ListingPage<ContactRow>
  /** A search answers with no more than so many. */
  most: number
}

export const ContactsPage = ({ state, list, most }: Props) => (
  <>
    <PageHead
      title="Find a person"
      lede="Did Maria get it? Which lists they are on, whether they can be texted, and every text that was meant for them."
    />
    {state.search === '' ? (
      <FindAPerson />
    ) : (
      <>
        <Listing
          state={state}
          page={list}
          caption="People"
          searchLabel="Name or phone"
          rowId={(row) => row.phone.slice(1)}
          columns={[
            {
              key: 'name',
              label: 'Name',
              th: true,
              cell: (row) => <a href={`/contacts?phone=${encodeURIComponent(row.phone)}`}>{row.name || 'No name stored'}</a>,
            },
            { key: 'phone', label: 'Phone', className: 'nowrap', cell: (row) => formatPhone(row.phone) },
            { key: 'lists', label: 'On', className: 'quiet', cell: listsOf },
            { key: 'texts', label: 'Texts', className: 'c-side', cell: (row) => <Texts texts={row.texts} /> },
          ]}
          empty={null}
        />
        {list.total >= most ? (
          <p class="fine mt">These are {count(most)} of them. Type more of the name or number to find the others.</p>
        ) : null}
      </>
    )}
  </>
)

const listsOf = ({ member, guestOf }: ContactRow): string => {
  const lists = [...(member ? ['members'] : []), ...(guestOf > 0 ? [plural(guestOf, 'event')] : [])]
  return lists.length > 0 ? lists.join(', ') : 'no list'
}
