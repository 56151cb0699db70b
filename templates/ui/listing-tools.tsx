import type { Child } from 'hono/jsx'
import type { ListingState } from '../../src/web/listing'
import { count } from './format'
import { Icon } from './icon'
import { listingUrl } from './listing-url'

/** One answer to "show what?". Without a value it shows all; the counts of a row of chips add up. */
export type ListingChip = { label: string; n?: number; name: string; value?: string }

type Props = {
  id: string
  state: ListingState
  /** All that match. */
  total: number
  searchLabel: string
  placeholder?: string
  chips?: readonly ListingChip[]
  /** Further fields of the search form, e.g. two dates; `names` are the filters they stand for. */
  fields?: { names: readonly string[]; children: Child }
}

export const ListingTools = ({ id, state, total, searchLabel, placeholder = 'Name or phone', chips, fields }: Props) => (
  <div class="row mb">
    <form
      class={fields ? 'search search-wide' : 'search'}
      role="search"
      method="get"
      action={state.path}
      hx-get={state.path}
      hx-trigger="input delay:300ms, submit"
      hx-target={`#${id}`}
      hx-select={`#${id}`}
      hx-swap="outerHTML"
      hx-select-oob={`#${id}-found:innerHTML${chips ? `,#${id}-chips` : ''}`}
      hx-replace-url="true"
      hx-sync="this:replace"
    >
      <label class="vh" for={`${id}-search`}>
        {searchLabel}
      </label>
      <input id={`${id}-search`} type="search" name="search" value={state.search} placeholder={placeholder} maxlength={100} />
      {fields?.children}
      <Kept state={state} except={fields?.names ?? []} />
      <button class="btn" type="submit">
        <Icon name="search" />
        Find
      </button>
    </form>
    <p class="vh" role="status" id={`${id}-found`}>
      {count(total)} found
    </p>
    {chips ? <Chips id={`${id}-chips`} state={state} chips={chips} /> : null}
  </div>
)

const Kept = ({ state, except }: { state: ListingState; except: readonly string[] }) => (
  <>
    {Object.entries(state.filters)
      .filter(([name]) => !except.includes(name))
      .map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
    <input type="hidden" name="sort" value={state.sort} />
    <input type="hidden" name="dir" value={state.dir} />
  </>
)

const Chips = ({ id, state, chips }: { id: string; state: ListingState; chips: readonly ListingChip[] }) => (
  <nav class="chips scroll-chips" aria-label="Show" id={id}>
    {chips.map(({ label, n, name, value }) => (
      <a
        class="chip"
        href={listingUrl(state, { filters: { [name]: value } })}
        aria-current={state.filters[name] === value ? 'true' : undefined}
      >
        {label}
        {n === undefined ? null : <b> {count(n)}</b>}
      </a>
    ))}
  </nav>
)
