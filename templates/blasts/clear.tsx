import type { Clearable } from '../../src/blasts/clear'
import type { FormState } from '../../src/web/form'
import { FaultSummary } from '../ui/fault-summary'
import { Field } from '../ui/field'
import { count, plural } from '../ui/format'
import { PageHead } from '../ui/head'

const crumb = { href: '/logs', label: 'Blasts' }

export const ClearBlastsPage = ({ clearable, form }: { clearable: Clearable; form: FormState }) => {
  if (clearable.blasts === 0) {
    return (
      <>
        <PageHead title="Nothing to clear" crumb={crumb} />
        <p class="card narrow">No blast is finished yet. Those under way are never cleared.</p>
      </>
    )
  }
  const blasts = plural(clearable.blasts, 'finished blast')
  return (
    <>
      <PageHead title={`Clear ${blasts}?`} crumb={crumb} />
      <FaultSummary form={form} before="before anything is deleted" />
      <form class="card stack narrow" method="post" action="/logs/clear">
        <p>
          {blasts} and {clearable.blasts === 1 ? 'its' : 'their'} results for {plural(clearable.people, 'person', 'people')} are deleted for
          good. Members, opt-outs and blocked numbers stay. Blasts under way stay too.
        </p>
        {clearable.undecided > 0 ? (
          <p>
            {plural(clearable.undecided, 'text')} among them may or may not have arrived. Cleared,{' '}
            {clearable.undecided === 1 ? 'it' : 'they'} can no longer be decided.
          </p>
        ) : null}
        <Field form={form} name="admin_password" label="Your password" type="password" autocomplete="current-password" required />
        <div class="row">
          <button class="btn btn-danger" type="submit">
            Delete {count(clearable.blasts)} {clearable.blasts === 1 ? 'blast' : 'blasts'} for good
          </button>
          <a class="btn btn-plain" href="/logs">
            Keep them
          </a>
        </div>
      </form>
    </>
  )
}
