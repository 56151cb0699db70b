import { describe, expect, test } from 'vitest'
import type { ListingState } from '../../src/web/listing'
import { Listing, type ListingProps, listingUrl } from '../../templates/ui/listing'
import { Menu } from '../../templates/ui/menu'
import { attributes, html } from './markup'

type Person = { id: number; name: string; phone: string }

const state: ListingState = {
  path: '/community',
  search: 'ana & co',
  page: 3,
  pageSize: 2,
  sort: 'name',
  dir: 'asc',
  filters: { status: 'opted_out' },
}
const rows: Person[] = [
  { id: 5, name: '<script>alert(1)</script>', phone: '+13235550142' },
  { id: 6, name: 'Ana', phone: '"><img src=x onerror=alert(1)>' },
]

function list(change: Partial<ListingProps<Person>> = {}): string {
  return html(
    <Listing
      state={state}
      page={{ rows, total: 40 }}
      columns={[
        { key: 'name', label: 'Name', sort: 'name', th: true, cell: (row: Person) => <a href={`/community/${row.id}`}>{row.name}</a> },
        { key: 'phone', label: 'Phone', cell: (row: Person) => row.phone },
        { key: 'created_at', label: 'Added', sort: 'created_at', firstDir: 'desc', cell: () => 'today' },
      ]}
      rowId={(row: Person) => row.id}
      caption="Members"
      searchLabel="Find a member"
      empty={<p>No members yet</p>}
      {...change}
    />,
  )
}

const query = (href: string | undefined): Record<string, string> =>
  Object.fromEntries(new URL((href ?? '').replace(/&amp;/g, '&'), 'http://list').searchParams)

const linkOf = (markup: string, words: string): string | undefined =>
  [...markup.matchAll(/<a[^>]*href="([^"]*)"[^>]*>([^<]*)/g)].find((match) => match[2]?.trim() === words)?.[1]

describe('links keep the state of the list', () => {
  const kept = { search: 'ana & co', status: 'opted_out', sort: 'name', dir: 'asc' }

  test('to another page', () => {
    expect(query(linkOf(list(), 'Next'))).toEqual({ ...kept, page: '4' })
    expect(query(linkOf(list(), 'Back'))).toEqual({ ...kept, page: '2' })
  })

  test('to the first page without saying so', () => {
    expect(query(listingUrl(state, { page: 1 }))).toEqual(kept)
  })

  test('to another order, from its first page', () => {
    expect(query(linkOf(list(), 'Name'))).toEqual({ ...kept, dir: 'desc' })
    expect(query(linkOf(list(), 'Added'))).toEqual({ ...kept, sort: 'created_at', dir: 'desc' })
  })

  test('to another filter, from its first page', () => {
    const markup = list({
      chips: [
        { label: 'All', n: 1281, name: 'status' },
        { label: 'Opted out', n: 31, name: 'status', value: 'opted_out' },
      ],
    })
    expect(query(linkOf(markup, 'All'))).toEqual({ search: 'ana & co', sort: 'name', dir: 'asc' })
    expect(markup).toMatch(/aria-current="true"[^>]*>Opted out/)
  })

  test('unchanged it is the address of this very page', () => {
    expect(query(listingUrl(state))).toEqual({ ...kept, page: '3' })
  })

  test('the search form carries filters and order, not the page', () => {
    const hidden = [...list().matchAll(/<input type="hidden" name="(\w+)" value="(\w+)"/g)].map((match) => [match[1], match[2]])
    expect(Object.fromEntries(hidden)).toEqual({ status: 'opted_out', sort: 'name', dir: 'asc' })
  })
})

test('aria-sort stands at the ordered column alone', () => {
  expect(attributes(list(), 'aria-sort')).toEqual(['ascending'])
  expect(attributes(list({ state: { ...state, sort: 'created_at', dir: 'desc' } }), 'aria-sort')).toEqual(['descending'])
})

test('how many were found is said aloud, also when a script narrows the list', () => {
  const markup = list()
  expect(markup).toContain('role="status" id="list-found">40 found</p>')
  expect(attributes(markup, 'hx-select-oob')).toEqual(['#list-found:innerHTML'])
})

test('what people typed stays text', () => {
  const markup = list()
  expect(markup).not.toContain('<script>')
  expect(markup).not.toContain('<img')
  expect(markup).toContain('&lt;script&gt;')
})

test('pages say which rows these are, and at most seven pages are linked', () => {
  const markup = list({ state: { ...state, page: 10 } })
  expect(markup).toContain('19 to 20 of 40')
  expect([...markup.matchAll(/page=\d+"[^>]*>\d+</g)]).toHaveLength(5)
  expect(linkOf(list({ state: { ...state, page: 20 } }), 'Next')).toBeUndefined()
})

test('one page needs no way to others', () => {
  expect(list({ state: { ...state, page: 1 }, page: { rows, total: 2 } })).not.toContain('class="pages"')
})

test('a page beyond the end leads back to the last', () => {
  const markup = list({ state: { ...state, page: 99 }, page: { rows: [], total: 40 } })
  expect(query(linkOf(markup, 'Go to the last page')).page).toBe('20')
})

test('without any row there is only what to do first', () => {
  const markup = list({ state: { ...state, search: '', filters: {}, page: 1 }, page: { rows: [], total: 0 } })
  expect(markup).toBe('<p>No members yet</p>')
})

test('a search without a match says so and can be cleared', () => {
  const markup = list({ page: { rows: [], total: 0 } })
  expect(markup).toContain('Nothing matches “ana &amp; co”')
  expect(query(linkOf(markup, 'Show all'))).toEqual({ sort: 'name', dir: 'asc' })
  expect(attributes(markup, 'value')).toContain('ana &amp; co')
})

test('picked rows go by GET to the page that asks, and menus stand outside that form', () => {
  const markup = list({
    pick: { name: 'member_ids', value: (row) => (row.id === 6 ? undefined : row.id), label: (row) => row.name },
    bulk: { action: '/community/bulk-delete', children: <button type="submit">Delete members</button> },
    menu: (row) => (
      <Menu label={`Actions for ${row.name}`}>
        <form method="post" action={`/community/${row.id}/delete`}>
          <button type="submit">Delete</button>
        </form>
      </Menu>
    ),
  })
  expect(markup).toContain('<form class="bulk" id="list-bulk" method="get" action="/community/bulk-delete">')
  expect(attributes(markup, 'form')).toEqual(['list-bulk'])
  expect(markup.indexOf('/community/5/delete')).toBeLessThan(markup.indexOf('class="bulk"'))
  expect(nestedForms(markup)).toBe(false)
})

function nestedForms(markup: string): boolean {
  const open = markup.match(/<\/?form/g) ?? []
  return open.some((tag, index) => tag === '<form' && open[index + 1] === '<form')
}
