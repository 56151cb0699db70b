import type { PhonesPage, Traffic } from '../../src/simulator/phones'
import type { DialChoice } from '../../src/simulator/presets'
import type { FormState } from '../../src/web/form'
import type { ListingState } from '../../src/web/listing'
import { Blank } from '../ui/blank'
import { FaultSummary } from '../ui/fault-summary'
import { formatPhone, plural } from '../ui/format'
import { PageHead } from '../ui/head'
import { Icon } from '../ui/icon'
import { Pages } from '../ui/pages'
import { Dials, TextsSoFar } from './dials'
import { phoneId, SimulatedPhone } from './phone'

export type LivePhones = {
  state: ListingState
  list: PhonesPage
  traffic: Traffic
  /** What a phone wrote and was refused; `phone` is E.164, or empty. */
  answer: { phone: string; form: FormState }
}

type Props = LivePhones & {
  choice: DialChoice
  dials: FormState
  /** Numbers that always do one thing, and what. */
  specials: readonly { phone: string; words: string }[]
}

const untouched: FormState = { values: {}, faults: {} }

export const SimulatorPage = ({ choice, dials, specials, ...live }: Props) => (
  <>
    <PageHead
      title="Pretend phones"
      lede="What your members would see. Answer for them, or make something go wrong, and watch what the app does."
    />
    <FaultSummary form={dials} />
    <FaultSummary form={live.answer.form} ids={{ body: `${phoneId(live.answer.phone)}-body` }} />
    <Dials choice={choice} form={dials} open={choice === 'custom' || Object.keys(dials.faults).some((name) => name !== 'preset')}>
      <TextsSoFar {...live.traffic} />
    </Dials>
    <form class="search mb" role="search" method="get" action="/simulator">
      <label class="vh" for="phones-search">
        Find a phone
      </label>
      <input id="phones-search" type="search" name="search" value={live.state.search} placeholder="Name or phone" maxlength={100} />
      <button class="btn" type="submit">
        <Icon name="search" />
        Find
      </button>
    </form>
    <Phones {...live} />
    <details class="more mt">
      <summary>Numbers that always do one thing</summary>
      <ul role="list" class="fine">
        {specials.map(({ phone, words }) => (
          <li>
            {formatPhone(phone)} · {words}
          </li>
        ))}
      </ul>
    </details>
  </>
)

/** Refreshed while somebody looks: what is on the phones, and how many texts there were. The phones themselves stay where they are. */
export const LivePart = (live: LivePhones) => (
  <>
    <Phones {...live} />
    <TextsSoFar {...live.traffic} />
  </>
)

const Phones = ({ state, list, answer }: LivePhones) => (
  <div
    id="phones"
    hx-get={liveUrl(state, list)}
    hx-trigger="every 4s"
    hx-select="#phones"
    hx-swap="outerMorph"
    hx-select-oob="#texts-so-far"
  >
    {list.phones.length === 0 ? (
      <NoPhones state={state} />
    ) : (
      <ul role="list" class="phones">
        {list.phones.map((phone) => (
          <li id={phoneId(phone.phone)}>
            <SimulatedPhone phone={phone} form={phone.phone === answer.phone ? answer.form : untouched} search={state.search} />
          </li>
        ))}
      </ul>
    )}
    <Pages state={{ ...state, filters: list.asOf > 0 ? { as_of: String(list.asOf) } : {} }} total={list.total} shown={list.phones.length} />
    {list.total === 0 || list.total > state.pageSize ? null : <p class="fine mt">{summary(list)}</p>}
  </div>
)

const summary = ({ total }: PhonesPage): string => `${plural(total, 'phone')}, latest text first`

/** A page with room left takes in new phones as they come. */
function liveUrl(state: ListingState, list: PhonesPage): string {
  const query = new URLSearchParams()
  if (state.search !== '') query.set('search', state.search)
  if (state.page > 1) query.set('page', String(state.page))
  if (list.asOf > 0 && list.phones.length === state.pageSize) query.set('as_of', String(list.asOf))
  return `/simulator/phones?${query}`
}

const NoPhones = ({ state }: { state: ListingState }) =>
  state.search === '' ? (
    <Blank
      title="No phone yet"
      act={
        <a class="btn btn-go" href="/community/add">
          Add a member
        </a>
      }
    >
      Everyone you add gets a pretend phone. Then write a text and see it arrive here.
    </Blank>
  ) : (
    <Blank
      title="Nobody found"
      act={
        <a class="btn" href="/simulator">
          Show all phones
        </a>
      }
    >
      No name and no phone has “{state.search}” in it.
    </Blank>
  )
