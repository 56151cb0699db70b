import type { FormState } from '../../src/web/form'
import { Door } from '../door'
import { Brand } from '../ui/brand'
import { Check } from '../ui/choice'
import { Field } from '../ui/field'
import { plural } from '../ui/format'
import { Refused } from './refused'
import type { Refusal } from './words'

type Props = {
  form: FormState
  /** Own path to go to afterwards. */
  next?: string
  simulated: boolean
  assetVersion: string
  rememberDays: number
  /** Why nobody is in. */
  refusal?: Refusal
}

export const LoginPage = ({ form, next, simulated, assetVersion, rememberDays, refusal }: Props) => (
  <Door title="Sign in" assetVersion={assetVersion} simulated={simulated}>
    <p>
      <Brand href="/login" />
    </p>
    <div>
      <h1>Sign in</h1>
      <p class="lede">Staff only. To stop our texts, reply STOP to any of them.</p>
    </div>
    <Refused refusal={refusal} />
    <form class="stack" method="post" action="/login">
      <Field form={form} name="username" label="Username" autocomplete="username" plain required />
      <Field form={form} name="password" label="Password" type="password" autocomplete="current-password" required />
      {rememberDays > 0 ? (
        <Check
          form={form}
          name="remember"
          label="Keep me signed in on this device"
          hint={`For ${plural(rememberDays, 'day')}. Not on a shared computer.`}
        />
      ) : null}
      {next ? <input type="hidden" name="next" value={next} /> : null}
      <button class="btn btn-go btn-wide" type="submit">
        Sign in
      </button>
    </form>
    <p class="fine">Forgot it? Ask another admin to set a new password for you. They can't see the old one.</p>
  </Door>
)
