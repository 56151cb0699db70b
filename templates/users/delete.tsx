import type { User } from '../../src/users/users'
import { PageHead } from '../ui/head'
import { roleLabel } from './words'

export const DeleteUserPage = ({ user }: { user: User }) => (
  <>
    <PageHead title={`Delete ${user.username}?`} crumb={{ href: '/users', label: 'Staff' }} />
    <form class="card stack narrow" method="post" action={`/users/${user.id}/delete`}>
      <p>
        {user.username}, {roleLabel(user.role)}, is signed out everywhere at once and cannot sign in any more. Their blasts and what the
        security log says of them stay; a scheduled text of theirs still goes out.
      </p>
      <div class="row">
        <button class="btn btn-danger" type="submit">
          Delete {user.username}
        </button>
        <a class="btn btn-plain" href="/users">
          Keep this person
        </a>
      </div>
    </form>
  </>
)
