import type { FormState } from '../../src/web/form'
import { FaultSummary } from '../ui/fault-summary'
import { Fault, Field } from '../ui/field'
import { PageHead } from '../ui/head'
import { Icon } from '../ui/icon'
import { Bubble, templateParts } from '../ui/phone'

type Props = {
  form: FormState
  /** The compose form, as it was left. */
  kept: Record<string, string>
}

/** A text that is being written gets a name; then it goes on where it was. */
export const KeepTemplatePage = ({ form, kept }: Props) => (
  <>
    <PageHead title="Save as a template" lede="Then you go on with your text. Nothing is sent from here." />
    <FaultSummary form={form} before="before it is stored" />
    <form class="card stack narrow" method="post" action="/templates/add">
      <Field form={form} name="name" label="Name" hint="For staff. Whoever gets the text does not see it." autocomplete="off" required />
      <div class="stack stack-s" id="message_body" tabindex={-1}>
        <p class="label">Message</p>
        <Fault form={form} name="message_body" />
        <Bubble text={templateParts(form.values.message_body ?? '')} />
      </div>
      <div class="row">
        <button class="btn btn-go" type="submit">
          Save this template
        </button>
        <button class="btn btn-plain" type="submit" formaction="/dashboard/edit" formnovalidate>
          <Icon name="back" />
          Back to the text
        </button>
      </div>
      <input type="hidden" name="keep" value="1" />
      {Object.entries(kept).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
    </form>
  </>
)
