import type { FormState } from '../../src/web/form'
import { FaultSummary } from '../ui/fault-summary'
import { Field } from '../ui/field'
import { PageHead } from '../ui/head'

export const OptOutFormPage = ({ form }: { form: FormState }) => (
  <>
    <PageHead
      title="Add an opt-out"
      crumb={{ href: '/unsubscribed', label: 'Opt-outs' }}
      lede="For somebody who asked you, not by text. No blast reaches the number from then on."
    />
    <FaultSummary form={form} before="before it is stored" />
    <form class="card stack narrow" method="post" action="/unsubscribed/add">
      <Field
        form={form}
        name="phone"
        label="Phone"
        type="tel"
        inputmode="tel"
        autocomplete="off"
        hint="Any way you write it: (323) 555-0142, 323-555-0142, +13235550142."
        required
      />
      <Field form={form} name="name" label="Name" autocomplete="off" hint="May stay empty: then the member’s or guest’s name is shown." />
      <Field
        form={form}
        name="reason"
        label="Why"
        autocomplete="off"
        maxlength={200}
        hint="How they asked, for whoever wonders later. May stay empty."
      />
      <div class="row">
        <button class="btn btn-go" type="submit">
          Never text this number
        </button>
        <a class="btn btn-plain" href="/unsubscribed">
          Add nobody
        </a>
      </div>
    </form>
  </>
)
