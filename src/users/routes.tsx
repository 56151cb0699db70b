import { type Context, Hono } from 'hono'
import { formatPhone } from '../../templates/ui/format'
import { DeleteUserPage } from '../../templates/users/delete'
import { UserFormPage } from '../../templates/users/form'
import { UsersPage } from '../../templates/users/list'
import { ResetSecondFactorPage } from '../../templates/users/reset-second-factor'
import { changesOf, roleLabel } from '../../templates/users/words'
import type { Trail } from '../audit/audit'
import { forgiveTries, lockOf } from '../auth/lockouts'
import { passwordHint } from '../auth/password-policy'
import { roles } from '../db/schema'
import { Conflict } from '../faults'
import { resetFactor } from '../second-factor/second-factor'
import { audit, trail } from '../web/audit'
import { currentUser } from '../web/auth'
import type { AppEnv } from '../web/env'
import { redirectWithFlash } from '../web/flash'
import { type FormState, freshForm, readForm } from '../web/form'
import { readListing } from '../web/listing'
import { page } from '../web/page'
import { idParam } from '../web/params'
import { userForm } from './form'
import { countUsers, listUsers, userSorts } from './queries'
import { addUser, deleteUser, editUser, findUserById, type User, type UserInput } from './users'

export const userRoutes = new Hono<AppEnv>()

userRoutes.get('/', async (c) => {
  const { db, config, now } = c.var.deps
  const state = readListing(c, { sorts: userSorts, filters: { role: roles } })
  const [list, counts] = await Promise.all([listUsers(db, state), countUsers(db)])
  const props = { state, list, counts, ownId: currentUser(c).id, now: now(), timeZone: config.timeZone }
  return page(c, { title: 'Staff', current: 'users' }, <UsersPage {...props} />)
})

userRoutes.get('/add', (c) => userPage(c, null, freshForm({ role: 'social_manager', must_change_password: '1' }), 200))

userRoutes.post('/add', async (c) => {
  const { deps } = c.var
  const form = await readForm(c, userForm({ minLength: deps.config.auth.passwordMinLength, password: 'required' }))
  if (!form.ok) return userPage(c, null, form, 422)
  const input = inputOf(form.value)
  const added = trail(c, 'user_created', `user ${input.username}, ${roleLabel(input.role)}`)
  if ((await addUser(deps, input, added)) === 'taken') return userPage(c, null, taken(form.values), 422)
  const text = input.mustChangePassword
    ? 'Tell them the password in person. They choose their own at the first sign-in.'
    : 'Tell them the password in person.'
  return redirectWithFlash(c, '/users', { kind: 'ok', fact: `${input.username} was added.`, text })
})

userRoutes.get('/:id/edit', idParam, async (c) => {
  const user = await findUserById(c.var.deps, c.req.valid('param').id)
  const values = { username: user.username, role: user.role, phone: formatPhone(user.phone ?? '') }
  return userPage(c, user, freshForm({ ...values, must_change_password: user.mustChangePassword ? '1' : '' }), 200)
})

userRoutes.post('/:id/edit', idParam, async (c) => {
  const { deps } = c.var
  const user = await findUserById(deps, c.req.valid('param').id)
  const own = user.id === currentUser(c).id
  const form = await readForm(c, userForm({ minLength: deps.config.auth.passwordMinLength, password: own ? 'none' : 'optional' }))
  if (!form.ok) return userPage(c, user, form, 422)
  // The form for oneself has no such box, and absent would mean off.
  const input = own ? { ...inputOf(form.value), mustChangePassword: user.mustChangePassword } : inputOf(form.value)
  const result = await editUser(deps, user.id, input, trailOfEdit(c, user, input))
  if (result === 'taken') return userPage(c, user, taken(form.values), 422)
  if (result === 'last_admin') return userPage(c, user, lastAdmin(form.values), 422)
  return edited(c, user, input)
})

userRoutes.post('/:id/unlock', idParam, async (c) => {
  const { deps } = c.var
  const user = await findUserById(deps, c.req.valid('param').id)
  const back = `/users/${user.id}/edit`
  if (!(await lockOf(deps, user.username))) return redirectWithFlash(c, back, { kind: 'info', fact: `${user.username} is not locked out.` })
  await forgiveTries(deps, user.username)
  await audit(c, 'lockout_cleared', `user ${user.username}`)
  const text = 'Was it not them who tried? Set a new password for them.'
  return redirectWithFlash(c, back, { kind: 'ok', fact: `${user.username} can sign in again.`, text })
})

