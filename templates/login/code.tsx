import type { FormState } from '../../src/web/form'
import { Door } from '../door'
import { Brand } from '../ui/brand'
import { Field } from '../ui/field'
import { Refused } from './refused'
import type { Refusal } from './words'

type Props = { form: FormState; simulated: boolean; assetVersion: string; refusal?: Refusal }

export const CodePage = ({ form, simulated, assetVersion, refusal }: Props) => (
  <Door title="Sign-in code" assetVersion={assetVersion} simulated={simulated}>
    <p>
      <Brand href="/login" />
    </p>
    <div>
      <h1>Now your code</h1>
      <p class="lede">Your password is right. Open the authenticator app on your phone.</p>
    </div>
    <Refused refusal={refusal} />
    <form class="stack" method="post" action="/login/code">
      <Field
        form={form}
        name="code"
        label="Code"
        hint="The six digits it shows now. No phone at hand? Type one of your recovery codes."
        inputmode="numeric"
        autocomplete="one-time-code"
        plain
        required
        extra={{ autofocus: 'autofocus' }}
      />
      <button class="btn btn-go btn-wide" type="submit">
        Sign in
      </button>
    </form>
    <p class="fine">
      Neither phone nor recovery codes? Another admin can take your sign-in code away. <a href="/login">Start again</a>
    </p>
  </Door>
)
