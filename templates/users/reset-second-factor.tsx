import type { User } from '../../src/users/users'
import { PageHead } from '../ui/head'

export const ResetSecondFactorPage = ({ user }: { user: User }) => (
  <>
    <PageHead
      title={`Take the sign-in code of ${user.username} away?`}
      crumb={{ href: `/users/${user.id}/edit`, label: `Edit ${user.username}` }}
    />
    <form class="card stack narrow" method="post" action={`/users/${user.id}/reset-second-factor`}>
      <p>
        For a lost phone. {user.username} is signed out everywhere, the recovery codes are gone, and the password alone signs them in until
        they set up a new code. Make sure that it is really them who ask.
      </p>
      <div class="row">
        <button class="btn btn-danger" type="submit">
          Take it away
        </button>
        <a class="btn btn-plain" href={`/users/${user.id}/edit`}>
          Leave it on
        </a>
      </div>
    </form>
  </>
)
