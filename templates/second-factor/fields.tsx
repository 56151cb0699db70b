import type { FormState } from '../../src/web/form'
import { Field } from '../ui/field'

/** That it is the user, and that the phone is theirs. */
export const ProofFields = ({ form, hint }: { form: FormState; hint: string }) => (
  <>
    <Field form={form} name="code" label="Code" hint={hint} inputmode="numeric" autocomplete="one-time-code" plain required />
    <Field form={form} name="current_password" label="Current password" type="password" autocomplete="current-password" required />
  </>
)
