import type { Lock } from '../../src/auth/lockouts'
import type { FormState } from '../../src/web/form'
import { Check, Choices } from '../ui/choice'
import { FaultSummary } from '../ui/fault-summary'
import { Fault, Field } from '../ui/field'
import { dateTime, day } from '../ui/format'
import { PageHead } from '../ui/head'
import { Note } from '../ui/note'
import { roleTitle } from './words'

type Props = {
  user: { id: number; username: string; secondFactorAt: number | null } | null
  /** Nobody sets their own password here. */
  own: boolean
  /** Too many wrong passwords were tried for them. */
  lock: Lock | null
  form: FormState
  /** All rules for a password. */
  hint: string
  now: number
  timeZone: string
}

export const UserFormPage = ({ user, own, lock, form, hint, now, timeZone }: Props) => (
  <>
    <PageHead title={user ? `Edit ${user.username}` : 'Add somebody'} crumb={{ href: '/users', label: 'Staff' }} />
    <FaultSummary form={form} before="before it is stored" />
    {user && lock ? <LockNote user={user} lock={lock} until={dateTime(lock.until, { timeZone, now })} /> : null}
    <form class="card stack narrow" method="post" action={user ? `/users/${user.id}/edit` : '/users/add'}>
      <Field
        form={form}
        name="username"
        label="Username"
        autocomplete="off"
        hint="They sign in with it; capitals do not matter."
        plain
        required
      />
      <Choices
        form={form}
        name="role"
        legend="Role"
        options={[
          { value: 'social_manager', label: roleTitle('social_manager'), hint: 'Writes, sends and stops texts. Runs events.' },
          { value: 'admin', label: roleTitle('admin'), hint: 'All that, and members, opt-outs and staff.' },
        ]}
      />
      <Field
        form={form}
        name="phone"
        label="Phone"
        type="tel"
        inputmode="tel"
        autocomplete="off"
        hint="May stay empty. No blast goes there. We text them when they are locked out, get a new password or use a new browser."
      />
      {own ? <OwnPassword form={form} /> : <Password form={form} isNew={user === null} hint={hint} />}
      <div class="row">
        <button class="btn btn-go" type="submit">
          {user ? 'Store the changes' : 'Add this person'}
        </button>
        <a class="btn btn-plain" href="/users">
          {user ? 'Leave it as it was' : 'Add nobody'}
        </a>
      </div>
    </form>
    {user ? <SecondFactor user={user} own={own} since={user.secondFactorAt && day(user.secondFactorAt, { timeZone, now })} /> : null}
  </>
)

type SecondFactorProps = { user: { id: number; username: string }; own: boolean; since: string | null | 0 }

const SecondFactor = ({ user, own, since }: SecondFactorProps) => (
  <section class="card stack narrow mt">
    <h2>Sign-in code</h2>
    <p>{since ? `On since ${since}: after the password a code is asked for.` : 'Off: the password alone signs in.'}</p>
    {own ? (
      <p>
        <a href="/account/second-factor">Your sign-in code</a> has its own page.
      </p>
    ) : since ? (
      <div class="row">
        <a class="btn" href={`/users/${user.id}/reset-second-factor`}>
          Phone lost? Take it away
        </a>
      </div>
    ) : null}
  </section>
)

const LockNote = ({ user, lock, until }: { user: { id: number; username: string }; lock: Lock; until: string }) => (
  <div class="narrow mb">
    <Note kind="warn" tall fact={`${user.username} is locked out until ${until}.`} act={<Unlock user={user} />}>
      {lock.everywhere
        ? 'Too many wrong passwords. A browser they have signed in with before is still let in.'
        : 'Too many wrong passwords from one place. From elsewhere they can still sign in.'}
    </Note>
  </div>
)

const Unlock = ({ user }: { user: { id: number; username: string } }) => (
  <form method="post" action={`/users/${user.id}/unlock`}>
    <button class="btn" type="submit">
      Let {user.username} try again now
    </button>
  </form>
)

const OwnPassword = ({ form }: { form: FormState }) => (
  <div id="password">
    <Fault form={form} name="password" />
    <p>
      <a href="/account/password">Change your password</a> on its own page.
    </p>
  </div>
)

const Password = ({ form, isNew, hint }: { form: FormState; isNew: boolean; hint: string }) => (
  <>
    <Field
      form={form}
      name="password"
      label={isNew ? 'First password' : 'New password'}
      type="password"
      autocomplete="new-password"
      hint={isNew ? hint : `Empty leaves it as it is. A new one signs them out everywhere. ${hint}`}
      required={isNew}
    />
    <Check
      form={form}
      name="must_change_password"
      label="They choose their own before anything else"
      hint={isNew ? 'You know this one, so they should.' : 'A new password from you always asks for that.'}
    />
  </>
)
