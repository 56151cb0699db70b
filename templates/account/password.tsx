import type { FormState } from '../../src/web/form'
import { FaultSummary } from '../ui/fault-summary'
import { Field } from '../ui/field'
import { PageHead } from '../ui/head'
import { Note } from '../ui/note'
import { AccountLinks } from './links'

type Props = {
  form: FormState
  username: string
  /** Every other page is shut until they have. */
  mustChange: boolean
  /** All rules for a new one. */
  hint: string
}

export const PasswordPage = ({ form, username, mustChange, hint }: Props) => (
  <>
    <PageHead
      title="Change your password"
      lede="It signs you out everywhere, here too. Then you sign in with the new one."
      acts={mustChange ? undefined : <AccountLinks here="/account/password" />}
    />
    <FaultSummary form={form} before="before it is changed" />
    <div class="stack narrow">
      {mustChange ? (
        <Note kind="warn" fact="Choose a new password first.">
          An admin asked for it. Everything else opens once it is changed.
        </Note>
      ) : null}
      <form class="card stack" method="post" action="/account/password">
        <Field form={form} name="current_password" label="Current password" type="password" autocomplete="current-password" required />
        {/* Tells a password manager whose password it is to store. */}
        <input type="text" name="username" value={username} autocomplete="username" hidden readonly />
        <Field form={form} name="new_password" label="New password" type="password" autocomplete="new-password" hint={hint} required />
        <Field form={form} name="confirm_password" label="New password again" type="password" autocomplete="new-password" required />
        <button class="btn btn-go" type="submit">
          Change my password
        </button>
      </form>
    </div>
  </>
)
