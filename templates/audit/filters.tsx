import type { FormState } from '../../src/web/form'
import type { ListingState } from '../../src/web/listing'
import { Field, type Option, Select } from '../ui/field'
import { Icon } from '../ui/icon'
import { outcomeWords } from './words'

type Props = { state: ListingState; form: FormState; types: readonly Option[]; usernames: readonly string[] }

const outcomes: readonly Option[] = Object.entries(outcomeWords).map(([value, label]) => ({ value, label }))

export const AuditFilters = ({ state, form, types, usernames }: Props) => (
  <form class="filters card mb" role="search" method="get" action={state.path} aria-label="Narrow the log">
    <Select form={form} name="event_type" label="What" options={[{ value: '', label: 'Anything' }, ...types]} />
    <Field form={form} name="username" label="Who" maxlength={100} plain autocomplete="off" extra={{ list: 'usernames' }} />
    <datalist id="usernames">
      {usernames.map((name) => (
        <option value={name} />
      ))}
    </datalist>
    <Select form={form} name="outcome" label="How it ended" options={[{ value: '', label: 'Any way' }, ...outcomes]} />
    <Field form={form} name="date_from" label="First day" type="date" />
    <Field form={form} name="date_to" label="Last day" type="date" />
    <input type="hidden" name="sort" value={state.sort} />
    <input type="hidden" name="dir" value={state.dir} />
    <button class="btn" type="submit">
      <Icon name="search" />
      Show
    </button>
  </form>
)
