import type { FormState } from '../../src/web/form'
import { plural } from './format'
import { Icon } from './icon'

type Props = {
  form: FormState
  /** What comes once they are mended: `2 things to mend before review`. */
  before?: string
  /** Field name → element id, where they differ. `form` is the fault of no field and gets no link. */
  ids?: Record<string, string>
}

/** Above the form, only when something was refused. */
export const FaultSummary = ({ form, before, ids = {} }: Props) => {
  const faults = Object.entries(form.faults)
  if (faults.length === 0) return null
  return (
    <div class="note note-bad note-tall flash" role="alert" aria-labelledby="faults" tabindex={-1} autofocus>
      <Icon name="warning" />
      <div>
        <h2 id="faults">
          {plural(faults.length, 'thing')} to mend{before ? ` ${before}` : ''}
        </h2>
        <ul>
          {faults.map(([name, words]) => (
            <li>{name === 'form' ? words : <a href={`#${ids[name] ?? name}`}>{words}</a>}</li>
          ))}
        </ul>
      </div>
    </div>
  )
}