userRoutes.get('/:id/delete', idParam, async (c) => {
  const user = await findUserById(c.var.deps, c.req.valid('param').id)
  if (user.id === currentUser(c).id) throw ownAccount
  return page(c, { title: `Delete ${user.username}`, current: 'users' }, <DeleteUserPage user={user} />)
})

userRoutes.post('/:id/delete', idParam, async (c) => {
  const { deps } = c.var
  const user = await findUserById(deps, c.req.valid('param').id)
  const result = await deleteUser(deps, user.id, currentUser(c), trail(c, 'user_deleted', `user ${user.username}, ${roleLabel(user.role)}`))
  if (result === 'self') throw ownAccount
  if (result === 'last_admin') throw new Conflict(`${user.username} is the only admin left. Make somebody else an admin first.`)
  const text = 'They are signed out and cannot sign in any more.'
  return redirectWithFlash(c, '/users', { kind: 'ok', fact: `${user.username} was deleted.`, text })
})

userRoutes.get('/:id/reset-second-factor', idParam, async (c) => {
  const user = await findUserById(c.var.deps, c.req.valid('param').id)
  if (user.id === currentUser(c).id) throw ownFactor
  if (user.secondFactorAt === null) throw noFactor(user)
  return page(c, { title: 'Take a sign-in code away', current: 'users' }, <ResetSecondFactorPage user={user} />)
})

userRoutes.post('/:id/reset-second-factor', idParam, async (c) => {
  const { deps } = c.var
  const user = await findUserById(deps, c.req.valid('param').id)
  if (user.id === currentUser(c).id) throw ownFactor
  if (!(await resetFactor(deps, user, trail(c, 'second_factor_reset', `user ${user.username}`)))) throw noFactor(user)
  const text = 'They are signed out everywhere. The password alone signs them in; they set up a new code under Sign-in code.'
  return redirectWithFlash(c, `/users/${user.id}/edit`, { kind: 'ok', fact: `${user.username} has no sign-in code any more.`, text })
})

const ownFactor = new Conflict('Your own is turned off under Sign-in code, where you prove that it is you.')
const noFactor = (user: User) => new Conflict(`${user.username} has no sign-in code. There is nothing to take away.`)

const ownAccount = new Conflict('You cannot delete yourself. Another admin can, should it be time to go.')

const inputOf = ({
  must_change_password: mustChangePassword,
  ...rest
}: Omit<UserInput, 'mustChangePassword'> & { must_change_password: boolean }) => ({
  ...rest,
  mustChangePassword,
})

const taken = (values: FormState['values']): FormState => ({
  values,
  faults: { username: 'Somebody has this username already. Choose another one.' },
})

const lastAdmin = (values: FormState['values']): FormState => ({
  values,
  faults: { role: 'One admin has to remain. Make somebody else an admin first.' },
})

function trailOfEdit(c: Context<AppEnv>, before: User, input: UserInput): Trail {
  const changes = changesOf(before, input)
  return [
    ...(input.password === '' ? [] : trail(c, 'admin_password_reset', `user ${input.username}`)),
    ...(changes === '' ? [] : trail(c, 'user_updated', `user ${before.username}: ${changes}`)),
  ]
}

async function edited(c: Context<AppEnv>, before: User, input: UserInput) {
  const reset = input.password !== ''
  // An admin who made themself a social manager does not get to see the list any more.
  const own = before.id === currentUser(c).id
  const path = own && input.role !== 'admin' ? '/dashboard' : '/users'
  if (!reset) return redirectWithFlash(c, path, { kind: 'ok', fact: `${input.username} was changed.` })
  const text = 'They are signed out everywhere and choose their own at the next sign-in.'
  return redirectWithFlash(c, path, { kind: 'ok', fact: `${input.username} has a new password.`, text })
}

async function userPage(c: Context<AppEnv>, user: User | null, form: FormState, status: 200 | 422) {
  const { deps } = c.var
  const lock = user && (await lockOf(deps, user.username))
  const hint = passwordHint({ minLength: deps.config.auth.passwordMinLength, username: '' })
  const props = { user, lock, now: deps.now(), timeZone: deps.config.timeZone, form, hint, own: user?.id === currentUser(c).id }
  return page(c, { title: user ? 'Edit user' : 'Add somebody', current: 'users', status }, <UserFormPage {...props} />)
}
